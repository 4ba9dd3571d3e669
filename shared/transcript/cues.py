"""SRT and WebVTT as cues, and plain text as itself, as the files that people have say them.

Values only; touches nothing. WebVTT is W3C's (https://www.w3.org/TR/webvtt1/), SRT has no standard. Kept readers were
tried and are not used: pysubs2 1.8 takes WebVTT's notes for text and minutes on a row of braces, webvtt-py 0.6 leaves
out what it cannot read without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.errors import InvalidRequest
from shared.recordings.limits import LONGEST_RECORDING
from shared.transcript.own_transcript import Cue
from shared.transcript.wording import spoken_text, words_of

MOST_CUES = 20_000
# Words, and the seconds that each needs at least: nobody speaks so fast for longer than a breath.
MOST_WORDS = 150_000
SHORTEST_SAID = 0.04
_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_LOOKS_LIKE_TIMES = re.compile(r"\s*-?[\d:.,]*\d[\d:.,\s\w]*-->")
# Captions that come up word by word: each repeats the lines of the one before.
_WORD_TIMES = re.compile(r"<\d+:\d")


@dataclass
class _RawCue:
    line: int
    start: float
    end: float
    lines: list[str] = field(default_factory=list[str])


def read(text: str) -> tuple[tuple[Cue, ...], str]:
    """Return the cues of a transcript, or its text where it says no times.

    Raises InvalidRequest, whose message is one sentence, for times that cannot be, and for a file without words.
    """
    raw_cues = list(_raw_cues(text.removeprefix("\ufeff")))
    if not raw_cues and text.lstrip("\ufeff").startswith("WEBVTT"):
        raise InvalidRequest("The transcript has no caption; check the file.")
    cues = _in_order(raw_cues, _texts(raw_cues))
    speech = "" if raw_cues else spoken_text(text)
    word_count = sum(len(words_of(cue.text)) for cue in cues) or len(words_of(speech))
    if not word_count:
        raise InvalidRequest("The transcript holds no words; check the file.")
    if word_count > MOST_WORDS or len(cues) > MOST_CUES:
        raise InvalidRequest(
            f"The transcript has {word_count} words in {len(cues)} captions; {MOST_WORDS} and {MOST_CUES} are the most."
        )
    return cues, speech


def _raw_cues(text: str) -> Iterator[_RawCue]:
    is_webvtt = text.startswith("WEBVTT")
    cue: _RawCue | None = None
    is_text = False
    for number, line in enumerate(text.split("\n"), start=1):
        times = _times(line, number) if "-->" in line else None
        if times:
            if cue:
                yield _without_number(cue)
            cue = _RawCue(number, *times)
            is_text = True
        elif is_webvtt and not line:
            # What follows is a note, or the name of the next cue; a line of blanks is text.
            is_text = False
        elif cue and is_text:
            cue.lines.append(line)
    if cue:
        yield cue


def _without_number(cue: _RawCue) -> _RawCue:
    """Return the cue without the number of the next one, which stands right before its times."""
    if cue.lines and cue.lines[-1].strip().isdecimal():
        cue.lines.pop()
    return cue


def _times(line: str, number: int) -> tuple[float, float] | None:
    match = _TIMES.fullmatch(line)
    if match:
        parts = match.groups()
        return _seconds(parts[:4]), _seconds(parts[4:])
    if _LOOKS_LIKE_TIMES.match(line):
        raise InvalidRequest(
            f"Line {number} of the transcript: these times cannot be read; write them as 00:01:02,500 --> 00:01:04,000."
        )
    return None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")


def _texts(cues: Sequence[_RawCue]) -> list[str]:
    is_word_by_word = any(_WORD_TIMES.search(line) for cue in cues for line in cue.lines)
    texts = list[str]()
    lines_before: set[str] = set()
    for cue in cues:
        lines = [spoken_text(line) for line in cue.lines] if is_word_by_word else [spoken_text("\n".join(cue.lines))]
        new_lines = [line for line in lines if line and line not in lines_before]
        texts.append(" ".join(new_lines))
        lines_before = set(lines) if is_word_by_word else set()
    return texts


def _in_order(raw_cues: Sequence[_RawCue], texts: Sequence[str]) -> tuple[Cue, ...]:
    """Return the cues that say something, none of which lasts into the next; raise InvalidRequest."""
    cues = list[Cue]()
    lines = list[int]()
    for raw, text in zip(raw_cues, texts, strict=True):
        _check(raw, text, cues[-1] if cues else None)
        if not text:
            continue
        former = cues[-1] if cues else None
        if former and former.start == raw.start:
            # Two speak at once, or one text is written twice.
            more = "" if text == former.text else f" {text}"
            cues[-1] = Cue(start=raw.start, end=max(former.end, raw.end), text=f"{former.text}{more}")
            continue
        if former:
            cues[-1] = former.model_copy(update={"end": min(former.end, raw.start)})
        cues.append(Cue(start=raw.start, end=raw.end, text=text))
        lines.append(raw.line)
    for cue, line in zip(cues, lines, strict=True):
        _check_pace(cue, line)
    return tuple(cues)


def _check(raw: _RawCue, text: str, former: Cue | None) -> None:
    where = f"Line {raw.line} of the transcript"
    if raw.end < raw.start or (raw.end == raw.start and text):
        raise InvalidRequest(f"{where}: a caption has to end after it begins; correct its times.")
    if former and raw.start < former.start:
        raise InvalidRequest(
            f"{where}: a caption begins before the one above it; put them in the order of their times."
        )
    if raw.start > LONGEST_RECORDING:
        hours = LONGEST_RECORDING / 3600
        raise InvalidRequest(f"{where}: a caption begins after {hours:g} hours, the most that a recording has.")


def _check_pace(cue: Cue, line: int) -> None:
    word_count = len(words_of(cue.text))
    seconds = cue.end - cue.start
    if seconds + 1e-6 < word_count * SHORTEST_SAID:
        raise InvalidRequest(
            f"Line {line} of the transcript: nobody says {word_count} words in {seconds:.2f} s; correct its times."
        )
