"""A user's own picture as a video model is sent it.

Values only; touches nothing. What is decoded here was checked and encoded anew by `check_image`.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from shared.models.request_body import Picture

# Pixels of the longer side: a model looks at less, and a request must stay small.
LONGEST_SIDE = 1536
_QUALITY = 92


def whole_frame(data: bytes, size: tuple[int, int]) -> Picture:
    """Return the picture as the video's own frame of `size` pixels, cut where it is too wide or too high."""
    with Image.open(io.BytesIO(data)) as picture:
        return _file(ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS), "PNG")


def small_picture(data: bytes) -> Picture:
    """Return the whole picture, no larger than it is of use."""
    with Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _file(small, "JPEG")


def _file(picture: Image.Image, kind: str) -> Picture:
    stream = io.BytesIO()
    picture.save(stream, kind, quality=_QUALITY)
    return Picture(stream.getvalue(), f"image/{kind.lower()}")
