"""The fonts that captions are drawn in: which of them are here, and how ffmpeg is told of them and of no others.

Reads the folders of fonts beside this module; writes into a folder that it is given.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from shared.captions.face import Face
from shared.captions.faces import ANTON, FACES

BASE = Path(__file__).parent / "fonts"
# Of another wheel, for they are many times as large as all the rest.
CJK = Path(__file__).parent / "cjk_fonts"
_CJK_FOLDER = "cjk-fonts"
_SETTINGS = "fonts.conf"
_CACHE = "font-cache"


def at_hand() -> frozenset[Face]:
    """Return the faces whose files are here."""
    return frozenset(face for face in (*FACES, ANTON) if any((folder / face.file).is_file() for folder in (BASE, CJK)))


def place(work: Path, name: str, face: Face) -> Path:
    """Return where the file of a face that is none of these belongs, so that it is laid out with them."""
    (work / name).mkdir(exist_ok=True)
    return work / name / face.file


def lay_out(work: Path, name: str) -> Mapping[str, str]:
    """Put the fonts into folders of `work`, and return the variables by which ffmpeg finds these alone.

    libass reads all of the folder `name` before it draws, so only the small fonts are in there. Fontconfig finds the
    others, and looks for a sign that one font lacks in the rest; it writes beside the fonts and into its cache.
    """
    shutil.copytree(BASE, work / name, dirs_exist_ok=True)
    (work / _CJK_FOLDER).mkdir(exist_ok=True)
    for file in CJK.glob("*.ttf"):
        _link(file, work / _CJK_FOLDER / file.name)
    folders = "".join(f"<dir>{escape(str(work / folder))}</dir>" for folder in (name, _CJK_FOLDER))
    cache = f"<cachedir>{escape(str(work / _CACHE))}</cachedir>"
    (work / _SETTINGS).write_text(f'<?xml version="1.0"?><fontconfig>{folders}{cache}</fontconfig>', encoding="utf-8")
    return {"FONTCONFIG_FILE": str(work / _SETTINGS)}


def _link(file: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    try:
        to.symlink_to(file)
    except OSError:  # Windows lets few users make links.
        shutil.copyfile(file, to)
