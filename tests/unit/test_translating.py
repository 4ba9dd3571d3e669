"""Captions are translated by the planning model: bought once, to the cent, and kept for all of a recording's videos."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.plan.handler import Deps, run
from local.emulators.faults import Fault
from local.emulators.openai.emulator import OpenAIEmulator
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.secrets import SecretStore
from shared.budget import pricing
from shared.budget.accounts import Limits, Spending
from shared.build.translation_question import size_of
from shared.build.translations import Translations
from shared.captions.translation import Translation, spoken_lines
from shared.choices.words import CaptionLanguage
from shared.contracts import Options, PlanOut
from shared.errors import (
    BudgetExceeded,
    PlannerAnswerLost,
    PlannerRefused,
    PlannerUnavailable,
    ReelwrightError,
    TranslationInvalid,
)
from shared.film.plan import Plan
from shared.models.planner import Planner
from shared.video.costs import outlay, planning_outlay
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, TABLE, VIDEO
from tests.unit.plan_calls import KEYS, SECONDS, heard_recording, request
from tests.unit.test_planning_money import NOON, account_totals, stored_data, three

PLANNER = "gpt-6-luna"
# What of the faults is about translations only.
TRANSLATION = '"task": "translate"'


@dataclass
class Stage:
    """The plan stage with the accounts and OpenAI's stand-in; `questions` are the questions to translate."""

    openai: OpenAIEmulator
    questions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    totals: list[tuple[float, ...]] = field(default_factory=list[tuple[float, ...]])

    def run(self, language: CaptionLanguage = "es", budget: float | None = None, name: str = "0001") -> PlanOut:
        options = Options(caption_language=language, budget_usd=budget)
        planner = Planner(PLANNER, SecretStore(lambda: json.dumps({"openai_api_key": "key"})))
        accounts = Spending(KEYS, Limits(50, 100, 100), lambda: NOON)
        stage_input = request(SECONDS, options).model_copy(update={"plan_name": name})
        return run(stage_input, Deps(Bucket(BUCKET), planner, MODEL, TABLE, 50, accounts))

    def fails(self, error: type[ReelwrightError], **how: Any) -> None:
        with pytest.raises(error):
            self.run(**how)

    def note(self, request: Any, is_answered: bool) -> None:
        question = json.loads(request.json()["input"][0]["content"])
        if question["task"] == "translate" and not is_answered:
            self.questions.append(question)
            self.totals.append(account_totals())


