"""Whatever an error's cause looks like, the record names the step, the error and the reason."""

from __future__ import annotations

import json
from typing import Any

import jsonata  # pyright: ignore[reportMissingTypeStubs]
import pytest

from local.emulators.faults import Fault
from shared.video.public_record import Failure
from shared.video.record import VideoRecord
from tests.contract import asl
from tests.workflow.conftest import Bench, happy

READERS = {
    values[name][2:-2]
    for state in asl.tasks().values()
    for catch in state["Catch"]
    if "States.ALL" in catch["ErrorEquals"] or "Output" in catch
    for values in (catch.get("Assign", {}), catch.get("Output", {}))
    for name in ("message", "scene_message")
    if name in values
}
LATE_SECONDS = 3
UNTYPED = "The cause could not be determined because Lambda did not return an error type. Returned payload: {"


def reason(output: dict[str, Any]) -> Any:
    """Return what a Catch reads from an error output."""
    (reader,) = READERS
    declarations = f"$parse := function($json) {{ $eval($json) }}; $states := {json.dumps({'errorOutput': output})};"
    return jsonata.Jsonata(f"({declarations}{reader})").evaluate(None)


def failure_of(record: VideoRecord) -> Failure:
    assert record.ai_generation_data
    assert record.ai_generation_data.failure
    return record.ai_generation_data.failure


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ('{"errorMessage": "No words.", "errorType": "NoSpeechFound"}', "No words."),
        ('{"errorMessage":"a \\"quoted\\" {brace}"}', 'a "quoted" {brace}'),
        ('{"errorType": "x"}', '{"errorType": "x"}'),
        ('{"errorMessage": null}', '{"errorMessage": null}'),
        ('Returned payload: {"errorMessage": "late"}', 'Returned payload: {"errorMessage": "late"}'),
        ('{"errorMessage": "cut o', '{"errorMessage": "cut o'),
        ("{not JSON}", "{not JSON}"),
        ('States.Runtime: {"a"}', 'States.Runtime: {"a"}'),
        ("", "Step Functions gave no reason."),
        (None, "Step Functions gave no reason."),
    ],
)
def test_a_cause_is_read_as_json_only_when_it_is(cause: str | None, words: str) -> None:
    assert reason({"Error": "x", "Cause": cause}) == words


def test_an_error_without_a_cause_says_that_there_is_no_reason() -> None:
    assert reason({"Error": "States.Timeout"}) == "Step Functions gave no reason."


def test_a_function_that_ran_out_of_time_is_named(bench: Bench) -> None:
    bench.cloud.lambda_faults.add(Fault("unknown", times=2, match="-Plan-\nunknown-plan"))
    run = bench.run("unknown-plan", happy("unknown-plan"))
    failure = failure_of(run.record)
    assert (run.status, run.error) == ("FAILED", "Lambda.Unknown")
    assert (failure.step, failure.error) == ("scene_planning", "Lambda.Unknown")
    assert failure.message.startswith(UNTYPED)
    assert "Task timed out after 3.00 seconds" in failure.message


def test_a_scenes_function_that_ran_out_of_time_is_named(bench: Bench) -> None:
    bench.cloud.lambda_faults.add(Fault("unknown", times=2, match='-RenderScene-\nunknown-scene\n"sequence": 2'))
    run = bench.run("unknown-scene", happy("unknown-scene", 2))
    failure = failure_of(run.record)
    assert (failure.step, failure.scene, failure.error) == ("video_generation", 2, "Lambda.Unknown")
    assert failure.message.startswith(UNTYPED)


def slow_plan(bench: Bench, video: str) -> None:
    bench.cloud.aws.faults.add(Fault("slow", "lambda", match=f"{video}\ntranscript_key", seconds=LATE_SECONDS))


def test_a_state_that_times_out_is_named(bench: Bench) -> None:
    slow_plan(bench, "late-plan")
    with bench.change_definition(lambda machine: machine["States"]["Plan"].update(TimeoutSeconds=1, Retry=[])):
        arn = bench.begin("late-plan", happy("late-plan"))
    run = bench.finish(arn, "late-plan")
    failure = failure_of(run.record)
    assert run.error == "StatesTimeout"
    assert (failure.step, failure.error) == ("scene_planning", "States.Timeout")
    assert failure.message == "Step Functions gave no reason."


def test_a_state_that_times_out_once_is_tried_again(bench: Bench) -> None:
    slow_plan(bench, "once-late")
    with bench.change_definition(lambda machine: machine["States"]["Plan"].update(TimeoutSeconds=1)):
        arn = bench.begin("once-late", happy("once-late"))
    run = bench.finish(arn, "once-late")
    assert (run.status, run.record.ai_generation_status) == ("SUCCEEDED", "completed")
