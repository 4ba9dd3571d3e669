"""What each platform takes of the words that a video is posted with, and those words as one text within its limits.

Pure data and functions; touches nothing. Each limit names its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.publishing.words import PostWords, shorten

Platform = Literal["youtube", "instagram", "tiktok", "x", "linkedin"]
# A character of X's is one of these scripts' signs, or two of any other's: developer.x.com, "Counting characters".
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


@dataclass(frozen=True)
class PlatformLimits:
    """The most characters of a title (0: there is none) and of the text with its hashtags, and the most hashtags."""

    title: int
    text: int
    hashtags: int
    counts_double: bool = False


# Read 2026-11-27. YouTube: countcharacters.net, and more than 15 hashtags are all ignored: therelevent.com, after
# support.google.com/youtube/answer/6390658. Instagram: five hashtags since 2025-12-19 (socialsamosa.com, after
# Instagram itself), 2,200 characters. TikTok: 2,200 characters (docs.zernio.com); three to five hashtags are advised
# (metaflow.life), and no more are given it. X: 280 (countcharacters.net); one or two hashtags (metaflow.life).
# LinkedIn: 3,000 (countcharacters.net); three to five hashtags (metaflow.life).
LIMITS: dict[Platform, PlatformLimits] = {
    "youtube": PlatformLimits(title=100, text=5_000, hashtags=15),
    "instagram": PlatformLimits(title=0, text=2_200, hashtags=5),
    "tiktok": PlatformLimits(title=0, text=2_200, hashtags=5),
    "x": PlatformLimits(title=0, text=280, hashtags=2, counts_double=True),
    "linkedin": PlatformLimits(title=0, text=3_000, hashtags=5),
}


@dataclass(frozen=True)
class Post:
    """What is pasted into a platform's fields: its title, "" where there is none, and the text below the video."""

    platform: Platform
    title: str
    text: str


def posts(words: PostWords) -> list[Post]:
    """Return the words as each platform takes them; none while there are none."""
    return [_post(words, platform, limits) for platform, limits in LIMITS.items()] if words != PostWords() else []


def _post(words: PostWords, platform: Platform, limits: PlatformLimits) -> Post:
    tags = " ".join(f"#{tag}" for tag in words.hashtags[: limits.hashtags])
    # Where there is no title, the hook is what is read before "more".
    lead = "" if limits.title else words.hook
    body = "\n\n".join(filter(None, (lead, words.description)))
    room = limits.text - _weight(tags, limits) - (2 if tags else 0)
    text = "\n\n".join(filter(None, (_fit(body, room, limits), tags)))
    return Post(platform, shorten(words.title, limits.title) if limits.title else "", text)


def _fit(text: str, room: int, limits: PlatformLimits) -> str:
    """Return the text within so many of the platform's characters."""
    limit = room
    body = shorten(text, limit) if room > 0 else ""
    while body and _weight(body, limits) > room:
        # A sign less may be two characters less.
        limit -= (_weight(body, limits) - room + 1) // 2
        body = shorten(text, limit) if limit > 0 else ""
    return body


def _weight(text: str, limits: PlatformLimits) -> int:
    """Return how many characters of the platform's the text is."""
    if not limits.counts_double:
        return len(text)
    return sum(1 if any(first <= ord(sign) <= last for first, last in _LIGHT) else 2 for sign in text)
