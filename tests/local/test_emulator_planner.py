"""The planner's stand-in: what it picks out of a recording and how it cuts it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.emulators.openai.planner import plan
from local.emulators.openai.planner_question import PlannerQuestion, SpokenPhrase
from local.emulators.openai.planner_reader import reader_of
from local.emulators.openai.planner_text import ends_sentence, salient, subjects
from local.emulators.openai.rephraser import gentler

TEXTS = ["the old house stands", "by the frozen lake.", "", "Who knows?", "a red boat and many gulls,", "they say"]


def brief(
    phrases: list[tuple[float, str]], target: float = 30.0, longest: float = 8.0, wish: str = ""
) -> PlannerQuestion:
    spoken_phrases = tuple(SpokenPhrase(number, seconds, text) for number, (seconds, text) in enumerate(phrases))
    return PlannerQuestion(target, longest, "cinematic", wish, spoken_phrases)


@settings(max_examples=60, deadline=None)
@given(
    phrases=st.lists(st.tuples(st.floats(0.3, 7.9), st.sampled_from(TEXTS)), min_size=1, max_size=40),
    target=st.floats(8.0, 64.0),
)
def test_every_plan_keeps_its_promises(phrases: list[tuple[float, str]], target: float) -> None:
    scenes = plan(brief(phrases, target))["scenes"]
    spans = [(scene["first_phrase"], scene["last_phrase"]) for scene in scenes]
    assert all(first <= last for first, last in spans)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(spans))
    lengths = [sum(phrases[index][0] for index in range(first, last + 1)) for first, last in spans]
    assert max(lengths) <= 8.02
    assert sum(lengths) <= target + 0.02
    if sum(lengths) >= 4 and spans[0][0] != spans[-1][1]:
        assert len(scenes) >= 2
    assert all(scene["prompt"] and scene["scene_description"] for scene in scenes)


def test_a_window_begins_and_ends_with_its_sentences() -> None:
    sentences = [
        "so he said",
        "and went away.",
        "A small boat leaves the harbour.",
        "It never returns.",
        "And then they",
    ]
    scenes = plan(brief([(4.0, text) for text in sentences], target=8.0))["scenes"]
    assert (scenes[0]["first_phrase"], scenes[-1]["last_phrase"]) == (2, 3)


def test_the_wish_draws_the_window_to_its_words() -> None:
    sentences = ["The kitchen is warm today.", "The garden is green today.", "The harbour is grey today."]
    film_plan = plan(brief([(6.0, text) for text in sentences], target=6.0, wish="show the harbour"))
    assert film_plan["scenes"][0]["first_phrase"] == 2
    assert "show the harbour" in film_plan["scenes"][0]["prompt"]
    assert "show the harbour" in film_plan["overall_theme"]


def test_every_scene_shows_the_wish_and_something_of_its_own() -> None:
    sentences = ["An old man waits.", "The old man waits by a door.", "A red boat leaves.", "The old man waits."]
    scenes = plan(brief([(6.0, text) for text in sentences], wish="A lighthouse keeper's last night"))["scenes"]
    descriptions = [scene["scene_description"] for scene in scenes]
    assert all(text.endswith(", with the wish for a lighthouse keeper's last night.") for text in descriptions)
    subjects_shown = [text.partition(", with")[0].split(" ", 3)[3] for text in descriptions]
    assert len(set(subjects_shown)) == len(descriptions) == 4


def test_a_recording_that_fits_is_used_whole() -> None:
    scenes = plan(brief([(0.6, ""), (4.0, "A small boat leaves."), (4.0, "It never returns."), (0.6, "")]))["scenes"]
    assert (scenes[0]["first_phrase"], scenes[-1]["last_phrase"]) == (0, 3)


def test_a_phrase_longer_than_any_scene_is_still_planned() -> None:
    assert len(plan(brief([(12.0, "One endless breath.")], target=8.0))["scenes"]) == 1


def test_scenes_differ_and_silence_is_filmed_too() -> None:
    scenes = plan(brief([(6.0, ""), (6.0, ""), (6.0, "")]))["scenes"]
    assert len({scene["prompt"] for scene in scenes}) == 3


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("He packs a small green tent and drives to my frozen lake.", ["a small green tent", "the frozen lake"]),
        ("on his first entering a neighbourhood", ["a neighbourhood"]),
        ("said Mr. John Dashwood of Norland Park.", ["Mr John Dashwood", "Norland Park"]),
        ("Had he married a more amiable woman,", ["the amiable woman"]),
        ("It is what it is", []),
    ],
)
def test_noun_phrases_are_found(text: str, nouns: list[str]) -> None:
    assert subjects(text)[:2] == nouns


def test_words_and_sentences_are_told_apart() -> None:
    assert salient("The Lake, and it is so cold") == ["lake", "cold"]
    assert [ends_sentence(text) for text in ('"Yes!"', "no,", " ")] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Mr. John Dashwood came. Then John Dashwood left.", "Mr John Dashwood"),
        ("The old house. The house.", "the old house"),
        ("The ox. The red boat.", "the ox and the red boat"),
        ("The red boat. The lake.", "the red boat and the lake"),
    ],
)
def test_subjects_that_contain_one_another_are_one(text: str, subject: str) -> None:
    assert plan(brief([(6.0, text)]))["scenes"][0]["scene_description"] == f"The scene opens on {subject}."


def test_each_scene_shows_something_of_its_own_words() -> None:
    phrases = ["The old house. The red boat.", "The house. The wooden tower.", "The old house."]
    prompts = [scene["prompt"] for scene in plan(brief([(6.0, text) for text in phrases]))["scenes"]]
    assert "the old house and the red boat" in prompts[0]
    assert "the wooden tower" in prompts[1]
    assert "house" not in prompts[1]
    # Nothing else is said in it, so it shows again what an earlier one has shown.
    assert "the old house" in prompts[2]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=6))
def test_any_words_make_scenes_with_a_prompt_each(texts: list[str]) -> None:
    scenes = plan(brief([(6.0, text) for text in texts]))["scenes"]
    assert all(scene["prompt"].strip() for scene in scenes)
    assert [scene["first_phrase"] for scene in scenes] == sorted(scene["first_phrase"] for scene in scenes)


def test_each_speaker_is_a_person_whom_their_scenes_show() -> None:
    texts = ["The old house stands by the lake.", "And a red boat lies on the shore."]
    phrases = [[n, 5.0, text, f"spk_{n}"] for n, text in enumerate(texts)]
    question = {"phrases": phrases, "target_seconds": 10, "max_scene_seconds": 8, "style": "cinematic", "wish": ""}
    film_plan = plan(PlannerQuestion.from_json(question))
    assert film_plan["look"]["people"].startswith("an adult in blue and an adult in red")
    assert ["blue" in scene["prompt"] for scene in film_plan["scenes"]] == [True, False]
    assert ["red is in the middle" in scene["prompt"] for scene in film_plan["scenes"]] == [False, True]


SCRIPTS = {
    "ru-RU": (["Старый маяк стоит у моря.", "Рыбаки чинят сети на берегу."], ["старый", "рыбаки"]),
    "el-GR": (["Το παλιό καράβι γυρίζει στο λιμάνι.", "Οι ψαράδες τραγουδούν."], ["καράβι", "ψαράδες"]),
    "ar-SA": (["القارب القديم يعود إلى الميناء.", "الصيادون يصلحون الشباك."], ["القارب", "الصيادون"]),
    "he-IL": (["הסירה הישנה חוזרת לנמל.", "הדייגים מתקנים רשתות."], ["הסירה", "הדייגים"]),
    "hi-IN": (["पुरानी नाव बंदरगाह लौटती है।", "मछुआरे जाल ठीक करते हैं।"], ["बंदरगाह", "मछुआरे"]),
    "th-TH": (["เรือเก่ากลับเข้าท่าเรือ", "ชาวประมงซ่อมแหอยู่ริมทะเล"], ["เรือ", "ชาวประมง"]),
    "ja-JP": (["古い灯台が海のそばに立つ。", "漁師たちは網を直している。"], ["灯台", "漁師"]),
    "zh-CN": (["古老的灯塔矗立在海边。", "渔民在岸上修补渔网。"], ["灯塔", "渔民"]),
    "ko-KR": (["오래된 등대가 바닷가에 서 있다.", "어부들이 그물을 고친다."], ["바닷가", "어부"]),
    "es-ES": (["El viejo faro está junto al mar.", "Los pescadores reparan sus redes."], ["viejo", "pescadores"]),
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_words_of_any_script_make_scenes_that_show_them(language: str) -> None:
    texts, things = SCRIPTS[language]
    question = replace(brief([(5.0, text) for text in texts], wish=texts[1]), language=language)
    film_plan = plan(question)
    scenes = film_plan["scenes"]
    assert len(scenes) == 2
    for scene, thing in zip(scenes, things, strict=True):
        prompt = scene["prompt"].partition(" The author wishes")[0].lower()
        assert thing in prompt
        # No English article before a word of another language.
        assert " the " + thing not in prompt
        mild = gentler(scene["prompt"])
        assert thing in mild.lower()
        assert gentler(mild) == mild
    assert texts[1].rstrip(".。।") in film_plan["overall_theme"]


@given(text=st.text(max_size=80), language=st.sampled_from([*SCRIPTS, "en-US", "und", "", "xx-XX"]))
@settings(max_examples=60, deadline=None)
def test_any_signs_are_read(text: str, language: str) -> None:
    reader = reader_of(language)
    assert all(word.strip() for word in (*reader.salient(text), *reader.subjects(text)))
