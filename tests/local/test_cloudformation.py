"""The stack in moto: every resource type, updates, and the repairs of the Step Functions interpreter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonata  # pyright: ignore[reportMissingTypeStubs]
import pytest
from botocore.exceptions import ClientError

from local.cloud import STACK, EmbeddedCloud
from local.cloudformation import kind_of, template_of
from local.cloudformation.jsonata import evaluate, taken_out
from local.cloudformation.resources import NULL, NULL_TYPES
from tests.local import stack
from tests.local.cloud_under_test import await_end, eventually, run_states, start, start_states


def passing(**fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", **fields}


def update_item(**arguments: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:updateItem",
        "Arguments": {"Key": {"video_id": {"S": "v"}}, **arguments},
        "TimeoutSeconds": 20,
        "End": True,
    }


@pytest.mark.parametrize("template", ["Outputs:\n  Name: !Ref Table\n", '{"Outputs": {"Name": {"Ref": "Table"}}}'])
def test_a_template_is_json_or_yaml(template: str) -> None:
    assert template_of(template) == {"Outputs": {"Name": {"Ref": "Table"}}}


def test_what_is_neither_is_refused(small_cloud: EmbeddedCloud) -> None:
    with pytest.raises(ClientError):
        small_cloud.client("cloudformation").create_stack(StackName="Neither", TemplateBody='{"Resources": [')


def function_variables(cloud: EmbeddedCloud) -> dict[str, str]:
    return cloud.client("lambda").get_function_configuration(FunctionName="echo")["Environment"]["Variables"]


def test_every_resource_exists(small_cloud: EmbeddedCloud) -> None:
    status = small_cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    assert status == "CREATE_COMPLETE"
    assert small_cloud.resources.keys() == stack.TEMPLATE["Resources"].keys()
    assert small_cloud.outputs["MachineArn"].startswith("arn:aws:states:us-east-1:123456789012:stateMachine:")
    assert small_cloud.outputs["SiteDomain"] == "localhost"


def test_parameters_reach_the_functions(small_cloud: EmbeddedCloud) -> None:
    variables = function_variables(small_cloud)
    assert variables == {"SPEED": "fast", "TABLE_NAME": small_cloud.resources["Table"]}


def test_storage_is_configured(small_cloud: EmbeddedCloud) -> None:
    s3 = small_cloud.client("s3")
    dynamodb = small_cloud.client("dynamodb")
    bucket = small_cloud.resources["Bucket"]
    table = small_cloud.resources["Table"]
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedMethods"] == ["PUT", "POST"]
    rule = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]
    assert (rule["ID"], rule["Expiration"]) == ("temp", {"Days": 7})
    ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert ttl["AttributeName"] == "expires_at"
    indexes = dynamodb.describe_table(TableName=table)["Table"]["GlobalSecondaryIndexes"]
    assert [index["IndexName"] for index in indexes] == ["by_user"]


def test_secret_values_are_written(small_cloud: EmbeddedCloud) -> None:
    secret = small_cloud.client("secretsmanager").get_secret_value(SecretId=small_cloud.resources["Secret"])
    assert json.loads(secret["SecretString"]) == {"key": "value"}


def test_aws_tools_can_list_the_api(small_cloud: EmbeddedCloud) -> None:
    gateway = small_cloud.client("apigateway")
    api = small_cloud.resources["Api"]
    assert [stage["stageName"] for stage in gateway.get_stages(restApiId=api)["item"]] == ["v1"]
    assert gateway.get_authorizers(restApiId=api)["items"][0]["type"] == "COGNITO_USER_POOLS"


def test_unknown_type_is_named() -> None:
    with pytest.raises(Exception, match="AWS::Made::Up"):
        kind_of("AWS::Made::Up")


@pytest.mark.parametrize("resource_type", [*NULL_TYPES, "Custom::Anything"])
def test_types_without_effect(resource_type: str) -> None:
    assert kind_of(resource_type) is NULL


def test_only_one_cloud_at_a_time(small_cloud: EmbeddedCloud) -> None:
    with pytest.raises(RuntimeError, match="already runs"):
        EmbeddedCloud(stack.template()).__enter__()


def test_jsonata_in_many_threads() -> None:
    expressions = [f"($a := {n}; $sum($map([1..50], function($i) {{ $i * $a }})))" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(evaluate, expressions)) == [1275 * n for n in range(200)]


@pytest.mark.parametrize("text", ['say "hi"', "a\nb\\c", "ünï \u2028 \U0001f600", "$x /re/ ${y}"])
def test_any_text_survives_variables(small_cloud: EmbeddedCloud, text: str) -> None:
    states = {
        "A": passing(Assign={"kept": "{% $states.input.text %}"}, Next="B"),
        "B": passing(Output={"kept": "{% $kept %}", "input": "{% $states.input %}"}, End=True),
    }
    output = json.loads(run_states(small_cloud, states, {"text": text})["output"])
    assert output == {"kept": text, "input": {"text": text}}


def test_map_reads_outer_variables_and_keeps_one_element(small_cloud: EmbeddedCloud) -> None:
    inner = {"I": passing(Output="{% $outer & $string($states.input.n) %}", End=True)}
    states = {
        "A": passing(Assign={"outer": "o", "many": 2}, Next="M"),
        "M": {
            "Type": "Map",
            "Items": "{% $states.input.items %}",
            "ItemSelector": {"n": "{% $states.context.Map.Item.Index %}"},
            "MaxConcurrency": "{% $many %}",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "I", "States": inner},
            "End": True,
        },
    }
    assert json.loads(run_states(small_cloud, states, {"items": [{"a": 1}]})["output"]) == ["o0"]
    assert json.loads(run_states(small_cloud, states, {"items": [1, 2, 3]})["output"]) == ["o0", "o1", "o2"]


def test_failed_expression_can_be_caught(small_cloud: EmbeddedCloud) -> None:
    task = update_item(TableName="{% $nothing(1) %}", UpdateExpression="SET a = :a")
    catch = [{"ErrorEquals": ["States.QueryEvaluationError"], "Output": {"caught": True}, "Next": "B"}]
    output = run_states(small_cloud, {"A": {**task, "Catch": catch}, "B": passing(End=True)})["output"]
    assert json.loads(output) == {"caught": True}


def test_failed_condition_has_its_aws_name(small_cloud: EmbeddedCloud) -> None:
    task = update_item(
        TableName=small_cloud.resources["Table"],
        UpdateExpression="SET a = :a",
        ConditionExpression="attribute_exists(video_id)",
        ExpressionAttributeValues={":a": {"S": "x"}},
    )
    assert run_states(small_cloud, {"A": task})["error"] == "DynamoDB.ConditionalCheckFailedException"


def test_transcribe_errors_are_capitalised(small_cloud: EmbeddedCloud) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:transcribe:getTranscriptionJob",
        "Arguments": {"TranscriptionJobName": "none"},
        "End": True,
    }
    assert run_states(small_cloud, {"A": task})["error"] == "Transcribe.BadRequestException"


def test_moments_are_written_as_aws_writes_them(small_cloud: EmbeddedCloud) -> None:
    start_time = {"at": "{% $states.context.Execution.StartTime %}"}
    output = run_states(small_cloud, {"A": passing(Output=start_time, End=True)})["output"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", json.loads(output)["at"])


@pytest.fixture(name="waiting")
def execution_waiting_for_a_token(small_cloud: EmbeddedCloud) -> Iterator[tuple[str, str]]:
    """An execution that waits, and its token."""
    dynamodb = small_cloud.client("dynamodb")
    table = small_cloud.resources["Table"]
    task = update_item(
        TableName=table,
        UpdateExpression="SET tok = :t",
        ExpressionAttributeValues={":t": {"S": "{% $states.context.Task.Token %}"}},
    )
    task["Resource"] = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
    catch = [{"ErrorEquals": ["Rejected"], "Output": "{% $states.errorOutput %}", "Next": "B"}]
    execution = start_states(small_cloud, {"A": {**task, "Catch": catch}, "B": passing(End=True)})

    def look() -> Any:
        item = dynamodb.get_item(TableName=table, Key={"video_id": {"S": "v"}}).get("Item", {})
        return item.get("tok", {}).get("S")

    yield execution, eventually(look)
    dynamodb.delete_item(TableName=table, Key={"video_id": {"S": "v"}})


def test_token_success(small_cloud: EmbeddedCloud, waiting: tuple[str, str]) -> None:
    small_cloud.client("stepfunctions").send_task_success(taskToken=waiting[1], output='{"ok": true}')
    assert json.loads(await_end(small_cloud, waiting[0])["output"]) == {"ok": True}


def test_token_failure_keeps_its_cause(small_cloud: EmbeddedCloud, waiting: tuple[str, str]) -> None:
    client = small_cloud.client("stepfunctions")
    client.send_task_failure(taskToken=waiting[1], error="Rejected", cause='the "user"')
    assert json.loads(await_end(small_cloud, waiting[0])["output"]) == {"Error": "Rejected", "Cause": 'the "user"'}


def test_stop_while_waiting_for_a_token(small_cloud: EmbeddedCloud, waiting: tuple[str, str]) -> None:
    small_cloud.client("stepfunctions").stop_execution(executionArn=waiting[0], error="Cancelled", cause="enough")
    description = await_end(small_cloud, waiting[0])
    assert (description["status"], description["error"], description["cause"]) == ("ABORTED", "Cancelled", "enough")


def test_lambda_error_becomes_the_error_name(small_cloud: EmbeddedCloud) -> None:
    output = json.loads(
        await_end(small_cloud, start(small_cloud, small_cloud.outputs["MachineArn"], {"do": "fail"}))["output"]
    )
    assert output["poor"]["Error"] == "BudgetExceeded"
    assert json.loads(output["poor"]["Cause"])["errorMessage"] == "too dear"


def test_oversized_event_is_refused(small_cloud: EmbeddedCloud) -> None:
    with pytest.raises(ClientError, match="RequestEntityTooLargeException"):
        small_cloud.client("lambda").invoke(FunctionName="echo", Payload=json.dumps("x" * 7_000_000).encode())


def test_update_changes_machine_and_environment(small_cloud: EmbeddedCloud) -> None:
    newer = stack.template()
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": passing(Output={"is": "new"}, End=True)}}
    newer["Resources"]["Machine"]["Properties"]["DefinitionString"] = json.dumps(definition)
    small_cloud.update(newer, {"Speed": "faster"})
    assert function_variables(small_cloud)["SPEED"] == "faster"
    output = await_end(small_cloud, start(small_cloud, small_cloud.outputs["MachineArn"], {}))["output"]
    assert json.loads(output) == {"is": "new"}
    reply = small_cloud.client("lambda").invoke(FunctionName="echo", Payload=b"{}")
    assert json.loads(reply["Payload"].read())["env"]["SPEED"] == "faster"


@pytest.mark.parametrize(
    ("expression", "text", "values"),
    [
        ('($states:={"input":{"a":[1]}};$b:="x;\\"y";$states.input.a)', "($states.input.a)", {"b": 'x;"y'}),
        ("$exists(($a:=-1.5;$a))", "$exists(($a))", {"a": -1.5}),
        ("($f:=function($v){$v};$a:=1;$f(2))", "($f:=function($v){$v};$a:=1;$f(2))", {}),
        ("($a:=1+2;$a)", "($a:=1+2;$a)", {}),
        ("$uppercase('a')", "$uppercase('a')", {}),
    ],
)
def test_values_are_taken_out_of_an_expression(expression: str, text: str, values: dict[str, object]) -> None:
    left, expressions = taken_out(expression)
    assert (left, {name: expressions[name] for name in values}) == (text, values)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("($a:=null;$type($a))", "null"),
        ("($a:=[null,1];$count($a))", 2),
        ("($a:=[1];$a)", [1]),
        ("($a:=[];$a)", []),
        ('($a:={"b":[{"c":1},{"c":2}]};$a.b.c)', [1, 2]),
        ('($a:={"b":[{"c":1}]};$a.b.c)', 1),
        ('($a:={"b":null};$exists($a.b))', True),
        ("$exists(($a:={};$a.b))", False),
        ('$type(($a:="x";$a))', "string"),
    ],
)
def test_a_value_taken_out_is_what_it_was(expression: str, value: object) -> None:
    assert evaluate(expression) == jsonata.Jsonata(expression).evaluate(None) == value
