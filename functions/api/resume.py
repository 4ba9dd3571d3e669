"""What is left to do of a generation that failed or was cancelled, so that nothing paid for is paid again.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared import media_keys
from shared.contracts import MOST_SCENES, PROMPT_LIMIT, Options
from shared.errors import BudgetExceeded, ClipUnusable, InvalidRequest, OperationLost, SubmitOutcomeUnknown
from shared.http.refusals import AlreadyProcessing, NotResumable, SceneMayBeBought, SceneNotFound
from shared.http.requests import plain_line
from shared.video.costs import FREE_FAILURES, is_undecided, may_be_charged, outlay
from shared.video.public_record import STEPS, ProcessingStep, Reason
from shared.video.record import GenerationData, VertexAiTask, VideoRecord
from shared.video.timestamps import moment

Attributes = dict[str, Any]
# Bytes of a user's own prompts for all scenes of a generation: its record is one item of DynamoDB, at most 400 KB.
OWN_PROMPTS_LIMIT = MOST_SCENES * PROMPT_LIMIT
# The clip is ordered (again), waited for, or cut (again); an attempt of 0 lets the first order be attempt 1.
WAIT: Attributes = {"state": "generating", "reason": Reason(), "deadline": 0}
ORDER: Attributes = {
    **WAIT,
    "state": "pending",
    "attempt": 0,
    "rephrased_for": 0,
    "withheld": 0,
    "task_id": "",
    "video_url": "",
}
CUT: Attributes = {"state": "clip_ready", "reason": Reason()}
_BEING_MADE = "its clip is being made by the earlier prompt, and will be charged."


@dataclass(frozen=True)
class Continuation:
    """The next execution of a generation: its number, ARN, options and steps; the tasks' changes by index (from 0)."""

    run: int
    execution_arn: str
    options: Options
    steps: list[ProcessingStep]
    tasks: dict[int, Attributes]


def require_idle(record: VideoRecord) -> None:
    """Raise AlreadyProcessing while a generation of the video runs."""
    if record.ai_generation_status == "processing":
        raise AlreadyProcessing


def resumable(record: VideoRecord, now: datetime) -> GenerationData:
    """Return the generation that can be continued; raise AlreadyProcessing or NotResumable when there is none."""
    data = record.ai_generation_data
    require_idle(record)
    if data is None or record.ai_generation_status not in ("failed", "cancelled"):
        raise NotResumable("This video has no failed or cancelled generation.")
    if _age(data, now) > timedelta(days=media_keys.TEMPORARY_DAYS):
        raise NotResumable(
            f"Intermediate files are kept for {media_keys.TEMPORARY_DAYS} days; this generation's have been deleted."
        )
    return data


def continued_options(data: GenerationData, budget: float | None) -> Options:
    """Return the options of the generation's next run, with a new `budget` in USD if there is one.

    Raises BudgetExceeded when the generation has cost more than that already, or may have.
    """
    options = Options.model_validate(data.options)
    if budget is None:
        return options
    if budget < outlay(data):
        raise BudgetExceeded(
            f"The generation has cost up to {outlay(data):.4f} USD already, which the budget includes; "
            f"choose one above that instead of {budget:g} USD."
        )
    return options.model_copy(update={"budget_usd": budget})


def continuation(
    data: GenerationData, execution_arn: str, options: Options, prompts: Mapping[int, str], *, order_again: bool
) -> Continuation:
    """Return the next run of a generation by `options`; scenes (from 1) in `prompts` are made anew by those.

    Raises SceneMayBeBought when a clip's order has an unknown outcome, or its clip is unusable, unless `order_again`,
    SceneNotFound when there is no such scene, and InvalidRequest when the prompts are too long together.
    """
    sequences = {task.sequence for task in data.vertex_ai_tasks}
    if unknown := sorted(set(prompts) - sequences):
        raise SceneNotFound(f"There is no scene {unknown[0]}; the plan has {len(sequences)}.")
    changes = {
        index: _change(data, task, prompts.get(task.sequence, ""), order_again=order_again)
        for index, task in enumerate(data.vertex_ai_tasks)
    }
    own_prompts = (changes[index].get("own_prompt", task.own_prompt) for index, task in enumerate(data.vertex_ai_tasks))
    if (size := sum(len(text.encode()) for text in own_prompts)) > OWN_PROMPTS_LIMIT:
        raise InvalidRequest(
            f"scenes: the prompts of all scenes have {size} bytes together; at most {OWN_PROMPTS_LIMIT} are kept."
        )
    steps = [ProcessingStep(step=step) for step in STEPS]
    tasks = {index: change for index, change in changes.items() if change}
    return Continuation(data.run + 1, execution_arn, options, steps, tasks)


def _change(data: GenerationData, task: VertexAiTask, prompt: str, *, order_again: bool) -> Attributes:
    """Return what must change in a task; what was bought stays as it is, unless it gets another prompt."""
    # A client gives a prompt back as a plain line.
    is_new_prompt = prompt not in ("", task.prompt, plain_line(task.prompt))
    why = doubt(task) or (_BEING_MADE if is_new_prompt and task.state == "generating" else "")
    if why and not order_again:
        raise SceneMayBeBought(f"Scene {task.sequence}: {why}")
    if is_new_prompt:
        return {**_anew(data, task), "own_prompt": prompt, "prompt": prompt}
    if why:
        return _anew(data, task)
    if task.state == "generating":
        return {"deadline": 0}
    return _after_failure(task) if task.state == "failed" else {}


def _anew(data: GenerationData, task: VertexAiTask) -> Attributes:
    """Return what orders a scene's clip anew; an earlier one that is, or may be, charged stays in the account."""
    is_bought = bool(task.video_url) or is_undecided(task)
    return {
        **ORDER,
        "reorder_count": task.reorder_count + is_bought,
        "doubtful_usd": may_be_charged(data, task),
    }


def _after_failure(task: VertexAiTask) -> Attributes:
    if task.video_url:
        return CUT
    return WAIT if task.task_id and task.reason.code not in FREE_FAILURES else ORDER


def doubt(task: VertexAiTask) -> str:
    """Return why ordering the clip again might pay twice; nothing when it would not."""
    if task.state == "submitting":
        return "its clip was being ordered when the generation ended; it may have been bought."
    if task.state != "failed":
        return ""
    if task.reason.code == ClipUnusable.__name__:
        return "its clip was paid for and cannot be used."
    if task.reason.code == OperationLost.__name__:
        return "its clip may have been charged and cannot be fetched any more."
    # A claim that was given back has its attempt back too.
    if task.reason.code == SubmitOutcomeUnknown.__name__ or (task.attempt and not task.task_id):
        return "its clip may have been bought."
    return ""


def _age(data: GenerationData, now: datetime) -> timedelta:
    since = moment(data.started_at)
    return now - since if since else timedelta(0)
