"""Where sentences end in a stream of words, by their punctuation.

Values only; touches nothing.
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…。！？؟।]+[\"'”’»)\]]*$")
# A full stop after one of these, or after a single letter, is part of the word.
_ABBREVIATION = re.compile(
    r"[\"'“‘«(\[]*(mr|mrs|ms|dr|st|prof|rev|gen|col|capt|sr|jr|mme|mlle|hr|fr|vs|\w)\.", re.IGNORECASE
)


def ends_sentence(word: str) -> bool:
    """Return whether a sentence ends with this word, given with its punctuation."""
    return bool(_END.search(word)) and not _ABBREVIATION.fullmatch(word)
