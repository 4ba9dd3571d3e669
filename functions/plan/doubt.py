"""What of a transcript nobody can have said: words faster than speech, and phrases a recogniser repeats to itself.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence

# The fastest talkers say about eight short words a second.
MOST_WORDS = 10
# Words of the longest phrase whose repetition is looked for.
LONGEST_REPEATED = 8


def believable(texts: Sequence[str], starts: Sequence[float]) -> list[int]:
    """Return the indexes of the words that can have been said: no second holds more than MOST_WORDS of them."""
    plain = [_plain(text) for text in texts]
    kept: list[int] = []
    latest = 0.0
    said: list[float] = []
    for index, start in enumerate(starts):
        # A time that runs backwards makes no room for more words.
        latest = max(latest, start)
        crowded = len(said) >= MOST_WORDS and latest - said[-MOST_WORDS] < 1
        if not crowded and not _echoes(plain, starts, index):
            kept.append(index)
            said.append(latest)
    return kept


def _echoes(plain: Sequence[str], starts: Sequence[float], index: int) -> bool:
    """Return whether a word ends a phrase said twice, the second time faster than anybody can."""
    return any(
        starts[index] - starts[index - length] < length / MOST_WORDS
        and plain[index - length + 1 : index + 1] == plain[index - 2 * length + 1 : index - length + 1]
        for length in range(1, min(LONGEST_REPEATED, (index + 1) // 2) + 1)
    )


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
