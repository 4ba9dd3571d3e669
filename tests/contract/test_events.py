"""No job, however unlucky, fills the history of an execution: the worst one is counted over the definition."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import jsonata  # pyright: ignore[reportMissingTypeStubs]
import pytest

from cdk.pipeline_stack import SCENE_DEADLINE_SECONDS
from cdk.workflow import MAP_LABEL, PACES
from shared.contracts import MOST_SCENES
from tests.contract import asl
from tests.contract.events import LIMIT, Unbounded, Walk

SCENES = asl.MACHINE["States"]["Scenes"]


PACE = {"transcribe_poll": "TranscribePollSeconds", "next_poll": "PollSeconds", "first_poll": "FirstPollSeconds"}
Paces = dict[str, int]
# Every wait of a loop as long as the stack lets it be at least, and as it is unless an operator says otherwise.
SMALLEST: Paces = {name: PACES[parameter].minimum for name, parameter in PACE.items()}
USUAL: Paces = {name: PACES[parameter].default for name, parameter in PACE.items()}


def turns(wait: str, begin: str, limit: float, paces: Paces, seconds_waited: float = 0) -> int:
    """Return how often a wait of seconds by this expression ends until `limit` seconds after the moment `begin`."""
    seconds = jsonata.Jsonata(wait[3:-3].replace(begin, "0").replace("$toMillis($now())", "$elapsed"))
    count = 0
    while seconds_waited <= limit:
        pause: Any = seconds.evaluate(None, {"elapsed": 1000 * seconds_waited, **paces})
        seconds_waited += float(pause)
        count += 1
    return count


def transcript_turns(paces: Paces) -> int:
    """Return how often a job that ends at its limit is looked at."""
    limits = re.findall(r"> (\d+) %}", json.dumps(asl.MACHINE["States"]["TranscriptReady"]["Choices"]))
    begin = "$toMillis($states.context.Execution.StartTime)"
    limit = max(int(text) for text in limits) / 1000
    return turns(asl.MACHINE["States"]["WaitForTranscript"]["Seconds"], begin, limit, paces)


def clip_turns(paces: Paces) -> int:
    """Return how often one order is looked at until its deadline, and the time after it in which looks may fail."""
    inner = SCENES["ItemProcessor"]["States"]
    (grace,) = re.findall(r"\$deadline \+ (\d+)", json.dumps(inner["ClipReady"]["Choices"]))
    limit = SCENE_DEADLINE_SECONDS + int(grace)
    wait = inner["WaitForClip"]
    pause = paces[wait["Assign"]["pause"][3:-3].removeprefix("$task.")]
    return turns(wait["Seconds"], "$ordered", limit, {"pause": pause}, paces["first_poll"]) + 1


def clocks(paces: Paces) -> dict[str, int]:
    return {"WaitForTranscript": transcript_turns(paces), "WaitForClip": clip_turns(paces)}


def worst(machine: dict[str, Any], paces: Paces = SMALLEST) -> dict[str, int]:
    """Return the most events of an execution of the machine, and of one of its scenes."""
    scene = machine["States"]["Scenes"]["ItemProcessor"]
    return {
        "job": Walk(machine["States"], machine["StartAt"], clocks(paces), MOST_SCENES).most(),
        "scene": Walk(scene["States"], scene["StartAt"], clocks(paces), MOST_SCENES).most(),
    }


@pytest.mark.parametrize("paces", [SMALLEST, USUAL], ids=["smallest", "usual"])
def test_the_worst_job_stays_below_the_limit_of_history_events_at_any_pace(paces: Paces) -> None:
    events = worst(asl.MACHINE, paces)
    assert all(count < LIMIT for count in events.values()), events


def test_scenes_that_shared_one_history_would_fill_it() -> None:
    machine = copy.deepcopy(asl.MACHINE)
    machine["States"]["Scenes"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}
    assert worst(machine)["job"] > LIMIT


def test_looks_that_did_not_slow_down_would_fill_it_at_the_smallest_pace() -> None:
    waits = {"WaitForClip": SCENE_DEADLINE_SECONDS // SMALLEST["next_poll"]}
    scene = SCENES["ItemProcessor"]
    assert Walk(scene["States"], scene["StartAt"], waits, MOST_SCENES).most() > LIMIT


def test_a_longer_list_of_retries_counts() -> None:
    machine = copy.deepcopy(asl.MACHINE)
    before = worst(machine)["scene"]
    machine["States"]["Scenes"]["ItemProcessor"]["States"]["PollVeo"]["Retry"][0]["MaxAttempts"] += 1
    assert worst(machine)["scene"] >= before + 3 * clip_turns(SMALLEST)


def test_a_loop_without_a_bound_is_refused() -> None:
    machine = copy.deepcopy(asl.MACHINE)
    machine["States"]["Plan"]["Catch"].insert(0, {"ErrorEquals": ["PlanInvalid"], "Next": "MarkPlanning"})
    with pytest.raises(Unbounded, match="no counter and no clock"):
        worst(machine)


@pytest.mark.parametrize(("most", "more"), [("$withheld < 3", "$withheld < 4"), ("$failures < 4", "$failures < 5")])
def test_one_more_try_of_a_scene_counts_with_all_its_looks(most: str, more: str) -> None:
    machine = json.loads(asl.TEXT.replace(most, more))
    assert worst(machine)["scene"] > worst(asl.MACHINE)["scene"] + 9 * clip_turns(SMALLEST)


def test_the_counts_are_those_of_a_small_machine_by_hand() -> None:
    retry = [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}]
    again = {"Condition": "{% $n < 3 %}", "Assign": {"n": "{% $n + 1 %}"}, "Next": "B"}
    states: dict[str, Any] = {
        "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "B"},
        "B": {"Type": "Task", "Retry": retry, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [again], "Default": "D"},
        "D": {"Type": "Succeed"},
    }
    # Started, A, three turns of B and C, D, ended.
    assert Walk(states, "A", {}, 0).most() == 1 + 2 + 3 * (5 + 6 + 2) + 2 + 1


def test_a_scenes_execution_uses_no_variable_of_its_parent() -> None:
    inner = SCENES["ItemProcessor"]["States"]
    assignments: set[str] = set()
    for state in inner.values():
        assignments |= set(state.get("Assign", {}))
        for rule in (*state.get("Choices", ()), *state.get("Catch", ())):
            assignments |= set(rule.get("Assign", {}))
    text = json.dumps(inner)
    variables = set(re.findall(r"\$([a-z_]+)\b(?!\()", text)) - {"states", "text", "report"}
    assert variables <= assignments
    inputs = re.findall(r"\$task\.(\w+)", text)
    assert set(inputs) == set(SCENES["ItemSelector"])
    assert {rule["Assign"]["task"] for rule in inner["BeginScene"]["Choices"]} == {"{% $states.input %}"}


def test_the_scenes_label_is_the_one_that_the_role_names() -> None:
    assert SCENES["Label"] == MAP_LABEL
