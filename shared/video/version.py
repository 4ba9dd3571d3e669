"""A finished video of a recording as the record keeps it: every generation that ended well leaves one.

Touches nothing; seconds, USD, times in ISO 8601. Entries are small: a record may hold MOST of them.
"""

from __future__ import annotations

from shared.video.public_record import Part, Time

# Finished videos of one recording; with the longest of everything they take a fifth of what an item may have.
MOST = 40
# Characters of a description that a version is known by; the state machine cuts it.
PROMPT_LIMIT = 200


class PublicVersion(Part):
    """A finished video: when and how it was made, its length in seconds, and what its generation cost in USD."""

    generation_id: str
    finished_at: Time = ""
    seconds: float = 0
    style: str = ""
    target_duration: float = 0
    aspect_ratio: str = ""
    captions: str = ""
    model: str = ""
    prompt: str = ""
    cost_usd: float = 0


class Version(PublicVersion):
    """A finished video and the s3:// URLs of its files."""

    final_video_url: str = ""
    captions_srt_url: str = ""
    captions_vtt_url: str = ""
    poster_url: str = ""
