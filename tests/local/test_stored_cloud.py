"""A whole cloud on a store: what AWS's tools are told when the disk is full, and the same names after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import EmbeddedCloud
from local.store.store import Store
from tests.local import stack
from tests.local.cloud_under_test import await_end, eventually
from tests.local.test_store import full_disk


def small_cloud(store: Store) -> EmbeddedCloud:
    return EmbeddedCloud(stack.template(), parameters={"Speed": "fast"}, secret_values={"key": "value"}, store=store)


def resource(cloud: EmbeddedCloud, kind: str) -> str:
    return cloud.resources[next(name for name, row in stack.template()["Resources"].items() if row["Type"] == kind)]


def refusal(cloud: EmbeddedCloud, service: str, operation: str, **arguments: Any) -> tuple[int, str]:
    """The status and the code of a call that a full disk refuses."""
    call = getattr(cloud.client(service), operation)
    with full_disk(), pytest.raises(ClientError) as error:
        call(**arguments)
    response: Any = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_a_full_disk_is_an_error_of_the_service_and_changes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "kept") as store, small_cloud(store) as cloud:
        table = resource(cloud, "AWS::DynamoDB::Table")
        bucket = resource(cloud, "AWS::S3::Bucket")
        pool = resource(cloud, "AWS::Cognito::UserPool")
        machine = resource(cloud, "AWS::StepFunctions::StateMachine")
        item = {"video_id": {"S": "a"}}
        calls: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
            ("dynamodb", "put_item"): ({"TableName": table, "Item": item}, "InternalServerError"),
            ("s3", "put_object"): ({"Bucket": bucket, "Key": "a", "Body": b"x"}, "InternalError"),
            ("cognito-idp", "admin_create_user"): ({"UserPoolId": pool, "Username": "eve"}, "InternalErrorException"),
        }
        for (service, operation), (arguments, code) in calls.items():
            assert refusal(cloud, service, operation, **arguments) == (500, code)
        start = {"stateMachineArn": machine, "name": "first", "input": "{}"}
        assert refusal(cloud, "stepfunctions", "start_execution", **start)[0] == 500
        assert "Item" not in cloud.client("dynamodb").get_item(TableName=table, Key=item)
        assert "Contents" not in cloud.client("s3").list_objects_v2(Bucket=bucket)
        users = cloud.client("cognito-idp").list_users(UserPoolId=pool)["Users"]
        assert {user["Username"] for user in users} == {"demo", "other"}
        assert cloud.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"] == []
        # There is room again.
        for (service, operation), (arguments, _) in calls.items():
            getattr(cloud.client(service), operation)(**arguments)
        assert await_end(cloud, cloud.client("stepfunctions").start_execution(**start)["executionArn"])


def test_names_secrets_and_the_past_are_the_same_after_a_restart(tmp_path: Path) -> None:
    with Store(tmp_path / "kept") as store, small_cloud(store) as cloud:
        first = names(cloud)
        machine = resource(cloud, "AWS::StepFunctions::StateMachine")
        secret = secret_of(cloud)
        start = {"stateMachineArn": machine, "name": "first", "input": '{"a": 1}'}
        description = await_end(cloud, cloud.client("stepfunctions").start_execution(**start)["executionArn"])
        eventually(
            lambda: store.shelf("executions").all()[description["executionArn"]]["status"] == description["status"]
        )
    with Store(tmp_path / "kept") as store, small_cloud(store) as cloud:
        assert names(cloud) == first
        assert secret_of(cloud) == secret
        client = cloud.client("stepfunctions")
        again = client.describe_execution(executionArn=description["executionArn"])
        for field in ("status", "input", "output", "startDate", "stopDate"):
            assert again[field] == description[field], field
        # A name that was used is used.
        with pytest.raises(client.exceptions.ExecutionAlreadyExists):
            client.start_execution(**start)


def names(cloud: EmbeddedCloud) -> dict[str, str]:
    # Nothing is kept of a dashboard, whose name moto draws elsewhere.
    return {name: physical for name, physical in cloud.resources.items() if name != "Dashboard"}


def secret_of(cloud: EmbeddedCloud) -> str:
    secret = resource(cloud, "AWS::SecretsManager::Secret")
    return cloud.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
