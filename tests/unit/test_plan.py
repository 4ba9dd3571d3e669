"""The plan adds up in frames, words and money, stays small, and buys nothing that is over the budget."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.plan import core, record_attributes
from functions.plan.phrases import DEAD_AIR, LONG_PAUSE, Phrase
from functions.plan.timeline import MOST_SILENCE
from functions.plan.transcript import Transcript
from shared.choices.words import Aspect, Style
from shared.contracts import Options
from shared.errors import BudgetExceeded, ModelRetired
from shared.film.plan import Look, Plan
from shared.models import video_models
from shared.models.clip_request import ClipBrief, clip_request
from shared.models.plan_question import SPEECH_LIMIT, PlannerReply, PlannerScene, within_limit
from shared.video.costs import planned_cost
from tests.unit.cloud_fixtures import MODEL
from tests.unit.plan_calls import request, sentences
from tests.unit.plan_examples import (
    Recording,
    garbage,
    post,
    quick,
    recordings,
    reply,
    scene,
    spoken_word,
    talk,
)

HALF_FRAME = 0.5 / 24 + 1e-6


def plan_of(
    recording: Recording, answer: PlannerReply | None = None, options: Options | None = None, model: str = MODEL
) -> Plan:
    order = request(recording.seconds, options)
    return core.plan(order, core.brief(recording.transcript, order, model), answer or reply(scene(0, 5)))


def check(film_plan: Plan, recording: Recording) -> None:
    """Frames, seconds, clips and words of a plan agree with each other and with the recording."""
    assert [scene.sequence for scene in film_plan.scenes] == list(range(1, len(film_plan.scenes) + 1))
    assert film_plan.scenes[0].start_frame == 0
    assert film_plan.scenes[-1].end_frame == film_plan.frames
    for before, after in pairwise(film_plan.scenes):
        assert before.end_frame == after.start_frame
        assert before.end_time == after.start_time
    for shot in film_plan.scenes:
        frames = shot.end_frame - shot.start_frame
        assert frames > 0
        assert shot.duration == pytest.approx(frames / 24, abs=1e-4)
        assert shot.veo_seconds in {4, 6, 8}
        assert frames <= shot.veo_seconds * 24
        assert shot.veo_seconds == 4 or frames > (shot.veo_seconds - 2) * 24
        assert len(shot.vertex_ai_prompt) <= 1_500
        assert f"Style: {shot.visual_style}" in shot.vertex_ai_prompt
    film = film_plan.frames / 24
    assert sum(cut_scene.end_frame - cut_scene.start_frame for cut_scene in film_plan.scenes) == film_plan.frames
    assert sum(cut_scene.duration for cut_scene in film_plan.scenes) == pytest.approx(
        film, abs=1e-4 * len(film_plan.scenes)
    )
    assert film_plan.excerpt_end - film_plan.excerpt_start == pytest.approx(film, abs=0.0011)
    assert film_plan.excerpt_end <= recording.seconds + HALF_FRAME + 0.001
    assert film <= film_plan.options.target_duration + 0.5 + HALF_FRAME
    words = recording.transcript.words
    pauses = [words[0].start, *(b.start - a.end for a, b in pairwise(words)), recording.seconds - words[-1].end]
    silence = sum(pause for pause in pauses if pause >= LONG_PAUSE)
    fits = recording.seconds <= film_plan.options.target_duration and max(pauses) < DEAD_AIR
    if fits and silence <= MOST_SILENCE * recording.seconds:
        assert film == pytest.approx(recording.seconds, abs=HALF_FRAME)
    for film_word in film_plan.words:
        assert 0 <= film_word.start <= film_word.end <= film + 0.001
    assert " ".join(w.text for w in film_plan.words) == " ".join(s.audio_text for s in film_plan.scenes if s.audio_text)


options = st.builds(
    Options,
    target_duration=st.one_of(st.just(5), st.floats(5, 60)),
    style=st.sampled_from(["realistic", "cinematic", "animated", "artistic"]),
)


@quick
@given(recordings(most_words=40), garbage, options)
@example(Recording(Transcript((spoken_word("so", 2.0, 2.02),), "en-US"), 2.02), [], Options())
def test_every_plan_adds_up(recording: Recording, answer: list[PlannerScene], choices: Options) -> None:
    """Whatever the model answers besides, one usable scene is enough: any film length can be cut from any speech."""
    check(plan_of(recording, reply(*answer, scene(0, 0)), choices), recording)


@quick
@given(recordings(most_words=40), garbage, options)
def test_the_record_keeps_the_words_of_the_film(
    recording: Recording, answer: list[PlannerScene], choices: Options
) -> None:
    film_plan = plan_of(recording, reply(*answer, scene(0, 0)), choices)
    transcription = record_attributes.transcription(recording.transcript, film_plan)
    assert " ".join(segment.text for segment in transcription.segments) == " ".join(
        word.text for word in film_plan.words
    )
    assert [task.prompt for task in record_attributes.tasks(film_plan, "bucket")] == [
        scene.vertex_ai_prompt for scene in film_plan.scenes
    ]
    assert [beat.sequence for beat in record_attributes.scene_beats(film_plan).scenes] == [
        scene.sequence for scene in film_plan.scenes
    ]


def test_a_scene_of_exactly_eight_seconds_buys_eight() -> None:
    # The long scene begins and ends on a half frame, where noise in the last digit could make 193 frames of 192.
    ends = (3.004, 5.0665, 9.0665, 13.0665, 19.0, 25.0)
    phrases = [Phrase(n, start, end, "so", True) for n, (start, end) in enumerate(pairwise((0.0, *ends)))]
    order = request(25.0, Options(target_duration=11))
    brief = replace(core.brief(talk(60), order, MODEL), phrases=phrases)
    long = core.plan(order, brief, reply(scene(1, 1), scene(2, 3))).scenes[1]
    assert (long.end_frame - long.start_frame, long.duration, long.veo_seconds) == (192, 8, 8)


def test_rounding_to_frames_never_adds_up() -> None:
    recording = Recording(sentences(*(round(n * 2.51, 2) for n in range(1, 12))), 27.61)
    film_plan = plan_of(recording, reply(*(scene(n, n) for n in range(11))))
    assert len(film_plan.scenes) == 11
    assert film_plan.frames == round(27.61 * 24)


def test_words_are_told_in_seconds_of_the_film() -> None:
    recording = Recording(sentences(*(float(n) for n in range(3, 60, 3))), 60.0)
    film_plan = plan_of(recording, reply(scene(2, 3), scene(4, 5)), Options(target_duration=12))
    assert film_plan.excerpt_start == pytest.approx(6.005, abs=0.01)
    assert [(w.text, round(w.start, 1)) for w in film_plan.words] == [("s2.", 0), ("s3.", 3), ("s4.", 6), ("s5.", 9)]


def test_the_word_after_the_last_cut_is_not_in_the_film() -> None:
    # The film ends 0.4 frames after the cut, where the next word has begun already.
    recording = Recording(
        Transcript(tuple(spoken_word(f"s{n}.", n * 2.515, n * 2.515 + 2.515) for n in range(9)), "x"), 23.0
    )
    film_plan = plan_of(recording, reply(scene(0, 0), scene(1, 1)), Options(target_duration=5))
    assert film_plan.frames / 24 > 5.03
    assert [word.text for word in film_plan.words] == ["s0.", "s1."]


@pytest.mark.parametrize("style", ["realistic", "cinematic", "animated", "artistic"])
@pytest.mark.parametrize(("aspect", "words"), [("9:16", "Vertical 9:16"), ("16:9", "Wide 16:9")])
def test_a_prompt_carries_look_style_and_framing(style: Style, aspect: Aspect, words: str) -> None:
    choices = Options(style=style, aspect_ratio=aspect)
    film_plan = plan_of(Recording(talk(20), 8.0), reply(scene(0, 0, "a boat.")), choices)
    prompt = film_plan.scenes[0].vertex_ai_prompt
    assert prompt.startswith("a boat. People: a sailor. Place: a lake. Palette: blue. Style: " + style)
    assert words in prompt


def test_a_prompt_without_end_leaves_room_for_the_style() -> None:
    look = Look(people="p" * 5_000, place="q" * 5_000, palette="r" * 5_000)
    answer = PlannerReply(overall_theme="t" * 5_000, look=look, scenes=[scene(0, 0, "x" * 5_000)], publish=post())
    film_plan = plan_of(Recording(talk(15), 6.0), answer)
    prompt = film_plan.scenes[0].vertex_ai_prompt
    assert len(prompt) == 1_500
    assert "Style: cinematic" in prompt
    assert len(film_plan.overall_theme) == 500


def test_the_plans_price_is_that_of_its_clips() -> None:
    film_plan = plan_of(Recording(sentences(3, 8, 15), 15.0), reply(*(scene(n, n) for n in range(3))))
    assert [scene.veo_seconds for scene in film_plan.scenes] == [4, 6, 8]
    assert planned_cost(film_plan) == pytest.approx(1.8)


@pytest.mark.parametrize("model", video_models.MODELS)
def test_what_must_not_be_seen_is_said_in_the_way_that_the_model_takes(model: str) -> None:
    film_plan = plan_of(Recording(talk(20), 8.0), model=model)
    takes = video_models.MODELS[model].negative_prompt
    assert takes == (model in ("veo-3.1-fast-generate-001", "veo-3.1-generate-001"))
    for shot in film_plan.scenes:
        assert (video_models.CLEAN_PICTURE in shot.vertex_ai_prompt) != takes
        brief = ClipBrief(model, "9:16", 4, shot.vertex_ai_prompt, video_models.NEGATIVE_PROMPT)
        assert ("negative_prompt" in clip_request(brief).body) == takes


@pytest.mark.parametrize("model", ["veo-2", "veo-3.0-generate-001", "veo-9"])
def test_a_model_that_is_not_for_sale_is_refused_with_the_alternatives(model: str) -> None:
    with pytest.raises(ModelRetired, match=model) as refusal:
        plan_of(Recording(talk(20), 8.0), model=model)
    assert all(name in str(refusal.value) for name in video_models.MODELS)


def test_a_video_over_the_budget_names_cost_and_limit() -> None:
    core.check_budget(1.5, 1.5)
    with pytest.raises(BudgetExceeded, match=r"1\.5001 USD.*1\.5 USD"):
        core.check_budget(1.5, 1.5001)


def test_a_shorter_recording_is_a_note() -> None:
    recording = Recording(sentences(3, 6, 9), 9.0)
    order = request(9.0)
    brief = core.brief(recording.transcript, order, MODEL)
    notes = core.degradations(order, brief, core.plan(order, brief, reply(scene(0, 0))))
    assert notes == ["The video is 9.0 s long: the recording is shorter than the 30 s asked for."]


@pytest.mark.parametrize("every", [0.4, 0.41, 0.43, 0.47])
def test_cuts_between_two_words_without_a_pause_are_a_note(every: float) -> None:
    order = request(60.0)
    brief = core.brief(talk(round(60 / every) - 1, every, every), order, MODEL)
    film_plan = core.plan(order, brief, reply(*(scene(n, n) for n in range(3))))
    notes = core.degradations(order, brief, film_plan)
    assert notes[-1] == f"{len(film_plan.scenes)} cut(s) fall between two words: the speech has no pause there."


def test_a_film_as_asked_for_has_no_notes() -> None:
    order = request(60.0, Options(target_duration=12))
    brief = core.brief(sentences(*(float(n) for n in range(3, 60, 3))), order, MODEL)
    assert core.degradations(order, brief, core.plan(order, brief, reply(scene(0, 3)))) == []


def test_a_film_cut_shorter_than_asked_for_says_so() -> None:
    order = request(60.0, Options(target_duration=13))
    brief = core.brief(sentences(*(float(n) for n in range(3, 60, 3))), order, MODEL)
    film_plan = core.plan(order, brief, reply(scene(0, 3)))
    assert core.degradations(order, brief, film_plan) == [
        "The video is 12.0 s long, not 13 s: it is cut where sentences end."
    ]


def test_one_request_carries_only_so_much_speech() -> None:
    transcript = Transcript(tuple(spoken_word("x" * 30_000 + ".", n, n + 0.9) for n in range(30)), "en-US")
    order = request(30.0)
    phrases = within_limit(core.brief(transcript, order, MODEL).phrases)
    assert 0 < len(phrases) < 30
    assert sum(len(phrase.text) for phrase in phrases) <= SPEECH_LIMIT