@pytest.fixture(name="stage")
def stage_with_accounts(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    with heard_recording(monkeypatch) as openai:
        openai.faults.add(Fault("translate", times=None, match=TRANSLATION))
        stage = Stage(openai)
        openai.listeners.append(stage.note)
        yield stage


def fault(stage: Stage, kind: str, times: int = 1) -> None:
    """Have the stand-in fail before it translates again."""
    stage.openai.faults.clear()
    stage.openai.faults.add(Fault(kind, times=times, match=TRANSLATION))
    stage.openai.faults.add(Fault("translate", times=None, match=TRANSLATION))


def stored_plan(name: str = "0001") -> Plan:
    return Plan.model_validate_json(Bucket(BUCKET).read_text(media_keys.plan(VIDEO, GENERATION, name)))


def keys() -> list[str]:
    return Bucket(BUCKET).keys(f"{media_keys.RESULTS}/{VIDEO}/plans/", 100)


def captions(plan: Plan) -> list[str]:
    return [line.text for line in spoken_lines(plan)]


def test_the_captions_are_bought_once_and_kept_beside_the_recordings_plans(stage: Stage) -> None:
    outcome = stage.run()
    plan = stored_plan()
    (key,) = keys()
    translation = Translation.model_validate_json(Bucket(BUCKET).read_text(key))
    assert key.startswith(f"ai-generated/{VIDEO}/plans/translation-es-")
    assert [line.text for line in translation.lines] == [f"es {text}" for text in captions(plan)]
    assert [each["lines"] for each in stage.questions] == [captions(plan)]
    stage.run()
    assert (len(stage.questions), keys()) == (1, [key])
    assert outcome.cost_usd == stage.run().cost_usd == planning_outlay(stored_data())


def test_what_was_announced_is_set_aside_before_and_what_it_cost_is_held_after(stage: Stage) -> None:
    first = stage.run("")
    before = first.cost_usd + first.planned_video_cost_usd
    options = stored_plan().options.model_copy(update={"caption_language": "es"})
    new_plan = stored_plan().model_copy(update={"options": options})
    missing = Translations(Bucket(BUCKET)).missing(new_plan)
    assert missing
    ceiling = pricing.translation_ceiling(PLANNER, size_of(missing.question))
    Bucket(BUCKET).write_text(media_keys.plan(VIDEO, GENERATION, "0002"), new_plan.model_dump_json())
    outcome = stage.run(name="0002")
    assert stage.totals == [three(before + ceiling)]
    cost = outcome.cost_usd - first.cost_usd
    assert 0 < cost < ceiling < 0.01
    assert account_totals() == three(before + cost)


def test_a_corrected_word_buys_its_own_line_alone(stage: Stage) -> None:
    stage.run()
    plan = stored_plan()
    words = (plan.words[0].model_copy(update={"text": "other"}), *plan.words[1:])
    new_plan = plan.model_copy(update={"words": words})
    Bucket(BUCKET).write_text(media_keys.plan(VIDEO, GENERATION, "0002"), new_plan.model_dump_json())
    stage.run(name="0002")
    assert [each["lines"] for each in stage.questions] == [captions(plan), captions(new_plan)[:1]]
    assert stage.questions[1]["captions"] == captions(new_plan)
    caption_plan = Translations(Bucket(BUCKET)).with_captions(new_plan)
    assert next(word.text for word in caption_plan.words if word.ends_sentence) in captions(new_plan)[0]
    assert (caption_plan.words[0].text, caption_plan.words[1].text) == ("es", "other")


def test_another_video_of_the_recording_buys_no_line_twice(stage: Stage) -> None:
    stage.run()
    plan = stored_plan()
    shorter = plan.model_copy(update={"words": plan.words[:8]})
    Bucket(BUCKET).write_text(media_keys.plan(VIDEO, GENERATION, "0002"), shorter.model_dump_json())
    stage.run(name="0002")
    assert (len(stage.questions), len(keys())) == (1, 2)


def test_a_miscounted_answer_is_asked_for_once_more_and_paid(stage: Stage) -> None:
    fault(stage, "miscount")
    outcome = stage.run()
    assert (len(stage.questions), len(keys())) == (2, 1)
    assert outcome.cost_usd == planning_outlay(stored_data())
    assert len(stored_data().planning_answers) == 3


@pytest.mark.parametrize("kind", ["miscount", "invalid", "truncated"])
def test_two_answers_of_no_use_are_an_error_of_their_own_and_paid(stage: Stage, kind: str) -> None:
    fault(stage, kind, times=2)
    stage.fails(TranslationInvalid)
    assert (len(stage.questions), keys()) == (2, [])
    paid_usd = planning_outlay(stored_data())
    assert account_totals() == three(paid_usd)
    again = stage.run()
    assert again.cost_usd == planning_outlay(stored_data()) > paid_usd


@pytest.mark.parametrize("kind", ["hang_up", "hang_up_after"])
def test_an_answer_that_never_came_is_held_and_not_asked_for_blindly(stage: Stage, kind: str) -> None:
    fault(stage, kind)
    stage.fails(PlannerAnswerLost)
    assert len(stage.questions) == 1
    data = stored_data()
    (doubtful,) = data.planning_doubtful.values()
    assert doubtful == pricing.translated_ceiling(PLANNER, size_of(stage.questions[0]))
    assert account_totals() == three(outlay(data))
    outcome = stage.run()
    # What may have been charged stays held beside what surely was.
    assert account_totals() == three(doubtful + outcome.cost_usd + outcome.planned_video_cost_usd)


@pytest.mark.parametrize(("kind", "error"), [("throttle", PlannerUnavailable), ("refusal", PlannerRefused)])
def test_what_was_not_translated_is_paid_only_if_it_was_answered(
    stage: Stage, kind: str, error: type[ReelwrightError]
) -> None:
    fault(stage, kind)
    stage.fails(error)
    answers = len(stored_data().planning_answers)
    assert answers == (1 if kind == "throttle" else 2)
    assert account_totals() == three(planning_outlay(stored_data()))


def test_nobody_is_asked_when_the_budget_has_no_room(stage: Stage) -> None:
    stage.run("")
    plan = stored_plan()
    options = plan.options.model_copy(update={"caption_language": "es"})
    new_plan = plan.model_copy(update={"options": options})
    Bucket(BUCKET).write_text(media_keys.plan(VIDEO, GENERATION, "0002"), new_plan.model_dump_json())
    before = account_totals()
    stage.fails(BudgetExceeded, name="0002", budget=round(before[0] + 0.0001, 6))
    assert (stage.questions, account_totals()) == ([], before)


def test_the_stand_in_translates_nothing_unless_a_test_has_it_do_so(stage: Stage) -> None:
    stage.openai.faults.clear()
    stage.fails(PlannerRefused)
    assert keys() == []
