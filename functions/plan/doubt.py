"""What of a transcript nobody can have said: words faster than speech, and phrases a recogniser repeats to itself.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# The fastest talkers say about eight short words a second.
MOST_WORDS = 10
# Words of the longest phrase whose repetition is looked for.
LONGEST_REPEATED = 8
# Seconds: no word that anybody says is shorter; a recogniser gives such a length to what it repeats to itself.
SHORTEST_SAID = 0.05
# From here on a repetition is looked at: how often a phrase is said in a row, and how many words that is in all.
MANY_TIMES = 4
MANY_WORDS = 8
# A mean confidence below this makes words doubtful.
SURE = 0.7
# An identified language that is less sure is a guess.
SURE_OF_LANGUAGE = 0.5
# A repetition that keeps its beat is nobody's: whoever repeats a phrase, once a half second or more rarely, is off by
# about 4 % each time (studies of tapping find 3 to 6 %), so that eight times never lie within 20 ms.
STEADY_TIMES = 8
STEADY_SECONDS = 0.02
SLOW_BEAT = 0.5


class Heard(NamedTuple):
    """A word as a recogniser heard it: times in seconds, confidence from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class Repetition(NamedTuple):
    """A phrase of `length` words that is said `times` times in a row, from word `first` on."""

    first: int
    length: int
    times: int


def believable(words: Sequence[Heard]) -> list[int]:
    """Return the indexes of the words that can have been said.

    No second holds more than MOST_WORDS of them, and no phrase is among them that the recogniser repeats to itself.
    """
    plain = [_plain(word.text) for word in words]
    in_time = _in_time(plain, words)
    echoes = _repeated_to_itself([plain[index] for index in in_time], [words[index] for index in in_time])
    return [index for place, index in enumerate(in_time) if place not in echoes]


def _in_time(plain: Sequence[str], words: Sequence[Heard]) -> list[int]:
    """Return the indexes of the words that are not faster than speech."""
    starts = [word.start for word in words]
    indexes: list[int] = []
    latest = 0.0
    times: list[float] = []
    for index, word in enumerate(words):
        # A time that runs backwards makes no room for more words.
        latest = max(latest, word.start)
        is_crowded = len(times) >= MOST_WORDS and latest - times[-MOST_WORDS] < 1
        is_stub = word.end - word.start < SHORTEST_SAID and index > 0 and plain[index] == plain[index - 1]
        if not is_crowded and not is_stub and not _echoes(plain, starts, index):
            indexes.append(index)
            times.append(latest)
    return indexes


def _echoes(plain: Sequence[str], starts: Sequence[float], index: int) -> bool:
    """Return whether a word ends a phrase said twice, the second time faster than anybody can."""
    return any(
        starts[index] - starts[index - length] < length / MOST_WORDS
        and plain[index - length + 1 : index + 1] == plain[index - 2 * length + 1 : index - length + 1]
        for length in range(1, min(LONGEST_REPEATED, (index + 1) // 2) + 1)
    )


def _repeated_to_itself(plain: Sequence[str], words: Sequence[Heard]) -> set[int]:
    """Return the places of words that only repeat: a refrain that is sure and off its beat, as people are, stays."""
    echoes: set[int] = set()
    place = 0
    while place < len(plain):
        run = _longest_run(plain, place)
        end = place + run.length * run.times
        if run.times < MANY_TIMES or end - place < MANY_WORDS:
            place += 1
            continue
        if _is_unsure(words[place:end]) or _is_steady(run, words):
            echoes.update(range(place + run.length, end))
        place = end
    return echoes


def _longest_run(plain: Sequence[str], first: int) -> Repetition:
    runs = (Repetition(first, length, _times(plain, first, length)) for length in range(1, LONGEST_REPEATED + 1))
    return max(runs, key=lambda run: (run.length * run.times if run.times > 1 else 0, -run.length))


def _times(plain: Sequence[str], first: int, length: int) -> int:
    """Return how often the phrase at `first` is said in a row."""
    phrase = plain[first : first + length]
    end = first + length
    while plain[end : end + length] == phrase and len(phrase) == length:
        end += length
    return (end - first) // length


def _is_unsure(words: Sequence[Heard]) -> bool:
    return sum(word.confidence for word in words) / len(words) < SURE


def _is_steady(run: Repetition, words: Sequence[Heard]) -> bool:
    starts = [words[run.first + number * run.length].start for number in range(run.times)]
    beats = [later - earlier for earlier, later in pairwise(starts)]
    steady = round(max(beats) - min(beats), 6) <= STEADY_SECONDS
    return run.times >= STEADY_TIMES and steady and min(beats) >= SLOW_BEAT


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
