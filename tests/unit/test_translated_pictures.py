"""Translated captions in the picture: the letters of the font that has them, in the order of the language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from functions.render_scene import typefaces
from shared.build.translations import MissingLines, Translations
from shared.captions.translation import spoken_lines
from shared.choices.words import CaptionLanguage
from tests.unit.media_fakes import FolderBucket, plan, speech
from tests.unit.test_own_fonts import first_frame

ARABIC = typefaces.BASE / "NotoSansArabic-ExtraBold.ttf"
JAPANESE = typefaces.BASE.parent / "cjk_fonts" / "NotoSansJP-ExtraBold.ttf"
# As large as all that is compared is made.
SIZE = (240, 60)
ROWS: list[tuple[CaptionLanguage, Path, str, str]] = [
    ("ar", ARABIC, "مرحبا بالعالم", "بالعالم مرحبا"),
    ("ja", JAPANESE, "言葉で十分", "十分で言葉"),
]


def shape(picture: Image.Image) -> NDArray[np.float64]:
    """Return how much ink there is in each part of what is drawn in white, whatever its size and place."""
    ink = picture.convert("L").point([0] * 200 + [255] * 56)
    area = ink.getbbox()
    assert area
    return np.asarray(ink.crop(area).resize(SIZE, Image.Resampling.BOX), dtype=float)


def likeness(picture: Image.Image, other: Image.Image) -> float:
    """Return the correlation of the shapes: 1 for equal ones."""
    return float(np.corrcoef(shape(picture).ravel(), shape(other).ravel())[0, 1])


def letters(text: str, font: Path) -> Image.Image:
    """Return the text as another library lays it out and draws it."""
    picture = Image.new("L", (1600, 200))
    ImageDraw.Draw(picture).text((20, 20), text, 255, ImageFont.truetype(font, 100))
    return picture


def translated_frame(language: CaptionLanguage, text: str, folder: Path) -> Image.Image:
    """Return the first frame of a gray scene whose spoken words were translated into the text."""
    bucket = FolderBucket.at(folder / "bucket")
    spoken_plan = plan((6,), speech(0.25, "Hello world"), captions="lines")
    options = spoken_plan.options.model_copy(update={"caption_language": language})
    film_plan = spoken_plan.model_copy(update={"options": options})
    answers = {line.text: text for line in spoken_lines(film_plan)}
    Translations(bucket).store(film_plan, "m", MissingLines([], {}, {}), answers)
    return first_frame(film_plan, bucket, folder)


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow joins no letters here")
@pytest.mark.parametrize(("language", "font", "text", "other_order"), ROWS)
def test_a_translation_is_drawn_in_its_letters_and_its_order(
    tmp_path: Path, language: CaptionLanguage, font: Path, text: str, other_order: str
) -> None:
    frame = translated_frame(language, text, tmp_path)
    assert likeness(frame, letters(text, font)) > 0.9
    missing_letters = "".join(" " if sign == " " else "\U0010ffff" for sign in text)
    for other in (missing_letters, other_order):
        assert likeness(frame, letters(other, font)) < 0.6, other
