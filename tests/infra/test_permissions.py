"""Who may do what: the whole of it is in permissions.json, so that every change of a policy is a visible diff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk.functions import FUNCTIONS
from tests.infra.conftest import Template, tasks, text

TABLE: dict[str, list[str]] = json.loads(Path(__file__).with_name("permissions.json").read_text(encoding="utf-8"))
# AWS has no resources for these.
UNSCOPED = ("logs:", "xray:", "transcribe:StartTranscriptionJob")


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def condition(statement: dict[str, Any]) -> str:
    tests = [
        f"{key} {operator} {text(value)}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    ]
    return f" if {' and '.join(tests)}" if tests else ""


def grants(template: Template) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {name: [] for name in template.of_type("AWS::IAM::Role")}
    for policy in template.of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            table[role["Ref"]] += [
                f"{action} on {text(resource)}{condition(statement)}"
                for statement in policy["PolicyDocument"]["Statement"]
                for action in many(statement["Action"])
                for resource in many(statement["Resource"])
            ]
    return {role: sorted(lines) for role, lines in table.items()}


def test_every_policy_is_in_the_table(template: Template) -> None:
    assert grants(template) == TABLE


def test_nothing_is_allowed_everywhere_that_could_be_narrower() -> None:
    everywhere = {line.split(" on ")[0] for lines in TABLE.values() for line in lines if " on *" in line}
    assert [action for action in everywhere if not action.startswith(UNSCOPED)] == []
    assert not [line for lines in TABLE.values() for line in lines if "*" in line.split(" on ")[0]]


def test_the_machine_may_do_what_its_states_do_and_no_more(template: Template) -> None:
    actions: set[str] = set()
    for _, state in tasks():
        service, action = state["Resource"].split(":")[-2:]
        actions.add(f"{service}:{'InvokeFunction' if action == 'invoke' else action[0].upper() + action[1:]}")
    # A distributed Map starts, watches, stops and redrives executions of the machine itself.
    actions |= {f"states:{verb}Execution" for verb in ("Start", "Describe", "Stop", "Redrive")}
    actions_in_table = {line.split(" on ")[0] for line in TABLE["PipelineRole"]}
    assert {action for action in actions_in_table if not action.startswith(UNSCOPED)} == actions


# Services that say whose resource they act for when they take a role; the others would be locked out by a condition.
SAYS_WHOSE = {"states.amazonaws.com", "transcribe.amazonaws.com", "events.amazonaws.com", "scheduler.amazonaws.com"}
TAKES_ANY = {"lambda.amazonaws.com", "apigateway.amazonaws.com"}


def test_a_service_takes_a_role_for_this_account_only(template: Template) -> None:
    services: set[str] = set()
    for role in template.of_type("AWS::IAM::Role").values():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        service = trust["Principal"]["Service"]
        services.add(service)
        here = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        assert trust.get("Condition") == (here if service in SAYS_WHOSE else None), service
    assert services <= SAYS_WHOSE | TAKES_ANY


def test_transcribe_reads_and_writes_as_a_role_that_it_may_take_for_this_account_alone(template: Template) -> None:
    assert TABLE["TranscriptionJobsRole"] == [
        "s3:GetObject on <MediaBucket>/ai-temp/*/sound.flac",
        "s3:PutObject on <MediaBucket>/ai-generated/*/.write_access_check_file.temp",
        "s3:PutObject on <MediaBucket>/ai-generated/*/transcript.json",
    ]
    role = template.of_type("AWS::IAM::Role")["TranscriptionJobsRole"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "transcribe.amazonaws.com"}
    passing = "iam:PassRole on <TranscriptionJobsRole> if iam:PassedToService StringEquals transcribe.amazonaws.com"
    assert {name for name, lines in TABLE.items() if passing in lines} == {"TranscribeRole"}
    role_name = template.functions()["Transcribe"]["Environment"]["Variables"]["TRANSCRIBE_ROLE_ARN"]
    assert text(role_name) == "<TranscriptionJobsRole>"


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.stage)
def test_every_function_has_a_role_of_its_own_without_managed_policies(template: Template, spec: Any) -> None:
    assert template.functions()[spec.construct_id]["Role"] == {"Fn::GetAtt": [f"{spec.construct_id}Role", "Arn"]}
    role = template.of_type("AWS::IAM::Role")[f"{spec.construct_id}Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role


def test_only_the_api_may_call_the_api_function(template: Template) -> None:
    permissions = template.of_type("AWS::Lambda::Permission").values()
    (permission,) = [p for p in permissions if p["FunctionName"] == {"Fn::GetAtt": ["Api", "Arn"]}]
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert "<RestApi>/" in text(permission["SourceArn"])
