"""A finished video of a recording as the record keeps it: every generation that ended well leaves one.

Touches nothing; seconds, USD, times in ISO 8601. Entries are small: a record may hold MOST of them.
"""

from __future__ import annotations

from pydantic import Field

from shared.video.public_record import Part, Time

# Finished videos of one recording; with the longest of everything they take a fifth of what an item may have.
MOST = 20
# Characters of a description that a version is known by; the state machine cuts it.
PROMPT_LIMIT = 200
# What is kept of how a video differs from what was asked for: the first sentences, and the characters of each.
NOTE_LIMIT = 5
NOTE_LENGTH = 120


class PublicVersion(Part):
    """A finished video: when and how it was made, its length in seconds, and what its generation cost in USD.

    `degraded` are the first sentences of how it differs from what was asked for, `revision` is that of the plan that it
    was made of; 0 when that is unknown.
    """

    generation_id: str
    revision: int = 0
    finished_at: Time = ""
    seconds: float = 0
    style: str = ""
    target_duration: float = 0
    aspect_ratio: str = ""
    captions: str = ""
    model: str = ""
    prompt: str = ""
    cost_usd: float = 0
    degraded: list[str] = Field(default=[])


class Version(PublicVersion):
    """A finished video and the s3:// URLs of its files."""

    final_video_url: str = ""
    captions_srt_url: str = ""
    captions_vtt_url: str = ""
    poster_url: str = ""
