"""Recordings that a recogniser mishears, as they are in the field: what it invents is left out or noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.plan import core
from functions.plan.transcript import Transcript, read
from local.emulators.transcribe.transcript import result
from local.speech.recogniser import Recogniser
from shared.contracts import Options
from shared.film import subtitles
from shared.film.plan import Plan
from shared.film.sentences import is_abbreviation
from tests.unit.plan_calls import request
from tests.unit.plan_examples import document, reply, scene, word

CASES = Path(__file__).parents[1] / "cases"
SECONDS = {"repeat": 10.22, "german": 11.57, "us": 23.29}


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    hears = Recogniser()
    yield hears
    hears.close()


def made_of(recogniser: Recogniser, name: str) -> tuple[Transcript, Plan, list[str]]:
    """Return what is heard in a case, a plan of all of it, and what the plan says of it."""
    segments = recogniser.transcribe((CASES / f"{name}.flac").read_bytes(), "flac").segments
    transcript = read(json.dumps(result("job", "1", "en-US", segments, None)), SECONDS[name])
    order = request(SECONDS[name], Options(target_duration=30))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    film_plan = core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))
    return transcript, film_plan, core.degradations(order, brief, film_plan)


def test_a_phrase_that_is_repeated_is_not_repeated_beyond_what_is_said(recogniser: Recogniser) -> None:
    transcript, film_plan, notes = made_of(recogniser, "repeat")
    assert transcript.left_out > len(transcript.words)
    assert any(note.startswith(f"{transcript.left_out} of ") and "left out" in note for note in notes)
    # Two words are said, by turns; none is left that lasts too short to be one.
    assert len(film_plan.words) <= 40
    assert {word.text.strip(".,").lower() for word in transcript.words} == {"no", "yes"}


def test_another_language_is_doubtful(recogniser: Recogniser) -> None:
    transcript, _, notes = made_of(recogniser, "german")
    assert transcript.confidence < core.SURE
    assert any(note.startswith("The words are doubtful") for note in notes)


def test_no_caption_ends_at_an_abbreviation(recogniser: Recogniser) -> None:
    transcript, film_plan, _ = made_of(recogniser, "us")
    assert "p.m." in {word.text for word in transcript.words}
    text = subtitles.srt(film_plan.words, film_plan.frames / 24)
    captions = text.strip().split("\n\n")
    assert len(captions) > 3
    # Its first line may: the next one stands below it.
    assert not [caption for caption in captions[:-1] if is_abbreviation(caption.split()[-1])]


def test_no_caption_of_a_written_text_ends_at_an_abbreviation() -> None:
    text = "Prof. Lea of Smith Inc. in the U.S. said so at 5 p.m. on Monday. See No. 5 of it, e.g. by Dr. Li. Good."
    times = [(content, str(n * 0.4), str(n * 0.4 + 0.35)) for n, content in enumerate(text.split())]
    transcript = read(document(*(word(content, start, end) for content, start, end in times)), 12.0)
    order = request(12.0, Options(target_duration=12))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    film_plan = core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))
    lines = [
        line for line in subtitles.srt(film_plan.words, 12.0).splitlines() if line[-1:].isalpha() or line[-1:] == "."
    ]
    assert len(lines) > 2
    assert not [line for line in lines if is_abbreviation(line.split()[-1])]
