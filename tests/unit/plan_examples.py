"""Recordings, transcripts and phrases for the tests of the plan stage, written out and drawn at random."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

from functions.plan.phrases import Phrase
from functions.plan.transcript import SpokenWord, Transcript
from shared.film.plan import Look
from shared.film.sentences import closes_sentence
from shared.models.plan_question import PlannerPost, PlannerReply, PlannerScene

quick = settings(max_examples=40, deadline=None)


def word(text: str, start: object, end: object, confidence: object = "0.99") -> dict[str, Any]:
    """A spoken word as Amazon Transcribe writes it: every number is a string."""
    alternatives = [{"confidence": confidence, "content": text}]
    return {"id": 0, "type": "pronunciation", "alternatives": alternatives, "start_time": start, "end_time": end}


def mark(text: str) -> dict[str, Any]:
    """A punctuation mark as Amazon Transcribe writes it: without times, with confidence 0."""
    return {"id": 0, "type": "punctuation", "alternatives": [{"confidence": "0.0", "content": text}]}


def document(*items: dict[str, Any], **results: object) -> str:
    """Amazon Transcribe's result file."""
    contents = {"language_code": "en-US", "transcripts": [{"transcript": "…"}], "items": items, **results}
    return json.dumps({"jobName": "job", "accountId": "1", "status": "COMPLETED", "results": contents})


def spoken_word(text: str, start: float, end: float) -> SpokenWord:
    return SpokenWord(text, start, end, 0.9, closes_sentence(text))


def talk(count: int, every: float = 0.4, length: float = 0.35, sentence: int = 0) -> Transcript:
    """Somebody who says `count` words without a pause; every `sentence`-th word ends a sentence."""
    return Transcript(
        tuple(
            spoken_word(
                f"w{n}." if sentence and (n + 1) % sentence == 0 else f"w{n}",
                round(n * every, 3),
                round(n * every + length, 3),
            )
            for n in range(count)
        ),
        "en-US",
    )


class Recording(NamedTuple):
    """A transcript and the recording's length in seconds."""

    transcript: Transcript
    seconds: float


@st.composite
def recordings(draw: st.DrawFn, most_words: int = 150) -> Recording:
    """Words up to 3 s, in order, with gaps from nothing to long silences, some ending a sentence."""
    gap = st.one_of(st.just(0), st.integers(0, 240), st.integers(0, 2_000), st.integers(0, 30_000))
    length = st.one_of(st.integers(20, 600), st.integers(20, 3_000))
    words = st.tuples(gap, length, st.sampled_from(["so", "then", "end.", "what?", "Mr."]))
    now = 0
    spoken_words = list[SpokenWord]()
    for silence, lasts, text in draw(st.lists(words, min_size=1, max_size=most_words)):
        begin = now + silence
        now = begin + lasts
        spoken_words.append(spoken_word(text, begin / 1000, now / 1000))
    tail = draw(st.one_of(st.just(0), st.integers(0, 40_000)))
    return Recording(Transcript(tuple(spoken_words), "en-US"), max(now + tail, 2_000) / 1000)


def side_by_side(*lengths: float) -> list[Phrase]:
    """Phrases of these lengths, from 0 on."""
    phrases: list[Phrase] = []
    for index, length in enumerate(lengths):
        start = phrases[-1].end if phrases else 0.0
        phrases.append(Phrase(index, start, start + length, f"phrase {index}.", True))
    return phrases


def scene(first: int, last: int, prompt: str = "a boat on a lake") -> PlannerScene:
    return PlannerScene(first_phrase=first, last_phrase=last, scene_description="A boat.", prompt=prompt)


_index = st.one_of(st.integers(-3, 40), st.sampled_from([-(10**12), 10**12]))
_words = st.sampled_from(["", "  ", "a boat", "b" * 5_000])
garbage = st.lists(
    st.builds(PlannerScene, first_phrase=_index, last_phrase=_index, scene_description=_words, prompt=_words),
    max_size=60,
)


def reply(*scenes: PlannerScene) -> PlannerReply:
    look = Look(people="a sailor.", place="a lake", palette="blue")
    return PlannerReply(overall_theme="A day on the lake", look=look, scenes=list(scenes), publish=post())


def post(title: str = "A day on the lake", hook: str = "", description: str = "", *hashtags: str) -> PlannerPost:
    return PlannerPost(title=title, hook=hook, description=description, hashtags=list(hashtags))
