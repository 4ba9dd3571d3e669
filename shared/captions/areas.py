"""Where captions may stand in a frame: clear of its edges, and of what an app draws over the videos that it plays.

Pure functions, touches nothing; margins are shares of the frame's width or height. The apps' margins are in pixels of a
screen of 1080 x 1920:

- TikTok publishes pictures of its safe zone (https://ads.tiktok.com/help/article/tiktok-auction-in-feed-ads) and no
  figures: these are those of an overlay that others made of them, rounded outwards.
- Reels: 14 % above, 35 % below and 6 % at the sides by Meta's guide for advertisements, as told in
  https://shotstack.io/learn/vertical-video-safe-zones/; the column of buttons to the right is as wide as it
  was measured for https://www.remotion.dev/elements/overlays/social-safe-zones/.
- Shorts: as the same page of Shotstack tells of Google's guide for upright advertisements.

An advertisement has more drawn over it than a video that is posted; what is clear of the one is clear of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.choices.captions import CaptionStyle
from shared.choices.words import CaptionPlatform, CaptionPosition

Size = tuple[int, int]
_SCREEN = (1080, 1920)
# How ASS calls the places of a text: the middle of the lower edge, of the frame, and of the upper edge.
_ALIGNMENTS: Mapping[CaptionPosition, int] = {"bottom": 2, "middle": 5, "top": 8}


@dataclass(frozen=True)
class Margins:
    """What is kept clear, as shares of the height and of the width."""

    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True)
class CaptionPlace:
    """Where a caption stands: ASS's margins (the side as a share, the other in pixels), and the point if it has one."""

    alignment: int
    side: float
    vertical: int
    point: tuple[int, int] | None


# Letters are measured roughly, and have outlines: as much of the width is left free besides what an app covers.
_SLACK = 0.03
EDGES = Margins(top=0.12, right=0.12, bottom=0.20, left=0.12)


def _margins(top: int, right: int, bottom: int, left: int) -> Margins:
    width, height = _SCREEN
    return Margins(top / height, right / width, bottom / height, left / width)


COVERED: Mapping[CaptionPlatform, Margins] = {
    "none": Margins(0, 0, 0, 0),
    "tiktok": _margins(250, 160, 405, 60),
    "reels": _margins(269, 180, 672, 65),
    "shorts": _margins(288, 192, 672, 48),
}


def cover_of(size: Size, platform: CaptionPlatform) -> Margins:
    """Return what the app covers of a frame of `size` pixels: a frame less high than the screen has bars about it."""
    screen = COVERED[platform]
    width, height = size
    share = min(1.0, height / width * _SCREEN[0] / _SCREEN[1])
    bar = (1 - share) / 2
    top, bottom = (max(0.0, (part - bar) / share) for part in (screen.top, screen.bottom))
    return Margins(top, screen.right, bottom, screen.left)


def place(size: Size, style: CaptionStyle) -> CaptionPlace:
    """Return where captions of a style stand: in the frame's middle line, so that both sides have the wider margin."""
    width, height = size
    cover = cover_of(size, style.platform)
    top = max(EDGES.top, cover.top)
    bottom = max(EDGES.bottom, cover.bottom)
    middle = (top + 1 - bottom) / 2 if style.platform != "none" else 0.5
    return CaptionPlace(
        alignment=_ALIGNMENTS[style.position],
        side=max(EDGES.left, EDGES.right, cover.left + _SLACK, cover.right + _SLACK),
        vertical=round(height * (top if style.position == "top" else bottom)),
        point=(round(width / 2), round(height * middle)) if style.position == "middle" else None,
    )
