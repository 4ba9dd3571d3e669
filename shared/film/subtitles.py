"""A film's subtitles as files: SubRip and WebVTT.

Pure functions, touches nothing; all times are seconds from the start of the film unless a name says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from shared.film.captions import Shape, lines, rows
from shared.film.plan import Word
from shared.film.running_text import join_texts

# How the names of subtitles begin that are as they are spoken, beside translated ones.
SPOKEN = "spoken-"
SUBTITLE = Shape(words=40, characters=76, row=38)


def spoken_beside(location: str) -> str:
    """Return where the subtitles lie as they are spoken, beside a video's that are translated: a key, or a URL."""
    folder, _, name = location.rpartition("/")
    return f"{folder}/{SPOKEN}{name}"


def srt(words: Sequence[Word], seconds: float) -> str:
    """Return the film's subtitles as SubRip text."""
    cues = _cues(words, seconds, ",")
    return "\n".join(f"{number}\n{times}\n{text}\n" for number, (times, text) in enumerate(cues, start=1))


def vtt(words: Sequence[Word], seconds: float) -> str:
    """Return the film's subtitles as WebVTT text."""
    cues = _cues(words, seconds, ".")
    return "\n".join(["WEBVTT\n", *(f"{times}\n{_escape(text)}\n" for times, text in cues)])


def _cues(words: Sequence[Word], seconds: float, point: str) -> Iterator[tuple[str, str]]:
    for line in lines(words, seconds, SUBTITLE):
        start = math.floor(line.start * 1000)
        end = math.floor(line.end * 1000)
        if end > start:
            texts = [word.text for word in line.words]
            text = "\n".join(join_texts([texts[at] for at in row]) for row in rows(texts, SUBTITLE.row))
            yield f"{_clock(start, point)} --> {_clock(end, point)}", text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;")


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"
