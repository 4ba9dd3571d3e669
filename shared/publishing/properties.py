"""What the OpenAPI document says of the words to post a video with: a sentence and an example, by the property's name.

Pure data; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PUBLISHING_PROPERTIES: Mapping[str, tuple[str, Any]] = {
    "publish": ("The words that the video is posted with.", None),
    "ChangePublish.title": ("A title; absent for the one that there is.", "Why bread waits"),
    "PublishShown.title": ("The title; empty for none.", "Why bread waits"),
    "hook": ("One line that makes somebody want to hear it; empty for none.", "The oven broke on the first night."),
    "ChangePublish.description": ("What is said below the video.", "A baker tells how her bakery began."),
    "PublishShown.description": ("What is said below the video.", "A baker tells how her bakery began."),
    "hashtags": ("Hashtags without their sign, the most important first.", ["bread", "bakery"]),
    "cover": ("The picture that stands for the video: one of its frames, perhaps with a title.", None),
    "ChangeCover.at": ("The second of the film whose frame it is, without captions; absent as it was.", 3.2),
    "ChangeCover.scene": ("The scene whose middle frame it is; an empty text leaves the frame to the video.", "s2"),
    "ChangeCover.text": ("The title in it, in the captions' look; empty for none.", "Why bread waits"),
    "CoverShown.at": ("The second of the film whose frame it is; absent where none was chosen.", 3.2),
    "CoverShown.document": ("What is drawn over it, as an ASS document; empty for nothing.", ""),
    "CoverShown.text": ("The title in it; empty for none.", "Why bread waits"),
    "publicLink": (
        "The path of a page, below the API's own address, that plays the video for whoever has it.",
        "/ai-video/shared/5f0c1d2e3f4a5b6c.q83vEjRWeJASNFZ4kBI0VniQEjRWeJAS",
    ),
    "public_link": (
        "The path of the video's public link, below the API's own address; absent where it has none.",
        "/ai-video/shared/5f0c1d2e3f4a5b6c.q83vEjRWeJASNFZ4kBI0VniQEjRWeJAS",
    ),
    "public_link_revision": ("Of which revision of the plan the video is that the link shows; 0 when unknown.", 2),
    "LinkShown.revision": ("Of which revision of the plan the video is that it shows; 0 when unknown.", 2),
    "posts": ("The words as each platform takes them, within its limits.", None),
    "PostShown.platform": ("Where it is posted.", "youtube"),
    "PostShown.title": ("The title; empty where the platform has none.", "Why bread waits"),
    "PostShown.text": ("The text with its hashtags.", "A baker tells how her bakery began.\n\n#bread #bakery"),
}
