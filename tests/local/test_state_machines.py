"""The local state machines as AWS's: executions of a distributed Map, and the names of DynamoDB's errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud import EmbeddedCloud
from local.cloudformation import waits
from local.emulators.faults import Fault
from tests.chaos.run import WAITS
from tests.local.cloud_under_test import await_end, run_states, start_states
from tests.local.test_cloudformation import passing, update_item


def distributed_map(*items: int) -> dict[str, Any]:
    """A Map whose items are executions of their own; an item of 0 fails."""
    inner = {
        "I": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.n = 0 %}", "Next": "Bad"}],
            "Default": "Good",
        },
        "Good": passing(Output="{% $states.input.kept & $string($states.input.n) %}", End=True),
        "Bad": {"Type": "Fail", "Error": "Bad"},
    }
    return {
        "A": passing(Assign={"outer": "o"}, Next="M"),
        "M": {
            "Type": "Map",
            "Items": list(items),
            "ItemSelector": {"n": "{% $states.context.Map.Item.Value %}", "kept": "{% $outer %}"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "I",
                "States": inner,
            },
            "End": True,
        },
    }


def test_a_distributed_map_has_executions_and_histories_of_its_own(small_cloud: EmbeddedCloud) -> None:
    client = small_cloud.client("stepfunctions")
    run = run_states(small_cloud, distributed_map(1, 2))
    assert json.loads(run["output"]) == ["o1", "o2"]
    names = [event["type"] for event in client.get_execution_history(executionArn=run["executionArn"])["events"]]
    assert names[-7:-1] == [
        "MapStateEntered",
        "MapStateStarted",
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
    ]
    (map_run,) = client.list_map_runs(executionArn=run["executionArn"])["mapRuns"]
    children = client.list_executions(mapRunArn=map_run["mapRunArn"])["executions"]
    histories = [client.get_execution_history(executionArn=child["executionArn"])["events"] for child in children]
    assert [[event["type"] for event in events] for events in histories] == [
        ["ChoiceStateEntered", "ChoiceStateExited", "PassStateEntered", "PassStateExited"]
    ] * 2


def test_an_item_of_a_distributed_map_knows_no_variable_of_its_parent(small_cloud: EmbeddedCloud) -> None:
    states = distributed_map(1)
    states["M"]["ItemProcessor"]["States"]["Good"]["Output"] = "{% $outer %}"
    assert run_states(small_cloud, states)["status"] == "FAILED"


def test_a_distributed_map_fails_with_its_first_item(small_cloud: EmbeddedCloud) -> None:
    states = distributed_map(1, 0)
    states["M"]["Catch"] = [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Next": "C"}]
    states["C"] = passing(Output={"caught": True}, End=True)
    assert json.loads(run_states(small_cloud, states)["output"]) == {"caught": True}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("throttle", "DynamoDB.AmazonDynamoDBException"),
        ("unavailable", "DynamoDB.AmazonDynamoDBException"),
        ("conditional", "DynamoDB.ConditionalCheckFailedException"),
        ("conflict", "DynamoDB.TransactionConflictException"),
    ],
)
def test_dynamodbs_errors_have_the_names_that_step_functions_gives_them(
    small_cloud: EmbeddedCloud, kind: str, name: str
) -> None:
    # The SDK tries again by itself.
    small_cloud.aws.faults.add(Fault(kind, "dynamodb", times=5, match=kind))
    condition = {"ConditionExpression": "attribute_not_exists(nothing)"}
    task = update_item(TableName=small_cloud.resources["Table"], UpdateExpression=f"SET {kind} = a", **condition)
    run = run_states(small_cloud, {"A": task})
    assert run["error"] == name, run
    small_cloud.aws.faults.clear()


def test_a_path_that_is_missing_has_no_name_of_its_own(small_cloud: EmbeddedCloud) -> None:
    table = small_cloud.resources["Table"]
    small_cloud.client("dynamodb").put_item(TableName=table, Item={"video_id": {"S": "v"}})
    values = {"ExpressionAttributeValues": {":a": {"S": "a"}}}
    task = update_item(TableName=table, UpdateExpression="SET nothing.below = :a", **values)
    run = run_states(small_cloud, {"A": task})
    assert (run["error"], "ValidationException" in run["cause"]) == ("DynamoDB.AmazonDynamoDBException", True)


@pytest.fixture(name="hasty")
def hardly_any_waits() -> Iterator[None]:
    waits.install(0.00001)
    yield
    waits.install(WAITS)


def test_a_share_of_every_wait_and_every_pause_between_tries_is_waited(small_cloud: EmbeddedCloud, hasty: None) -> None:
    # At its full length it would outlast the patience of the test by far.
    pause = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3600, "BackoffRate": 2, "MaxAttempts": 2}
    task = update_item(TableName="nothing", UpdateExpression="SET a = a") | {"Retry": [pause]}
    run = run_states(small_cloud, {"W": {"Type": "Wait", "Seconds": 3600, "Next": "A"}, "A": task}, StartAt="W")
    assert run["error"] == "DynamoDB.ResourceNotFoundException", run
    history = small_cloud.client("stepfunctions").get_execution_history(executionArn=run["executionArn"])["events"]
    kinds = [event["type"] for event in history]
    assert (kinds.count("WaitStateExited"), kinds.count("TaskFailed")) == (1, 3)


def test_a_wait_ends_with_its_execution(small_cloud: EmbeddedCloud) -> None:
    arn = start_states(small_cloud, {"A": {"Type": "Wait", "Seconds": 100_000, "End": True}})
    small_cloud.client("stepfunctions").stop_execution(executionArn=arn)
    assert await_end(small_cloud, arn)["status"] == "ABORTED"
