"""Captions as an ASS document for one scene: which letters can be drawn, how large, where, and when.

Pure functions, touches nothing; sizes are pixels of the frame, one em is the font's own unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from shared.captions.brush import Brush, header
from shared.captions.face import Face
from shared.captions.faces import FACES, LATIN, face_of, joins, width
from shared.captions.looks import LOOKS
from shared.choices.captions import PLAIN_STYLE, CaptionStyle
from shared.film.captions import CaptionLine
from shared.film.plan import Word
from shared.film.running_text import join_texts, stand_close
from shared.film.word_times import READ_OF_WORD

Size = tuple[int, int]
NO_GLYPHS = "captions were not burnt in: the bundled fonts have no glyphs for this script"
NOT_INSTALLED = (
    "captions were not burnt in: the fonts of Chinese, Japanese and Korean are not installed here; "
    "install the wheel reelwright-cjk-fonts"
)
SOME_MISSING = "some words are missing from the burnt-in captions: the bundled fonts have no glyphs for them"


def drawable(
    words: Sequence[Word], faces: Collection[Face] = FACES, own_face: Face | None = None
) -> tuple[list[Word], str]:
    """Return the words with only what the fonts at hand can draw, and what a person must know about the rest.

    The words are none when most of their letters have no glyph; the message is empty when nothing is lost.
    """
    read = [word.text[:READ_OF_WORD] for word in words]
    signs = [sign for text in read for sign in text if sign.isalnum()]
    base = own_face or LATIN
    faces_of_signs = [face_of(sign, base) for sign in signs]
    faces = {*faces, base}
    missing = sum(face not in faces for face in faces_of_signs)
    absent = any(face and face not in faces for face in faces_of_signs)
    if signs and missing * 2 > len(signs):
        return [], NOT_INSTALLED if absent else NO_GLYPHS
    texts = [_drawable_part(text, faces, base) for text in read]
    drawable_words = [
        word.model_copy(update={"text": text}) for word, text in zip(words, texts, strict=True) if text.strip()
    ]
    return drawable_words, SOME_MISSING if missing else ""


def _drawable_part(text: str, faces: Collection[Face], base: Face) -> str:
    """Return the signs that have a glyph, and of what is drawn upon others only what has its place."""
    part = ""
    has_glyph = False
    for sign in text:
        has_glyph = has_glyph if joins(sign) else face_of(sign, base) in faces
        part += sign if has_glyph else ""
    return part


def document(
    lines: Sequence[CaptionLine],
    *,
    start: float,
    end: float,
    size: Size,
    mode: str,
    style: CaptionStyle = PLAIN_STYLE,
    language: str = "",
    own_face: Face | None = None,
) -> str:
    """Return the captions of one scene, which runs from `start` to `end` seconds of the film.

    `mode` is a look: with some each word is an event, with others each line. A caption that crosses a cut is in both
    scenes, each with its part. Ideographs have the shapes of `language`, a code such as ja.
    `own_face` is that of the style's font, where it is the user's own.
    """
    brush = Brush(LOOKS[mode], style, size, language, own_face=own_face)
    events = (
        f"Dialogue: 0,{clock(first)},{clock(last)},Caption,,0,0,0,,{text}\n"
        for line in lines
        for text, first, last in _moments(line, replace(brush, speaker=line.speaker), start, end)
    )
    return header(brush) + "".join(events)


def _moments(line: CaptionLine, brush: Brush, start: float, end: float) -> Iterator[tuple[str, int, int]]:
    """Yield (text, first, last) in centiseconds of the scene, empty ones left out."""
    motion = brush.look.motion
    marks = [centiseconds(at, start, end) for at in (line.start, *(word.start for word in line.words[1:]), line.end)]
    fills = [last - first for first, last in pairwise(marks)] if motion == "filled" else []
    is_by_word = motion in ("lit", "revealed")
    spans = list(pairwise(marks)) if is_by_word else [(marks[0], marks[-1])]
    for index, (first, last) in enumerate(spans):
        if last > first:
            yield _text(line, index if is_by_word else -1, fills, brush), first, last


def centiseconds(time: float, start: float, end: float) -> int:
    """Return a time of the film in hundredths of a second of the scene that runs from `start` to `end`."""
    return round((min(max(time, start), end) - start) * 100)


def _text(line: CaptionLine, current: int, fills: Sequence[int], brush: Brush) -> str:
    texts = [word.text for word in line.words]
    rows = _rows(texts, brush)
    widest = max(_width(texts, row, brush) for row in rows)
    em = round(brush.em * min(1.0, brush.room / widest), 1)
    words = [_word(text, at - current, em, brush) for at, text in enumerate(texts)]
    if fills:
        words = [rf"{{\kf{fill}}}{word}" for fill, word in zip(fills, words, strict=True)]
    return brush.opening + r"\N".join(brush.row_start(em) + _row(texts, row, words) for row in rows)


def _width(texts: Sequence[str], row: range, brush: Brush) -> float:
    return width(join_texts([texts[at] for at in row]), brush.face)


def _rows(texts: Sequence[str], brush: Brush) -> list[range]:
    """Return the words as one row, or as the two most even ones when one would be wider than the brush has room."""
    whole = range(len(texts))
    if len(texts) == 1 or _width(texts, whole, brush) <= brush.room:
        return [whole]
    cut = min(whole[1:], key=lambda at: max(_width(texts, part, brush) for part in (whole[:at], whole[at:])))
    return [whole[:cut], whole[cut:]]


def _row(texts: Sequence[str], row: range, words: Sequence[str]) -> str:
    gaps = ("" if at == row[0] or stand_close(texts[at - 1], texts[at]) else " " for at in row)
    return "".join(gap + words[at] for gap, at in zip(gaps, row, strict=True))


def _word(text: str, turn: int, em: float, brush: Brush) -> str:
    """Return a word as it is drawn `turn` words after the one that is spoken, 0 for that one."""
    word = with_faces(text, em, brush)
    if brush.look.motion == "revealed" and turn == 1:
        return r"{\alpha&HFF&}" + word
    return brush.set_off(word, em) if turn == 0 else word


def with_faces(text: str, em: float, brush: Brush) -> str:
    """Return `text` with each script in its own face; an ASS size is a line height, so it changes with the face."""
    base = brush.face
    faces: list[Face] = []
    for sign in text:
        faces.append(faces[-1] if faces and joins(sign) else face_of(sign, base, brush.language) or base)
    out = ""
    for face, run in groupby(zip(faces, text, strict=True), key=lambda pair: pair[0]):
        part = "".join(sign for _, sign in run)
        out += part if face is base else _switch(face, em) + part + _switch(base, em)
    return out


def _switch(face: Face, em: float) -> str:
    return rf"{{\fn{face.name}\fs{em * face.line_height:.0f}}}"


def clock(hundredths: int) -> str:
    """Return hundredths of a second as ASS writes times."""
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"
