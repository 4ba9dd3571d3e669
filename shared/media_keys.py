"""The layout of the bucket: every S3 key is made here and nowhere else.

Pure functions from ids to keys; touches nothing.
"""

from __future__ import annotations

import re
import unicodedata

UPLOADS = "uploads"
TEMPORARY = "ai-temp"
RESULTS = "ai-generated"
# How long intermediate files are kept, and so how long a generation can be resumed.
TEMPORARY_DAYS = 7
SOUND = "sound.flac"
TRANSCRIPT = "transcript.json"
DELIVERY_PREFIX = "delivered-"
DRAWN_PREFIX = "drawn-"
STILLS = "stills"
# How many characters of a digest tell the files of a scene apart.
_TOLD_APART = 24
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def upload(user_id: str, video_id: str, filename: str) -> str:
    """Return the key of a recording; the file name is reduced to safe characters and cannot steer the key."""
    plain = unicodedata.normalize("NFKD", filename.replace("\\", "/").rsplit("/", 1)[-1])
    safe = _UNSAFE.sub("-", plain.encode("ascii", "ignore").decode()).strip("-.")[-100:]
    return f"{UPLOADS}/{user_id}/{video_id}/{safe or 'recording'}"


def recording_copy(upload_key: str, etag: str) -> str:
    """Return the key of the copy that is made of an upload as it was when its ETag was `etag`.

    It lies beside the upload, so that whatever deletes a video deletes it too; the upload's form names one key only.
    """
    return f"{upload_key.rpartition('/')[0]}/copies/{_UNSAFE.sub('', etag)}"


def transcript(video_id: str, generation_id: str) -> str:
    """Return the key of Amazon Transcribe's raw result."""
    return f"{_work(video_id, generation_id)}/{TRANSCRIPT}"


def sound(video_id: str, generation_id: str) -> str:
    """Return the key of the recording's sound in one plain form, which every later stage reads instead of it."""
    return f"{_work(video_id, generation_id)}/{SOUND}"


def plan(video_id: str, generation_id: str) -> str:
    """Return the key of the full plan with its words and timings."""
    return f"{_work(video_id, generation_id)}/plan.json"


def source_clip(video_id: str, generation_id: str, sequence: int) -> str:
    """Return the key of a scene's clip as the video model made it."""
    return f"{_work(video_id, generation_id)}/scenes/{sequence:02d}/source.mp4"


def delivered_clip(video_id: str, generation_id: str, sequence: int, claim: str) -> str:
    """Return the key of a clip that came with the answer to the order of `claim`, until it is a scene's."""
    return f"{_work(video_id, generation_id)}/scenes/{sequence:02d}/{DELIVERY_PREFIX}{claim}.mp4"


def drawn_clip(video_id: str, generation_id: str, sequence: int, digest: str) -> str:
    """Return the key of a scene's clip that was drawn, or made of a still; `digest` is that of all that it shows."""
    return f"{_work(video_id, generation_id)}/scenes/{sequence:02d}/{DRAWN_PREFIX}{digest[:_TOLD_APART]}.mp4"


def still(video_id: str, generation_id: str, sequence: int, digest: str) -> str:
    """Return the key of a scene's picture, which was paid for; `digest` is that of the request for it."""
    return f"{RESULTS}/{video_id}/{generation_id}/{STILLS}/{sequence:02d}-{digest[:_TOLD_APART]}"


def rendered_clip(video_id: str, generation_id: str, sequence: int) -> str:
    """Return the key of a scene cut to its exact frames with captions burnt in."""
    return f"{_work(video_id, generation_id)}/scenes/{sequence:02d}/rendered.mp4"


def result(video_id: str, generation_id: str, name: str) -> str:
    """Return the key of a finished file: final_video.mp4, captions.srt, captions.vtt or poster.jpg."""
    return f"{RESULTS}/{video_id}/{generation_id}/{name}"


def of_generation(video_id: str, generation_id: str) -> tuple[str, ...]:
    """Return the prefixes below which every object of one generation lies."""
    return f"{_work(video_id, generation_id)}/", f"{RESULTS}/{video_id}/{generation_id}/"


def everything(user_id: str, video_id: str) -> tuple[str, ...]:
    """Return the prefixes below which every object of a video lies."""
    return f"{UPLOADS}/{user_id}/{video_id}/", f"{TEMPORARY}/{video_id}/", f"{RESULTS}/{video_id}/"


def _work(video_id: str, generation_id: str) -> str:
    return f"{TEMPORARY}/{video_id}/{generation_id}"
