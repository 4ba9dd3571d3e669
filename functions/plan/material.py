"""What later edits may use of a recording: its words, and where it may be cut.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from functions.plan.phrases import Phrase, word_gaps
from functions.plan.transcript import SpokenWord, Transcript
from shared.film.material import CutPlace, Material
from shared.film.plan import Word


def material_of(transcript: Transcript, phrases: Sequence[Phrase]) -> Material:
    """Return what later edits may use of the recording of these phrases: it may be cut between any two words."""
    start = CutPlace(time=phrases[0].start, clean=True, ends_sentence=True)
    ends = [CutPlace(time=p.end, clean=p.clean, ends_sentence=p.ends_sentence) for p in phrases]
    gaps = word_gaps(transcript.words, phrases)
    within = [CutPlace(time=place, clean=False, ends_sentence=False) for place in gaps]
    words = tuple(word_of(word, word.start, word.end) for word in transcript.words)
    return Material(words=words, cuts=tuple(sorted([start, *ends, *within], key=lambda cut: cut.time)))


def word_of(word: SpokenWord, start: float, end: float) -> Word:
    """Return a word as it is stored, with these times."""
    return Word(
        text=word.text,
        start=start,
        end=end,
        ends_sentence=word.ends_sentence,
        confidence=min(word.confidence, 1.0),
        speaker=word.speaker,
    )
