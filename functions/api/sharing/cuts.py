"""Which cut of a finished video a public link shows: the one that was shared, until its owner shares a later one.

Touches the bucket: the object that opens the link says what it opens to.
"""

from __future__ import annotations

import json

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.errors import RecordingUnreadable
from shared.video.version import Version


def pin(bucket: Bucket, video_id: str, version: Version, secret: str) -> None:
    """Have the link with the secret show the finished video as it is now, whatever is made of its generation later."""
    key = media_keys.public_link(video_id, version.generation_id, secret)
    bucket.write_text(key, version.model_dump_json())


def cut_of(bucket: Bucket, video_id: str, version: Version, secret: str) -> Version | None:
    """Return the finished video as the link with the secret shows it; None when it is taken back at this moment."""
    key = media_keys.public_link(video_id, version.generation_id, secret)
    try:
        content = json.loads(bucket.read_text(key))
    except RecordingUnreadable:
        return None
    # One that was made before links were of one cut says nothing.
    return Version.model_validate(content) if content else version
