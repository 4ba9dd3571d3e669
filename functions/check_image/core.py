"""What an upload is by its first bytes, and how large an own picture or clip may be.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

from shared.errors import UnsupportedMedia
from shared.film.picture_choices import OwnKind
from shared.video.own_image import LONGEST_OWN_CLIP

Format = Literal["JPEG", "PNG", "WEBP", "HEIF", "clip"]
# How many first bytes tell the format.
HEAD = 64
# The most that is decoded: phones make pictures of 50 million pixels.
MOST_PIXELS = 64_000_000
SHORTEST_SIDE = 16
# In pixels: the longer side of a picture and of a clip as they are stored, and of what a list shows.
PICTURE_SIDE = 3840
CLIP_SIDE = 1920
PREVIEW_SIDE = 320
LOGO_SIDE = 512
# Seconds: less than a quarter is no clip, and a header may round up.
SHORTEST_OWN_CLIP = 0.25
ROUNDING = 0.5
ACCEPTED = "jpg, png, webp or heic pictures, and mp4 or mov clips of up to 60 s"

# The brands of ISO 14496-12 files that hold pictures: HEIC as phones write it (ISO 23008-12, annex B).
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
# What QuickTime files without `ftyp` begin with.
_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def format_of(head: bytes) -> Format:
    """Return the format of a file that begins so; raise UnsupportedMedia for any but the accepted ones."""
    if not head:
        raise UnsupportedMedia("The file is empty.")
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    box = head[4:8]
    brands = [head[place : place + 4] for place in (8, *range(16, len(head) - 3, 4))]
    if box == b"ftyp" and brands[0] not in _AVIF_BRANDS:
        return "HEIF" if brands[0] in _HEIF_BRANDS else "clip"
    if box in _QUICKTIME:
        return "clip"
    raise UnsupportedMedia(f"The file is none of {ACCEPTED}.")


def require_size(width: int, height: int) -> None:
    """Raise UnsupportedMedia when a picture of so many pixels is too large to be decoded, or too small to be seen."""
    if width * height > MOST_PIXELS:
        raise UnsupportedMedia(
            f"The picture has {width} x {height} pixels; {MOST_PIXELS // 1_000_000} million are the most."
        )
    if min(width, height) < SHORTEST_SIDE:
        raise UnsupportedMedia(f"The picture has {width} x {height} pixels; {SHORTEST_SIDE} are the least for a side.")


def require_short(seconds: float) -> None:
    """Raise UnsupportedMedia when a clip lasts too long."""
    if seconds > LONGEST_OWN_CLIP + ROUNDING:
        raise UnsupportedMedia(f"The clip lasts {seconds:.0f} s; {LONGEST_OWN_CLIP} s are the most.")


def require_whole(seconds: float, stated_seconds: float) -> None:
    """Raise UnsupportedMedia when a clip holds next to nothing, less than its header states, or more than may be.

    Both are in seconds.
    """
    if seconds > LONGEST_OWN_CLIP + ROUNDING:
        raise UnsupportedMedia(f"The clip lasts longer than its header states; {LONGEST_OWN_CLIP} s are the most.")
    if seconds < SHORTEST_OWN_CLIP:
        raise UnsupportedMedia("The file has no moving picture that can be decoded.")
    if seconds < stated_seconds * 0.9 - ROUNDING:
        raise UnsupportedMedia(
            f"The clip breaks off after {seconds:.1f} of {stated_seconds:.1f} s: its end is missing."
        )


def kind_of(file_format: Format) -> OwnKind:
    """Return whether a file of the format is a picture that stands still or a clip."""
    return "clip" if file_format == "clip" else "still"
