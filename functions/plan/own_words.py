"""A user's own transcript as the words that are planned with: its own times, or those at which they are heard.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rapidfuzz.distance import Levenshtein

from functions.plan.transcript import LONGEST_WORD, SHORTEST_WORD, SpokenWord, Transcript
from shared.film.running_text import language_of_script
from shared.film.sentences import sentence_ends
from shared.transcript import timing
from shared.transcript.own_transcript import OwnTranscript
from shared.transcript.wording import words_of

# Of the text's words at least this share must be heard, or it is no text of this recording.
LEAST_HEARD = 0.3
# So many words in a row that the text lacks are a passage that it leaves to the recogniser; fewer are slips.
PASSAGE = 10
# Words in a second, the most that are put where fewer were heard.
FASTEST = 8


def own_transcript(own: OwnTranscript, language: str | None, recording_seconds: float) -> Transcript:
    """Return the words of a transcript that says times, spread over each caption by their length.

    Raises InvalidRequest when it is another recording's.
    """
    cues = timing.within(own.cues, recording_seconds)
    words = [word for cue in cues for word in _spread(words_of(cue.text), cue.start, cue.end)]
    code = language or language_of_script("".join(word.text for word in words)) or "und"
    outside = len(own.cues) - len(cues)
    notes = (f"{outside} caption(s) of the transcript begin after the recording's end and were left out.",)
    return Transcript(_with_sentences(words, code), code, notes=notes if outside else ())


def correct(transcript: Transcript, text: str) -> Transcript:
    """Return what was heard in the words of the text, with the times at which they are heard.

    A text that is not of this recording is left aside, which `notes` say, as they do of words that nobody says.
    """
    new_words = words_of(text)
    alignment = align([_plain(word) for word in new_words], [_plain(word.text) for word in transcript.words])
    equal_words = sum(block.is_equal * len(block.new) for block in alignment)
    if equal_words < LEAST_HEARD * len(new_words):
        note = f"Only {equal_words} of the transcript's {len(new_words)} words are heard, so it was left aside."
        return replace(transcript, notes=(note,))
    result = list[SpokenWord]()
    unheard = 0
    for block in alignment:
        texts = [new_words[at] for at in block.new]
        words = _in_place(texts, [transcript.words[at] for at in block.old], block, transcript)
        unheard += len(texts) if texts and not words else 0
        result += words
    notes = (f"{unheard} word(s) of the transcript were left out: nobody is heard saying them.",) if unheard else ()
    return replace(transcript, words=_with_sentences(result, transcript.language_code), left_out=0, notes=notes)


@dataclass(frozen=True)
class Block:
    """Words of a text and words that were heard, by their places, that stand for each other."""

    new: range
    old: range
    is_equal: bool


def align(new: Sequence[str], old: Sequence[str]) -> list[Block]:
    """Return both rows of words in blocks that follow one another, as few words apart as can be."""
    blocks = list[Block]()
    for step in Levenshtein.opcodes(old, new):
        block = Block(
            range(step.dest_start, step.dest_end), range(step.src_start, step.src_end), is_equal=step.tag == "equal"
        )
        former = blocks[-1] if blocks else None
        if former and not (former.is_equal or block.is_equal):
            # Replaced, and one more or less: one slip.
            blocks[-1] = Block(
                range(former.new.start, block.new.stop), range(former.old.start, block.old.stop), is_equal=False
            )
        else:
            blocks.append(block)
    return blocks


def _in_place(
    texts: Sequence[str], old_words: Sequence[SpokenWord], block: Block, whole: Transcript
) -> list[SpokenWord]:
    """Return the text's words of one block, with the times of those that were heard there."""
    if block.is_equal:
        return [replace(word, text=text, confidence=1.0) for word, text in zip(old_words, texts, strict=True)]
    if not texts:
        # The text corrects a slip by leaving it out, and does not reach a passage that it lacks.
        return list(old_words) if len(old_words) >= PASSAGE else []
    start, end = _gap(block, whole)
    if end - start < len(texts) / FASTEST / 2:
        return []
    return list(_spread(texts, start, end))


def _gap(block: Block, whole: Transcript) -> tuple[float, float]:
    """Return the time of the block's words: of those heard there, else between those before and after."""
    words = whole.words
    if block.old:
        return words[block.old[0]].start, words[block.old[-1]].end
    before = words[block.old.start - 1].end if block.old.start else 0.0
    after = words[block.old.start].start if block.old.start < len(words) else before
    return before, after


def _spread(texts: Sequence[str], start: float, end: float) -> Iterator[SpokenWord]:
    """Yield the words one after another from `start` to `end`, each as long as its letters are many."""
    weights = [len(text) + 1 for text in texts]
    bounds = [start + (end - start) * share / sum(weights) for share in accumulate(weights, initial=0)]
    for text, (begin, stop) in zip(texts, pairwise(bounds), strict=True):
        yield SpokenWord(text, round(begin, 3), round(min(stop, begin + LONGEST_WORD), 3), 1.0)


def _with_sentences(words: Sequence[SpokenWord], language: str) -> tuple[SpokenWord, ...]:
    visible = [word for word in words if word.end - word.start >= SHORTEST_WORD / 2]
    ends = sentence_ends([word.text for word in visible], language)
    return tuple(replace(word, ends_sentence=end) for word, end in zip(visible, ends, strict=True))


def _plain(text: str) -> str:
    case_free = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in case_free if sign.isalnum())
