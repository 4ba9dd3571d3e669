"""Who speaks: how many are asked for, what the recogniser's labels become, and the names that a person gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from functions.plan import core, record_attributes
from functions.plan.transcript import Transcript, read
from functions.plan.words import with_corrections
from shared import wrong_values
from shared.aws.transcribe_request import TranscriptionOrder
from shared.aws.transcribe_request import request as transcribe_request
from shared.build import revisions
from shared.build.edits import Edit
from shared.build.scene_edits import Bench
from shared.captions import burnt_captions
from shared.captions.names import COLORS, with_names
from shared.contracts import Options
from shared.errors import InvalidEdit
from shared.film import subtitles
from shared.film.corrections import Correction
from shared.film.material import Material
from shared.film.plan import Plan, Word
from shared.http.requests import StartGeneration
from shared.models.plan_question import INSTRUCTIONS, instructions
from shared.models.plan_question import request as question
from tests.unit.media_fakes import plan
from tests.unit.plan_calls import request
from tests.unit.plan_examples import document, mark, reply, scene, word

MODEL = "veo-3.1-fast-generate-001"
SECONDS = 12.0
NUMBERS: list[tuple[Any, bool | int]] = [(False, False), (True, True), (2, 2), (10, 10), (3.0, 3)]
ORDERS: list[tuple[bool | int, dict[str, Any]]] = [
    (False, {}),
    (True, {"Settings": {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 30}}),
    (4, {"Settings": {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 4}}),
]
EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


def dialogue() -> str:
    """Two people by turns, as Amazon Transcribe writes it: words in the middle of a sentence, too."""
    items = list[dict[str, Any]]()
    for number in range(12):
        label = {"speaker_label": f"spk_{number // 3 % 2}"}
        items.append({**word(f"w{number}", str(number), str(number + 0.9)), **label})
        if number % 6 == 5:
            items.append({**mark("."), **label})
    return document(*items)


def heard_dialogue() -> Transcript:
    return read(dialogue(), SECONDS)


def plan_of(transcript: Transcript, **options: Any) -> tuple[core.PlanBrief, Plan]:
    order = request(SECONDS, Options(target_duration=12, **options))
    brief = core.brief(transcript, order, MODEL)
    return brief, core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))


@pytest.mark.parametrize(("value", "number"), NUMBERS)
def test_a_number_or_none_in_particular_is_asked_for(value: Any, number: bool | int) -> None:
    speakers = StartGeneration.model_validate({"videoId": "v", "speakers": value}).speakers
    assert (speakers, type(speakers)) == (number, type(number))
    assert Options.model_validate_json(Options(speakers=speakers).model_dump_json()).speakers == number


@pytest.mark.parametrize("value", [0, 1, 11, -2, 2.5, "2", None, [2]])
def test_no_other_number_is_taken(value: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        StartGeneration.model_validate({"videoId": "v", "speakers": value})
    assert wrong_values.first(refusal.value) == (("speakers",), "must be true, or a number from 2 to 10")


@pytest.mark.parametrize(("speakers", "settings"), ORDERS)
def test_speakers_are_asked_for_in_transcribes_words(speakers: bool | int, settings: dict[str, Any]) -> None:
    body = transcribe_request(TranscriptionOrder("job", "in", "out", None, speakers), "bucket", "role")
    assert {name: value for name, value in body.items() if name == "Settings"} == settings


def test_labels_become_the_words_speakers_and_a_turn_ends_a_sentence() -> None:
    transcript = heard_dialogue()
    assert [word.speaker for word in transcript.words] == [f"spk_{n // 3 % 2}" for n in range(12)]
    assert [word.ends_sentence for word in transcript.words] == [n % 3 == 2 for n in range(12)]
    assert transcript.speakers == ("spk_0", "spk_1")


def test_the_planning_model_is_told_who_speaks() -> None:
    brief, film = plan_of(heard_dialogue(), speakers=2)
    sent_phrases = question(brief.phrases_to_send, film.options, 12, 8, "en-US")["phrases"]
    assert [phrase[3] for phrase in sent_phrases] == ["spk_0", "spk_1", "spk_0", "spk_1"]
    assert "one person throughout" in instructions(brief.phrases)
    quiet, _ = plan_of(read(document(*(word(f"w{n}.", str(n), str(n + 0.9)) for n in range(12))), SECONDS))
    assert all(len(phrase) == 3 for phrase in question(quiet.phrases, film.options, 12, 8, "en-US")["phrases"])
    assert instructions(quiet.phrases) == INSTRUCTIONS


def test_plan_and_record_say_who_speaks_and_that_it_is_a_guess() -> None:
    brief, film = plan_of(heard_dialogue(), speakers=2)
    assert [word.speaker for word in film.words] == [word.speaker for word in heard_dialogue().words]
    segments = record_attributes.transcription(heard_dialogue(), film).model_dump(mode="json")["segments"]
    assert [segment["speaker"] for segment in segments] == ["spk_0", "spk_1", "spk_0", "spk_1"]
    order = request(SECONDS, film.options)
    assert core.degradations(order, brief, film) == [
        "2 speakers were told apart by their voices: who says which words is a guess."
    ]


def test_a_record_without_speakers_has_no_place_for_them() -> None:
    plain = read(document(*(word(f"w{n}.", str(n), str(n + 0.9)) for n in range(12))), SECONDS)
    brief, film = plan_of(plain, speakers=2)
    segments = record_attributes.transcription(plain, film).model_dump(mode="json")["segments"]
    assert all("speaker" not in segment for segment in segments)
    assert core.degradations(request(SECONDS, film.options), brief, film) == [
        "No second voice was told apart: all words are shown as one speaker's."
    ]


def test_what_a_person_has_typed_is_said_by_whoever_speaks_then() -> None:
    correction_words = (Word(text="corrected", start=3.1, end=3.8, speaker="spk_7"),)
    transcript = with_corrections(heard_dialogue(), [Correction(start=3.0, end=3.95, words=correction_words)])
    assert [word.speaker for word in transcript.words if word.text == "corrected"] == ["spk_1"]


def with_speaker_names(film: Plan, **speakers: str) -> Plan:
    change = EDIT.validate_python({"op": "speakers", "speakers": speakers})
    return revisions.revise(film, [change], Bench(Material(words=film.words, cuts=()), {}, {}))


def test_names_are_given_changed_and_taken_back() -> None:
    _, film = plan_of(heard_dialogue(), speakers=2)
    film_with_names = with_speaker_names(with_speaker_names(film, spk_1="Bo", spk_0="Ann"), spk_0="Anna")
    assert film_with_names.speakers == {"spk_0": "Anna", "spk_1": "Bo"}
    assert with_speaker_names(film_with_names, spk_1="").speakers == {"spk_0": "Anna"}
    assert revisions.differences(film, film_with_names) == ["speakers"]
    with pytest.raises(InvalidEdit, match="there is no spk_4: the speakers are spk_0, spk_1"):
        with_speaker_names(film, spk_4="Cy")
    with pytest.raises(InvalidEdit, match="no speakers were told apart"):
        with_speaker_names(plan((24,)), spk_0="Anna")


@pytest.mark.parametrize("speakers", [{}, {"Anna": "spk_0"}, {"spk_0": "x" * 31}, {"spk_0": 3}])
def test_a_name_is_a_short_text_for_a_label(speakers: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EDIT.validate_python({"op": "speakers", "speakers": speakers})


def turns() -> tuple[Word, ...]:
    return tuple(
        Word(text=text, start=at * 0.4, end=at * 0.4 + 0.4, speaker=speaker)
        for at, (text, speaker) in enumerate(
            [("one", "spk_0"), ("two", "spk_0"), ("three", "spk_1"), ("four", "spk_0")]
        )
    )


def test_no_caption_has_words_of_two_speakers_and_subtitles_name_them() -> None:
    srt = subtitles.srt(with_names(turns(), {"spk_0": "Anna"}), 4.0)
    assert [line for line in srt.splitlines() if line and not line[0].isdigit()] == [
        "Anna: one two",
        "three",
        "Anna: four",
    ]
    assert "three\n" in subtitles.vtt(turns(), 4.0)
    assert with_names(turns(), {}) == turns()
    times = [moment for word in with_names(turns(), {"spk_0": "A", "spk_1": "B"}) for moment in (word.start, word.end)]
    assert times == sorted(times)


def test_a_name_is_shown_as_it_is_written_and_commands_nothing() -> None:
    (name, *_) = with_names(turns(), {"spk_0": r"{\b1}Anna <i>"})
    assert name.text == "(/b1)Anna ‹i›:"


@pytest.mark.parametrize("look", ["words", "speakers"])
def test_one_look_has_a_colour_for_each_speaker_and_the_names(look: str) -> None:
    film = plan((48,), turns())
    options = film.options.model_copy(update={"captions": look})
    film = film.model_copy(update={"options": options, "speakers": {"spk_1": "Bo"}})
    text = burnt_captions.document(film, 0, 2)[0]
    colors = [f"\\c&H{color[5:7]}{color[3:5]}{color[1:3]}&" for color in COLORS[:2]]
    assert [color in text for color in (*colors, "Bo:")] == [look == "speakers"] * 3


def test_a_plan_of_an_earlier_version_has_no_speakers() -> None:
    document_of_plan = json.loads(plan((24,), turns()).model_dump_json())
    del document_of_plan["speakers"]
    del document_of_plan["options"]["speakers"]
    for each in document_of_plan["words"]:
        del each["speaker"]
    film = Plan.model_validate_json(json.dumps(document_of_plan))
    assert (film.speakers, film.options.speakers, {word.speaker for word in film.words}) == ({}, False, {""})
