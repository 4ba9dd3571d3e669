"""Know whether a picture in a request is a file of the type that it is said to be, and no larger than is taken.

Touches nothing. The most bytes are those that Google's pages name for other pictures of a request; that of a clip's
first frame is published nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import io

from PIL import Image

MOST_BYTES = 20 << 20
# How a file of each type begins, after how many bytes.
_BEGINNINGS: dict[str, tuple[int, bytes]] = {
    "image/png": (0, b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/webp": (8, b"WEBP"),
    "image/heic": (4, b"ftyp"),
}
# HEIC is looked at no further: no decoder of it is here.
_READ_HERE = frozenset({"image/png", "image/jpeg", "image/webp"})


def fault(data: object, media_type: str) -> str:
    """Return what is wrong with a picture in Base64 of this media type; nothing when it is right."""
    try:
        file = base64.b64decode(str(data), validate=True)
    except ValueError:
        return "the data is not Base64."
    if len(file) > MOST_BYTES:
        return f"the picture has {len(file)} bytes, {MOST_BYTES} are the most."
    offset, beginning = _BEGINNINGS[media_type]
    is_right = file[offset : offset + len(beginning)] == beginning
    return "" if is_right and _can_be_read(file, media_type) else f"the file is no {media_type}."


def _can_be_read(file: bytes, media_type: str) -> bool:
    if media_type not in _READ_HERE:
        return True
    try:
        with Image.open(io.BytesIO(file)) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def digest(data: str) -> str:
    """Return the SHA-256 of a picture in Base64, in hexadecimal; nothing for none."""
    return hashlib.sha256(base64.b64decode(data)).hexdigest() if data else ""
