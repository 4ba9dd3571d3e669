"""A user's picture, decoded within bounds and stored anew: upright, in sRGB, without anything but its pixels.

Reads and writes files in a folder that it is given; the decoders are Pillow's and libheif's.
"""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path
from typing import Any

import pi_heif  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image, ImageCms, ImageOps

from functions.check_image import core
from functions.check_image.core import Format
from shared.brand import own_keys
from shared.errors import UnsupportedMedia

# What Pillow's decoders raise for files that are damaged, or made to be.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, struct.error, LookupError, TypeError, MemoryError, RuntimeError),
    *(OverflowError, ZeroDivisionError, Image.DecompressionBombError, Image.DecompressionBombWarning),
)
_MOVING = ("PNG", "WEBP")
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")
_QUALITY = 95
_PREVIEW_QUALITY = 82


def upright(file: Path, file_format: Format) -> Image.Image:
    """Return the picture in `file` as it is to be seen, at most PICTURE_SIDE long, in sRGB and without transparency.

    Raises UnsupportedMedia when it is damaged, animated, or too large to be decoded.
    """
    try:
        with warnings.catch_warnings():
            # Of damaged notes beside the pixels, which stay behind, nobody need be told.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode(file, file_format)
    except _BROKEN as error:
        raise UnsupportedMedia("The picture is damaged, or its end is missing.") from error


def save(picture: Image.Image, folder: Path, file_format: Format) -> Path:
    """Return the picture as a file in `folder`: what was a PNG stays exact, anything else becomes a JPEG."""
    if file_format == "PNG":
        picture.save(folder / "picture.png", optimize=False)
        return folder / "picture.png"
    picture.save(folder / "picture.jpg", quality=_QUALITY, subsampling=0)
    return folder / "picture.jpg"


def save_clear(file: Path, file_format: Format, folder: Path) -> Path | None:
    """Return the picture in `file` with what is transparent of it, small, in `folder`; None where nothing is.

    It has been decoded before: what cannot be, was refused.
    """
    if file_format not in _MOVING:
        return None
    with Image.open(file, formats=(file_format,)) as image_file:
        if not image_file.has_transparency_data:
            return None
        clear = ImageOps.exif_transpose(image_file).convert("RGBA")
    clear.thumbnail((core.LOGO_SIDE, core.LOGO_SIDE), Image.Resampling.LANCZOS)
    plain = Image.frombytes("RGBA", clear.size, clear.tobytes())
    plain.save(folder / own_keys.LOGO_FILE)
    return folder / own_keys.LOGO_FILE


def save_preview(picture: Image.Image, folder: Path) -> Path:
    """Return a small JPEG of the picture, in `folder`."""
    small = picture.copy()
    small.thumbnail((core.PREVIEW_SIDE, core.PREVIEW_SIDE))
    small.save(folder / "preview.jpg", quality=_PREVIEW_QUALITY)
    return folder / "preview.jpg"


def _decode(file: Path, file_format: Format) -> Image.Image:
    if file_format == "HEIF":
        pi_heif.register_heif_opener(thumbnails=False)  # pyright: ignore[reportUnknownMemberType]
    with Image.open(file, formats=(file_format,)) as image_file:
        core.require_size(*image_file.size)
        # Other formats hold several pictures that do not move: a phone's depth map, for one.
        if file_format in _MOVING and getattr(image_file, "is_animated", False):
            raise UnsupportedMedia("The picture is animated; upload it as an mp4 clip.")
        # A JPEG is decoded no larger than it is wanted.
        image_file.draft(None, (core.PICTURE_SIDE, core.PICTURE_SIDE))
        image_file.load()
        upright_image = ImageOps.exif_transpose(image_file)
        profile = image_file.info.get("icc_profile")
    upright_image.thumbnail((core.PICTURE_SIDE, core.PICTURE_SIDE), Image.Resampling.LANCZOS)
    plain = _in_srgb(_eight_bit(upright_image), profile)
    # Pixels alone: whatever else the file said, of the place for one, stays behind.
    return Image.frombytes("RGB", plain.size, plain.tobytes())


def _srgb() -> ImageCms.ImageCmsProfile:
    cms: Any = ImageCms
    profile: Any = cms.createProfile("sRGB")
    return ImageCms.ImageCmsProfile(profile)


def _eight_bit(picture: Image.Image) -> Image.Image:
    if picture.mode in _DEEP:
        return picture.point(lambda level: level / 256).convert("L")
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, over white where nothing is drawn."""
    if picture.has_transparency_data:
        with_alpha = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, with_alpha).convert("RGB")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.profileToProfile(picture, source, _srgb(), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A profile that is none, or of other colours than the picture's: the numbers are taken as they are.
            return picture.convert("RGB")
        return srgb or picture.convert("RGB")
    return picture.convert("RGB")
