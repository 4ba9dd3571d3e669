"""The local state machines as AWS's: executions of a distributed Map, and the names of DynamoDB's errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.cloud import EmbeddedCloud
from local.emulators.faults import Fault
from tests.local.cloud_under_test import run_states
from tests.local.test_cloudformation import passing, update_item


def distributed(*items: int) -> dict[str, Any]:
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
    run = run_states(small_cloud, distributed(1, 2))
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
    states = distributed(1)
    states["M"]["ItemProcessor"]["States"]["Good"]["Output"] = "{% $outer %}"
    assert run_states(small_cloud, states)["status"] == "FAILED"


def test_a_distributed_map_fails_with_its_first_item(small_cloud: EmbeddedCloud) -> None:
    states = distributed(1, 0)
    states["M"]["Catch"] = [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Next": "C"}]
    states["C"] = passing(Output={"caught": True}, End=True)
    assert json.loads(run_states(small_cloud, states)["output"]) == {"caught": True}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("throttle", "DynamoDB.AmazonDynamoDBException"),
        ("unavailable", "DynamoDB.AmazonDynamoDBException"),
        ("conditional", "DynamoDB.ConditionalCheckFailedException"),
    ],
)
def test_dynamodbs_errors_have_the_names_that_step_functions_gives_them(
    small_cloud: EmbeddedCloud, kind: str, name: str
) -> None:
    # The SDK tries again by itself.
    small_cloud.aws.faults.add(Fault(kind, "dynamodb", times=5, match=kind))
    task = update_item(TableName=small_cloud.resources["Table"], UpdateExpression=f"SET {kind} = a")
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
