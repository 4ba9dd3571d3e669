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
    "posts": ("The words as each platform takes them, within its limits.", None),
    "PostShown.platform": ("Where it is posted.", "youtube"),
    "PostShown.title": ("The title; empty where the platform has none.", "Why bread waits"),
    "PostShown.text": ("The text with its hashtags.", "A baker tells how her bakery began.\n\n#bread #bakery"),
}
