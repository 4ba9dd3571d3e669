"""The words as captions show them: strong ones masked, and in scripts without spaces whole phrases instead of words.

Pure functions, touches nothing but the models inside budoux. A recogniser cuts Chinese, Japanese and Thai into pieces
that a line must not end between, and a person writes them in one row; libass breaks neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from shared.captions.faces import joins
from shared.captions.profanity import mask_words
from shared.film.captions import PAUSE
from shared.film.plan import Plan, Word
from shared.film.running_text import stand_close

# Words of which the last letter is one, for the rest may be marks.
_NEAR = 4
# Budoux's model of a language, by what its name holds.
_MODELS = {"ja": "japanese", "zh": "simplified_chinese", "th": "thai"}
# Languages whose small letter i has a dot that its capital has, too.
_DOTTED = ("tr", "az")
_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")


def caption_words(plan: Plan) -> tuple[Word, ...]:
    """Return the plan's words as the captions show them, in the picture and in the subtitles."""
    is_masked = plan.options.caption_style.profanity == "masked"
    words = mask_words(plan.words, plan.language_code) if is_masked else plan.words
    return tuple(in_phrases(words, plan.language_code))


def in_phrases(words: Sequence[Word], language_code: str) -> Sequence[Word]:
    """Return the words; of a language that writes no spaces, its phrases, each with the times of its signs."""
    model = _model(language_code.lower())
    if not model:
        return words
    return [phrase for run in _runs(words) for phrase in _phrases(run, model)]


def in_capitals(words: Sequence[Word], language_code: str) -> list[Word]:
    """Return the words in capitals, as the language has them."""
    is_dotted = language_code.lower().startswith(_DOTTED)
    texts = (word.text.replace("i", "İ") if is_dotted else word.text for word in words)
    return [word.model_copy(update={"text": text.upper()}) for word, text in zip(words, texts, strict=True)]


def _model(language_code: str) -> str:
    if language_code.startswith(_TRADITIONAL):
        return "traditional_chinese"
    return _MODELS.get(language_code.partition("-")[0], "")


@cache
def _parser(model: str) -> Any:
    import budoux  # pyright: ignore[reportMissingTypeStubs] - it ships none

    return getattr(budoux, f"load_default_{model}_parser")()


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words that belong to one row of signs: no space, no sentence's end and no pause between them."""
    run: list[Word] = []
    for word in words:
        if run and not _goes_on(run, word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _goes_on(run: Sequence[Word], word: Word) -> bool:
    if run[-1].ends_sentence or word.speaker != run[-1].speaker or word.start - run[-1].end > PAUSE or not word.text:
        return False
    # A recogniser's pieces may be marks alone, which stand upon what is before them.
    return joins(word.text[0]) or stand_close("".join(each.text for each in run[-_NEAR:]) or " ", word.text)


def _phrases(run: Sequence[Word], model: str) -> Iterator[Word]:
    text = "".join(word.text for word in run)
    if not any(ord(sign) > 0xFF for sign in text):  # noqa: PLR2004  neither of the scripts
        yield from run
        return
    pieces: list[str] = _parser(model).parse(text)
    bounds = [0, *accumulate(map(len, pieces))]
    for (first, last), piece in zip(pairwise(bounds), pieces, strict=True):
        parts = _words_within(run, first, last)
        yield parts[-1].model_copy(
            update={
                "text": piece.strip(),
                "start": _time(run, first),
                "end": _time(run, last, is_end=True),
                "ends_sentence": last == len(text) and run[-1].ends_sentence,
            }
        )


def _spans(run: Sequence[Word]) -> Iterator[tuple[int, int, Word]]:
    """Yield the first sign of each word in the run's text, the one after it, and the word."""
    at = 0
    for word in run:
        yield at, at + len(word.text), word
        at += len(word.text)


def _words_within(run: Sequence[Word], first: int, last: int) -> list[Word]:
    return [word for begin, end, word in _spans(run) if begin < last and end > first]


def _time(run: Sequence[Word], at: int, *, is_end: bool = False) -> float:
    """Return when the sign numbered `at` begins, or the one before it ends, as if a word's signs were of one length."""
    for begin, end, word in _spans(run):
        if begin <= at < end or (is_end and begin < at <= end):
            share = (at - begin) / (end - begin)
            return word.start + share * (word.end - word.start)
    return run[-1].end
