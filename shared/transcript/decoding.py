"""The bytes of an uploaded transcript as text, by their content and whatever the file is called.

Values only; touches nothing. The first bytes of other formats are those of their own specifications.
"""

from __future__ import annotations

import codecs
import unicodedata

from shared.errors import InvalidRequest
from shared.transcript.own_transcript import LARGEST_TRANSCRIPT

# UTF-32 first: what it begins with in little-endian order begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is often taken for a transcript and is none, by how it begins.
_OTHERS = {
    "%PDF": "a PDF",
    "PK\x03\x04": "a Word or another zipped document",
    "{\\rtf": "an RTF document",
    "[Script Info]": "an ASS subtitle",
    "<?xml": "an XML document",
    "<!DOCTYPE": "a web page",
    "<html": "a web page",
    "ID3": "a recording",
    "RIFF": "a recording",
    "fLaC": "a recording",
    "OggS": "a recording",
}
_PLAIN = "\t\n\r\f\v"
_ADVICE = "save it as SRT, VTT or plain text"


def text_of(content: bytes) -> str:
    """Return the text of a file; raise InvalidRequest, whose message is one sentence, for what is none."""
    if not content:
        raise InvalidRequest("The transcript's file is empty.")
    if len(content) > LARGEST_TRANSCRIPT:
        raise InvalidRequest(
            f"The transcript has {len(content)} bytes; {LARGEST_TRANSCRIPT} are the most of four hours of speech."
        )
    _refuse_others(content[:64].decode("latin-1").lstrip("\ufeffÿþï»¿\x00 \r\n\t"))
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidRequest(
            "The transcript is not in UTF-8 or UTF-16; save it as UTF-8 and upload it again."
        ) from None
    if any(unicodedata.category(sign) == "Cc" and sign not in _PLAIN for sign in set(text)):
        raise InvalidRequest(f"The transcript is no text; {_ADVICE}.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_others(beginning: str) -> None:
    lower = beginning.lower()
    for sign, name in _OTHERS.items():
        if lower.startswith(sign.lower()):
            raise InvalidRequest(f"The transcript's file is {name}; {_ADVICE}.")
