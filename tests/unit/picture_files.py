"""Pictures and clips as users upload them, and files that only claim to be such."""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from tests.unit.media_fakes import make

# What EXIF calls the orientation, and the block with the place.
_ORIENTATION = 0x0112
_GPS = 0x8825
PLACE = (52.0, 31.0, 12.0)
HEIC = Path(__file__).parent / "data" / "harbour.heic"


def halves(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """Return a picture whose upper half is red and whose lower half is blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0], size[1] // 2))
    return image


def photo(kind: str = "JPEG", is_turned: bool = False, **options: Any) -> bytes:
    """Return red above blue, with the place where it was taken; `is_turned` is how a phone on its side stores it."""
    image = halves()
    exif = Image.Exif()
    exif.get_ifd(_GPS)[2] = PLACE
    exif[0x010F] = "Phone"
    if is_turned:
        exif[_ORIENTATION] = 6
        image = image.transpose(Image.Transpose.ROTATE_90)
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=exif, **options)
    return buffer.getvalue()


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def profile() -> bytes:
    """Return the ICC profile of sRGB."""
    cms: Any = ImageCms
    plain: Any = cms.createProfile("sRGB")
    return ImageCms.ImageCmsProfile(plain).tobytes()


def animation(kind: str) -> bytes:
    """Return three pictures that follow each other."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    return encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_bomb(side: int) -> bytes:
    """Return a small PNG of `side` by `side` pixels, all black."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side // 8 + 1) * 64, 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """Return a small PNG whose comment unpacks to 100 MB."""
    plain = encode(Image.new("RGB", (64, 64)), "PNG")
    comment = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 << 20), 9))
    return plain[:33] + comment + plain[33:]


def clip(folder: Path, seconds: float, *options: str, name: str = "own.mp4", size: str = "320x180") -> bytes:
    """Return a clip with sound, metadata and a moving picture."""
    picture = ("-f", "lavfi", "-i", f"testsrc=size={size}:rate=30:duration={seconds}")
    tone = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")
    place = ("-metadata", "location=+52.5+013.4/", "-metadata", "title=Secret")
    return make(folder / name, *picture, *tone, "-shortest", *place, *options).read_bytes()


def stretch(content: bytes, seconds: int) -> bytes:
    """Return the clip with tables of times by which its tracks last so long: a small file that decodes for hours."""
    data = bytearray(content)
    for place in _places(content, b"stts"):
        (scale,) = struct.unpack_from(">I", data, content.rindex(b"mdhd", 0, place) + 16)
        # One entry, as of a steady rate: how many samples, and how long each of them lasts.
        entries, samples, _ = struct.unpack_from(">III", data, place + 8)
        assert entries == 1
        struct.pack_into(">I", data, place + 16, scale * seconds // samples)
    (scale,) = struct.unpack_from(">I", data, content.index(b"mvhd") + 16)
    for place in _places(content, b"elst"):
        # The list of edits would else cut it to what it was.
        struct.pack_into(">I", data, place + 12, scale * seconds)
    return bytes(data)


def boastful(content: bytes, seconds: int) -> bytes:
    """Return the clip with headers that say that it lasts so long, though its tables of times do not."""
    data = bytearray(content)
    for kind in (b"mvhd", b"mdhd"):
        for place in _places(content, kind):
            (scale,) = struct.unpack_from(">I", data, place + 16)
            struct.pack_into(">I", data, place + 20, scale * seconds)
    return bytes(data)


def _places(content: bytes, kind: bytes) -> list[int]:
    """Return where boxes of a kind say what they are."""
    return [match.start() for match in re.finditer(kind, content)]
