"""Plan a short film from the phrases of a recording, as the language model is asked to.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from local.emulators.openai.planner_question import PlannerQuestion, SpokenPhrase
from local.emulators.openai.planner_reader import Reader
from local.emulators.openai.planner_text import ends_sentence
from local.emulators.openai.planner_words import LIGHTS, LOOKS, NOBODY, PEOPLE, SHOTS
from local.emulators.openai.posting import publish
from shared.film.running_text import join_texts

SHORTEST = 3.0
IDEAL = 6.0
# A film this long, in seconds, has at least two scenes.
SPLIT_FROM = 4.0
# Rounding of the phrases' seconds must not cost a phrase.
SLACK = 0.01
# The share of a film in which nobody speaks.
MOST_SILENCE = 0.2
# A wish of so many words is repeated as it is; of a longer one only what it is about.
SHORT_WISH = 8


def plan(brief: PlannerQuestion) -> dict[str, Any]:
    """Return the plan in the shape of the reply: theme, look, scenes and the words to post it with."""
    window = _best_window(brief)
    scenes = _scenes(window, brief.longest_scene)
    about = brief.reader.topics([phrase.text for phrase in window], 3)
    subjects = _subjects(brief.reader, scenes, about)
    return {
        "overall_theme": _theme(about, brief.wish),
        "look": _look(brief, about),
        "scenes": [_scene(brief, n, scenes[n], subject) for n, subject in enumerate(subjects)],
        "publish": publish(brief.reader, [phrase.text for phrase in window]),
    }


def _best_window(brief: PlannerQuestion) -> Sequence[SpokenPhrase]:
    """Return the stretch of phrases, no longer than the target, that makes the best film."""
    ends = [0.0, *accumulate(phrase.seconds for phrase in brief.phrases)]
    if ends[-1] <= brief.target + SLACK:
        return brief.phrases
    weights = [0.0, *accumulate(_weight(phrase, brief) for phrase in brief.phrases)]
    best = (0, 1)
    best_score = float("-inf")
    last = 0
    for first in range(len(brief.phrases)):
        last = max(last, first + 1)
        while last < len(brief.phrases) and ends[last + 1] - ends[first] <= brief.target + SLACK:
            last += 1
        # A shorter stretch may end better than the longest one that fits.
        for stop in range(max(first + 1, last - 4), last + 1):
            score = _score(brief, first, stop, ends[stop] - ends[first], weights[stop] - weights[first])
            if score > best_score:
                best = (first, stop)
                best_score = score
    return brief.phrases[best[0] : best[1]]


def _weight(phrase: SpokenPhrase, brief: PlannerQuestion) -> float:
    words = brief.reader.salient(phrase.text)
    return len(words) + 3 * len(brief.wish_words & set(words))


def _score(brief: PlannerQuestion, first: int, stop: int, seconds: float, weight: float) -> float:
    """Return how good a stretch is: full, whole sentences, much said; one that is too long is the last resort."""
    starts = first == 0 or ends_sentence(brief.phrases[first - 1].text)
    ends = ends_sentence(brief.phrases[stop - 1].text)
    silent = sum(not brief.phrases[index].text.strip() for index in (first, stop - 1))
    quiet = sum(phrase.seconds for phrase in brief.phrases[first:stop] if not phrase.text.strip())
    excess = max(0.0, seconds - brief.target - SLACK)
    fullness = min((seconds - quiet) / brief.target, 1.0) - max(0.0, quiet - MOST_SILENCE * seconds)
    return 10 * fullness + 2 * starts + 2 * ends + weight / max(seconds, 1.0) - 1.5 * silent - 100 * excess


def _scenes(window: Sequence[SpokenPhrase], longest: float) -> list[Sequence[SpokenPhrase]]:
    """Return the window cut into scenes, at the breaks that cost least in all."""
    whole = sum(phrase.seconds for phrase in window)
    must_split = whole >= SPLIT_FROM and len(window) > 1
    costs = [0.0]
    cuts = [0]
    for stop in range(1, len(window) + 1):
        options = [
            (costs[first] + _cost(window[first:stop], longest), first)
            for first in range(stop)
            if not (must_split and stop - first == len(window))
        ]
        cost, first = min(options)
        costs.append(cost)
        cuts.append(first)
    return _cut(window, cuts)


def _cut(window: Sequence[SpokenPhrase], cuts: list[int]) -> list[Sequence[SpokenPhrase]]:
    scenes: list[Sequence[SpokenPhrase]] = []
    stop = len(window)
    while stop:
        scenes.append(window[cuts[stop] : stop])
        stop = cuts[stop]
    return scenes[::-1]


def _cost(phrases: Sequence[SpokenPhrase], longest: float) -> float:
    seconds = sum(phrase.seconds for phrase in phrases)
    too_long = 1000.0 * (len(phrases) - 1) if seconds > longest + SLACK else 0.0
    too_short = 2 * max(0.0, SHORTEST - seconds)
    cut_penalty = 0.0 if ends_sentence(phrases[-1].text) else 1.5
    # The constant keeps the number of scenes, each of which is paid for, low.
    return 1.0 + too_long + too_short + cut_penalty + 0.1 * abs(seconds - min(IDEAL, longest))


def _theme(about: list[str], wish: str) -> str:
    themes = _list(about) or "a quiet moment"
    manner = f", told the way the author asked: {wish.strip().rstrip('.')}" if wish.strip() else ""
    return f"A short video about {themes}{manner}."


def _list(words: list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _look(brief: PlannerQuestion, about: list[str]) -> dict[str, str]:
    manner, palette = LOOKS.get(brief.style, LOOKS["cinematic"])
    place = f"one place that fits {_list(about)}" if about else "one quiet place"
    people = [f"an adult in {color}" for color in brief.clothes.values()]
    return {
        "people": f"{_list(people)}, seen mostly from behind" if people else PEOPLE,
        "place": f"{place}, with {manner}",
        "palette": palette,
    }


def _scene(brief: PlannerQuestion, number: int, phrases: Sequence[SpokenPhrase], subject: str) -> dict[str, Any]:
    opening, camera = SHOTS[number % len(SHOTS)]
    description = f"{opening.format(subject=subject)}{_wish_clause(brief)}."
    wish = f" The author wishes for this: {brief.wish.strip().rstrip('.')}." if brief.wish.strip() else ""
    light = LIGHTS[number % len(LIGHTS)]
    speaker = next((brief.clothes[phrase.speaker] for phrase in phrases if phrase.speaker), "")
    person = f" The adult in {speaker} is in the middle of the picture." if speaker else ""
    return {
        "first_phrase": phrases[0].number,
        "last_phrase": phrases[-1].number,
        "scene_description": description,
        "prompt": f"{description} {camera}, in {light}.{person}{wish} The style is {brief.style}.",
    }


def _wish_clause(brief: PlannerQuestion) -> str:
    """Return what of the author's wish can be said in a scene's first sentence."""
    words = brief.wish.strip().rstrip(".").split()
    gist = " ".join(words) if len(words) <= SHORT_WISH else _list(brief.reader.subjects(brief.wish)[:2])
    return f", with the wish for {gist[:1].lower()}{gist[1:]}" if gist else ""


def _subjects(reader: Reader, scenes: Sequence[Sequence[SpokenPhrase]], about: list[str]) -> list[str]:
    """Return what each scene shows of its own words, something else in every one as long as they give it."""
    sentences: list[str] = []
    earlier: list[set[str]] = []
    for number, phrases in enumerate(scenes):
        speech = join_texts(phrase.text for phrase in phrases)
        candidates = _apart(reader, reader.subjects(speech))
        fresh = [subject for subject in candidates if not _is_among(reader, subject, earlier)]
        selection = (fresh or candidates)[:2] or [
            _thoughtful(reader, about[number % len(about)] if about else NOBODY, speech)
        ]
        earlier += [_sense(reader, subject) for subject in selection]
        sentences.append(" and ".join(sorted(selection, key=lambda subject: _place(subject, speech))))
    return sentences


def _thoughtful(reader: Reader, subject: str, speech: str) -> str:
    """Return a subject for words in which nothing is named: what the film is about, in the mood of the words."""
    mood = list(dict.fromkeys(reader.salient(speech)))[:2]
    return f"{subject}, with a thought of {' and '.join(mood)}" if mood else subject


def _apart(reader: Reader, subjects_said: Iterable[str]) -> list[str]:
    """Return the subjects in order, without those whose words contain, or are contained in, an earlier one's."""
    apart: list[str] = []
    for subject in subjects_said:
        if not _is_among(reader, subject, [_sense(reader, earlier) for earlier in apart]):
            apart.append(subject)
    return apart


def _is_among(reader: Reader, subject: str, others: Iterable[set[str]]) -> bool:
    words = _sense(reader, subject)
    return any(words <= other or other <= words for other in others)


def _sense(reader: Reader, subject: str) -> set[str]:
    # A subject of short words alone, as "the ox", is told by the whole of it.
    return set(reader.salient(subject)) or {subject}


def _place(subject: str, speech: str) -> int:
    return speech.lower().find(subject.lower().split(" ")[-1])
