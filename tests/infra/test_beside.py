"""Beside an existing system: what the operator names is used and not created, and everything else is as without."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from cdk.app import default_context
from cdk.app import template as synthesised
from cdk.config import LOCAL_ORIGIN
from tests.infra.conftest import Template, text
from tests.infra.test_permissions import TABLE, granted

ARN = "arn:<Partition>:{}:<Region>:<AccountId>:{}"


@dataclass(frozen=True)
class Existing:
    """Something of the operator's: its context, the types that are then not created, and what it is called instead."""

    context: dict[str, str]
    types: tuple[str, ...]
    renamed: dict[str, str]


EXISTING = {
    "table": Existing(
        {"tableName": "video_metadata", "tableIndex": "by-user"},
        ("AWS::DynamoDB::Table",),
        {
            "<VideoTable>/index/user_id-created_at-index": ARN.format("dynamodb", "table/video_metadata/index/by-user"),
            "<VideoTable>": ARN.format("dynamodb", "table/video_metadata"),
        },
    ),
    "bucket": Existing(
        {"bucketName": "their-media"},
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        # The name alone stands in the condition on Transcribe's output, the ARN everywhere else.
        {"StringEquals <MediaBucket>": "StringEquals their-media", "<MediaBucket>": "arn:<Partition>:s3:::their-media"},
    ),
    "pool": Existing({"userPoolId": "eu-west-1_Ab1Cd2Ef3"}, ("AWS::Cognito::UserPool",), {}),
    "api": Existing(
        {"restApiId": "a1b2c3d4e5", "restApiRootResourceId": "r00tr00t00"},
        ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Account", "AWS::ApiGateway::GatewayResponse"),
        {},
    ),
}
# What two of them do to each other shows in pairs.
NAMES = [names for size in (1, 2, 4) for names in itertools.combinations(EXISTING, size)]


def beside(names: Iterable[str], **context: str) -> Template:
    """Return the template beside what `names` names, for a page on this machine unless `context` says otherwise.

    An empty value takes a key away.
    """
    given = [EXISTING[name].context for name in names]
    merged = {key: value for part in given for key, value in part.items()}
    chosen = {"siteOrigin": LOCAL_ORIGIN, **merged, **context}
    return Template(synthesised({**default_context(), **{key: value for key, value in chosen.items() if value}}))


def expected_permissions(names: Iterable[str]) -> dict[str, list[str]]:
    words = json.dumps(TABLE)
    for name in names:
        for old, new in EXISTING[name].renamed.items():
            words = words.replace(old, new)
    table = json.loads(words)
    if "api" in names:
        # The account's role for API Gateway's logs belongs to whoever made the API.
        del table["RestApiCloudWatchRole"]
    return {role: sorted(lines) for role, lines in table.items()}


@pytest.mark.parametrize("names", NAMES, ids="+".join)
def test_what_is_named_is_not_created_and_the_rest_is(template: Template, names: tuple[str, ...]) -> None:
    made = beside(names)
    gone = {kind for name in names for kind in EXISTING[name].types}
    kinds = {entry["Type"] for entry in made.resources.values()}
    # The site has a bucket, and the idempotency keys have a table, of their own in any case.
    gone -= {"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::DynamoDB::Table"}
    assert ("MediaBucket" in made.resources) == ("bucket" not in names)
    assert ("VideoTable" in made.resources) == ("table" not in names)
    assert kinds == {entry["Type"] for entry in template.resources.values()} - gone
    assert granted(made) == expected_permissions(names)


def test_the_existing_storage_reaches_the_functions_and_the_machine() -> None:
    made = beside(("table", "bucket"))
    for function in made.functions().values():
        variables = function["Environment"]["Variables"]
        assert variables.get("MEDIA_BUCKET", "their-media") == "their-media"
        assert variables.get("TABLE_NAME", "video_metadata") == "video_metadata"
    substitutions = made.only("AWS::StepFunctions::StateMachine")["DefinitionSubstitutions"]
    assert (substitutions["TableName"], substitutions["BucketName"]) == ("video_metadata", "their-media")
    assert made.body["Outputs"]["BucketName"]["Value"] == "their-media"


def test_a_table_without_a_named_index_is_not_listed() -> None:
    made = beside((), tableName="video_metadata")
    assert "dynamodb:Query" not in json.dumps(granted(made))
    paths = {
        (method["HttpMethod"], made.resources[method["ResourceId"]["Ref"]]["Properties"]["PathPart"])
        for method in made.of_type("AWS::ApiGateway::Method").values()
    }
    assert ("GET", "videos") not in paths
    assert ("POST", "videos") in paths


def test_the_existing_pool_signs_in_by_a_client_of_ours_or_of_theirs() -> None:
    made = beside(("pool",))
    assert made.only("AWS::Cognito::UserPoolClient")["UserPoolId"] == "eu-west-1_Ab1Cd2Ef3"
    (arn,) = made.only("AWS::ApiGateway::Authorizer")["ProviderARNs"]
    assert text(arn) == ARN.format("cognito-idp", "userpool/eu-west-1_Ab1Cd2Ef3")
    theirs = beside(("pool",), userPoolClientId="1h57kf5cpq17m0eml12EXAMPLE".lower())
    assert theirs.of_type("AWS::Cognito::UserPoolClient") == {}
    assert theirs.body["Outputs"]["UserPoolClientId"]["Value"] == "1h57kf5cpq17m0eml12example"


def test_the_existing_api_gets_routes_and_a_stage_of_its_own() -> None:
    made = beside(("api",), routes="ai-video")
    (top,) = [r for r in made.of_type("AWS::ApiGateway::Resource").values() if r["ParentId"] == "r00tr00t00"]
    assert top["PathPart"] == "ai-video"
    for kind in ("Resource", "Method", "Authorizer", "RequestValidator", "Model", "Deployment", "Stage"):
        assert {props["RestApiId"] for props in made.of_type(f"AWS::ApiGateway::{kind}").values()} == {"a1b2c3d4e5"}
    stage = made.only("AWS::ApiGateway::Stage")
    assert stage["StageName"] == "reelwright"
    assert made.resources[stage["DeploymentId"]["Ref"]]["Type"] == "AWS::ApiGateway::Deployment"
    assert text(made.body["Outputs"]["ApiUrl"]["Value"]) == (
        "https://a1b2c3d4e5.execute-api.<Region>.<URLSuffix>/reelwright"
    )
    callers = made.of_type("AWS::Lambda::Permission").values()
    (permission,) = [text(each["SourceArn"]) for each in callers if each["Principal"] == "apigateway.amazonaws.com"]
    assert permission == ARN.format("execute-api", "a1b2c3d4e5/*/*/*")


def test_the_stage_of_an_existing_api_serves_the_methods_as_they_are_now() -> None:
    def deployment(**context: str) -> tuple[str, set[str]]:
        made = beside(("api",), **context)
        (name,) = made.of_type("AWS::ApiGateway::Deployment")
        return name, set(made.resources[name]["DependsOn"]) & set(made.of_type("AWS::ApiGateway::Method"))

    name, after = deployment()
    assert after == set(beside(("api",)).of_type("AWS::ApiGateway::Method"))
    assert deployment()[0] == name
    assert len({name, deployment(routes="ai-video")[0], deployment(siteOrigin="https://a.example.com")[0]}) == 3
