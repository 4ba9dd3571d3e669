"""What other readers than ours find in a file of how its pictures came about."""

from __future__ import annotations

import io
import re

import av
from PIL import Image

_TERM = re.compile(r'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/(\w+)"')


def origins_of(data: bytes) -> list[str]:
    """Return the terms of IPTC's vocabulary that an MP4 or a picture says of itself."""
    return _TERM.findall(_of_film(data) if data[4:8] == b"ftyp" else _of_picture(data))


def _of_film(data: bytes) -> str:
    with av.open(io.BytesIO(data), options={"export_xmp": "1"}) as film:
        return film.metadata.get("xmp", "")


def _of_picture(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.info.get("XML:com.adobe.xmp") or picture.info.get("xmp", b"").decode()
