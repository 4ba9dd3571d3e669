"""Choose the moments of a recording, as the language model is asked to: by what can be counted, which the answer says.

Touches nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.emulators.openai.planner_question import SpokenPhrase
from local.emulators.openai.planner_reader import Reader, reader_of
from local.emulators.openai.planner_text import ends_sentence, first_sentence, last_sentence
from local.emulators.openai.planner_words import HOUSEKEEPING, LEANING, PRONOUNS, STIRRING, TURNING
from local.emulators.openai.posting import HOOK_LENGTH, TITLE_TOPICS, title
from shared.film.running_text import join_texts
from shared.publishing.words import shorten

# Words of a first sentence: up to so many catch at once.
SHORT_SENTENCE = 14
MOST_POINTS = 10
WEIGHTS = {"hook": 3, "self_contained": 3, "emotion": 2, "novelty": 2}
COUNTED = "Counted by the planner's stand-in, which understands nothing:"


@dataclass(frozen=True)
class _Measures:
    """What is counted of an excerpt, against the words of everything that was sent."""

    reader: Reader
    tally: Counter[str]
    wish: frozenset[str]

    def rubric(self, text: str) -> dict[str, Any]:
        words = self.reader.salient(text)
        first = first_sentence(text)
        opening = first.lower().split()
        bare = [_bare(word) for word in opening]
        # What leans on what was said before, and what a show says of itself, is nothing alone.
        leaning = 4 * (bare[:1] != [] and bare[0] in LEANING) + 3 * bool(PRONOUNS & set(bare))
        leaning += 6 * any(words in text.lower() for words in HOUSEKEEPING)
        last = last_sentence(text)
        leaning += 6 * (last != first and bool(TURNING & {_bare(word) for word in last.lower().split()[:1]}))
        stirring = [word for word in text.lower().split() if word.strip("\"',.;:!?") in STIRRING]
        rare = [word for word in set(words) if self.tally[word] <= 1]
        wish_words = self.wish & set(words)
        short = len(opening) <= SHORT_SENTENCE
        asks = first.endswith("?") or any(sign.isdigit() for sign in first)
        # A long excerpt has more of every word.
        emotion = round(100 * len(stirring) / max(len(text.split()), 1))
        novelty = round(10 * len(rare) / max(len(set(words)), 1)) + 3 * len(wish_words)
        return {
            "hook": _judgement(3 + 3 * short + 3 * asks, f"its first sentence has {len(opening)} words"),
            "self_contained": _judgement(9 - leaning, f"it begins with “{(opening or [''])[0]}”"),
            "emotion": _judgement(2 + emotion, f"{len(stirring)} of its words are stirring"),
            "novelty": _judgement(novelty, f"{len(rare)} of its words are said nowhere else"),
        }


def choose(question: dict[str, Any]) -> dict[str, Any]:
    """Return the moments that are asked for in the shape of the reply."""
    rows = question["phrases"]
    phrases = [SpokenPhrase(int(i), float(s), str(text)) for i, s, text, *_ in rows]
    measures = _measures(question, [phrase.text for phrase in phrases])
    shortest, target, longest = (float(question[f"{name}_seconds"]) for name in ("shortest", "target", "longest"))
    options: list[tuple[float, int, int, dict[str, Any]]] = []
    places = [*_sentences(phrases, shortest, longest)] or [*_pieces(phrases, longest)]
    for first, last, seconds in places:
        rubric = measures.rubric(_text(phrases, first, last))
        options.append((_score(rubric) - 10 * abs(seconds - target) / target, first, last, rubric))
    return {"moments": [_moment(measures.reader, phrases, *row) for row in _best(options, int(question["count"]))]}


def rank(question: dict[str, Any]) -> dict[str, Any]:
    """Return the rubric of every moment that is asked about, by one measure."""
    rows = question["moments"]
    measures = _measures(question, [str(text) for _, _, text in rows])
    return {"moments": [{"number": int(n), "rubric": measures.rubric(str(text))} for n, _, text in rows]}


def _measures(question: dict[str, Any], texts: Sequence[str]) -> _Measures:
    reader = reader_of(str(question.get("language") or ""))
    tally = Counter(word for text in texts for word in reader.salient(text))
    return _Measures(reader, tally, frozenset(reader.salient(str(question.get("wish") or ""))))


def _sentences(phrases: Sequence[SpokenPhrase], shortest: float, longest: float) -> Iterator[tuple[int, int, float]]:
    """Yield the stretches of whole sentences that may be a moment."""
    is_start = True
    for first, phrase in enumerate(phrases):
        seconds = 0.0
        for last in range(first, len(phrases)) if is_start and phrase.text.strip() else ():
            seconds += phrases[last].seconds
            if seconds > longest:
                break
            if seconds >= shortest and phrases[last].text.strip() and ends_sentence(phrases[last].text):
                yield first, last, seconds
        # Who falls silent may go on with the same sentence.
        is_start = ends_sentence(phrase.text) if phrase.text.strip() else is_start


def _pieces(phrases: Sequence[SpokenPhrase], longest: float) -> Iterator[tuple[int, int, float]]:
    """Yield stretches of whole phrases, where no sentence is told, or each lasts too long."""
    first = 0
    seconds = 0.0
    for number, phrase in enumerate(phrases):
        if seconds + phrase.seconds > longest and number > first:
            yield first, number - 1, seconds
            first = number
            seconds = 0.0
        seconds += phrase.seconds
    if phrases:
        yield first, len(phrases) - 1, seconds


def _best(
    options: Sequence[tuple[float, int, int, dict[str, Any]]], count: int
) -> list[tuple[int, int, dict[str, Any]]]:
    choice: list[tuple[int, int, dict[str, Any]]] = []
    for _, first, last, rubric in sorted(options, key=lambda each: (-each[0], each[1])):
        if len(choice) < count and all(last < begin or end < first for begin, end, _ in choice):
            choice.append((first, last, rubric))
    return choice


def _moment(
    reader: Reader, phrases: Sequence[SpokenPhrase], first: int, last: int, rubric: dict[str, Any]
) -> dict[str, Any]:
    text = _text(phrases, first, last)
    topics = reader.topics([phrase.text for phrase in phrases[first : last + 1]], TITLE_TOPICS)
    return {
        "first_phrase": phrases[first].number,
        "last_phrase": phrases[last].number,
        "title": title(topics, text),
        "hook": shorten(first_sentence(text), HOOK_LENGTH),
        "reason": f"{COUNTED} {_score(rubric)} of 100 points.",
        "rubric": rubric,
    }


def _bare(word: str) -> str:
    return word.strip(",.;:!?")


def _score(rubric: dict[str, Any]) -> int:
    return sum(rubric[name]["points"] * weight for name, weight in WEIGHTS.items())


def _judgement(points: int, because: str) -> dict[str, Any]:
    return {"points": min(max(points, 0), MOST_POINTS), "because": because}


def _text(phrases: Sequence[SpokenPhrase], first: int, last: int) -> str:
    return join_texts(phrase.text for phrase in phrases[first : last + 1])
