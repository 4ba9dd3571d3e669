"""What of a caption's text is said: without markup, notes of sounds, and marks of who speaks; and its words.

Values only; touches nothing. Every pattern is read once from left to right, however the text is made.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from shared.film.running_text import stand_close

# Characters of a word: a caption shows fewer, and no edit takes more.
LONGEST_TEXT = 60
_MARKUP = re.compile(
    r"</?[A-Za-z][^<>]*>"  # HTML's tags, and WebVTT's
    r"|<\d[\d:.]*>"  # when a word of WebVTT is said
    r"|\{\\[^{}]*\}"  # an override of ASS
)
_SOUND = re.compile(r"\[[^\[\]]*\]|[♪♫♬♩]")
_BREAK = re.compile(r"\\[Nnh]")
_SPEAKER = re.compile(r"^[ \t]*(?:[-–—]+|>{2,})[ \t]*", re.MULTILINE)
# Thai's first sign.
_FIRST_CLOSE = "\u0e00"
_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})


def spoken_text(raw: str) -> str:
    """Return what a caption says, in one line; nothing when it only tells of sounds."""
    plain = _SOUND.sub(" ", _MARKUP.sub("", _BREAK.sub("\n", raw)))
    # What was escaped is text, also where it looks like a tag.
    plain = html.unescape(_SPEAKER.sub("", plain))
    printable = "".join(sign if unicodedata.category(sign) not in {"Cc", "Cs", "Co"} else " " for sign in plain)
    return unicodedata.normalize("NFC", " ".join(printable.split()))


def words_of(text: str) -> list[str]:
    """Return the words of a text, with their punctuation; of scripts without spaces each sign, for they have none."""
    words = list[str]()
    for token in text.split():
        if any(sign.isalnum() for sign in token):
            words += _pieces(token)
        elif words and len(words[-1]) < LONGEST_TEXT:
            # A dash between two words is no word.
            words[-1] += f" {token}"
    return [word[:LONGEST_TEXT] for word in words]


def _pieces(token: str) -> Iterator[str]:
    begin = 0
    letter = ""
    for place, sign in enumerate(token):
        if not sign.isalnum() or unicodedata.category(sign) in _MARKS:
            continue
        if letter and _is_apart(letter, sign):
            yield token[begin:place]
            begin = place
        letter = sign
    yield token[begin:]


def _is_apart(letter: str, sign: str) -> bool:
    """Return whether a sign begins a word of its own after a letter, in a script that writes no spaces."""
    # Below it no script is written so; most texts lie there, and are read a sign at a time.
    is_spaced = max(letter, sign) < _FIRST_CLOSE
    return not is_spaced and not (letter.isdecimal() and sign.isdecimal()) and stand_close(letter, sign)
