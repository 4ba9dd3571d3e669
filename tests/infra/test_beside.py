"""Beside an existing system: what the operator names is used and not created, and everything else is as without."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from cdk.app import default_context
from cdk.app import template as synthesised
from cdk.config import LOCAL_ORIGIN, LOCAL_SENDER
from shared.observability.metric_names import NAMESPACE, VIDEOS_UNSIGNED
from tests.infra.conftest import ROOT, Template, text
from tests.infra.test_permissions import TABLE, grants

ARN = "arn:<Partition>:{}:<Region>:<AccountId>:{}"


@dataclass(frozen=True)
class Existing:
    """Something of the operator's: its context, the types that are then not created, and what it is called instead."""

    context: dict[str, str]
    types: tuple[str, ...]
    names_instead: dict[str, str]


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
    "pool": Existing(
        {"userPoolId": "eu-west-1_Ab1Cd2Ef3"},
        ("AWS::Cognito::UserPool",),
        {"<UserPool>": ARN.format("cognito-idp", "userpool/eu-west-1_Ab1Cd2Ef3")},
    ),
    "api": Existing(
        {"restApiId": "a1b2c3d4e5", "restApiRootResourceId": "r00tr00t00"},
        ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Account", "AWS::ApiGateway::GatewayResponse"),
        {},
    ),
}
SIGNING_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:reelwright/signing-Ab1Cd2"
# What two of them do to each other shows in pairs.
NAMES = [names for size in (1, 2, 4) for names in itertools.combinations(EXISTING, size)]


def beside(names: Iterable[str], **context: str) -> Template:
    """Return the template beside what `names` names, as for this machine unless `context` says otherwise.

    An empty value takes a key away.
    """
    contexts = [EXISTING[name].context for name in names]
    whole_context = {key: value for part in contexts for key, value in part.items()}
    settings = {"siteOrigin": LOCAL_ORIGIN, "mailFrom": LOCAL_SENDER, **whole_context, **context}
    return Template(synthesised({**default_context(), **{key: value for key, value in settings.items() if value}}))


def expected_permissions(names: Iterable[str]) -> dict[str, list[str]]:
    words = json.dumps(TABLE)
    for name in names:
        for old, new in EXISTING[name].names_instead.items():
            words = words.replace(old, new)
    table = json.loads(words)
    if "api" in names:
        # The account's role for API Gateway's logs belongs to whoever made the API.
        del table["RestApiCloudWatchRole"]
    return {role: sorted(lines) for role, lines in table.items()}


@pytest.mark.parametrize("names", NAMES, ids="+".join)
def test_what_is_named_is_not_created_and_the_rest_is(template: Template, names: tuple[str, ...]) -> None:
    stack = beside(names)
    absent_kinds = {kind for name in names for kind in EXISTING[name].types}
    kinds = {entry["Type"] for entry in stack.resources.values()}
    # The site has a bucket, and the idempotency keys have a table, of their own in any case.
    absent_kinds -= {"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::DynamoDB::Table"}
    assert ("MediaBucket" in stack.resources) == ("bucket" not in names)
    assert ("VideoTable" in stack.resources) == ("table" not in names)
    assert kinds == {entry["Type"] for entry in template.resources.values()} - absent_kinds
    assert grants(stack) == expected_permissions(names)


def test_the_existing_storage_reaches_the_functions_and_the_machine() -> None:
    stack = beside(("table", "bucket"))
    for function in stack.functions().values():
        variables = function["Environment"]["Variables"]
        assert variables.get("MEDIA_BUCKET", "their-media") == "their-media"
        assert variables.get("TABLE_NAME", "video_metadata") == "video_metadata"
    substitutions = stack.only("AWS::StepFunctions::StateMachine")["DefinitionSubstitutions"]
    assert (substitutions["TableName"], substitutions["BucketName"]) == ("video_metadata", "their-media")
    assert stack.body["Outputs"]["BucketName"]["Value"] == "their-media"


def test_a_table_without_a_named_index_is_not_listed() -> None:
    stack = beside((), tableName="video_metadata")
    assert "dynamodb:Query" not in json.dumps(grants(stack))
    paths = {
        (method["HttpMethod"], stack.resources[method["ResourceId"]["Ref"]]["Properties"]["PathPart"])
        for method in stack.of_type("AWS::ApiGateway::Method").values()
    }
    assert ("GET", "videos") not in paths
    assert ("POST", "videos") in paths


def test_the_existing_pool_signs_in_by_a_client_of_ours_or_of_theirs() -> None:
    stack = beside(("pool",))
    assert stack.only("AWS::Cognito::UserPoolClient")["UserPoolId"] == "eu-west-1_Ab1Cd2Ef3"
    (arn,) = stack.only("AWS::ApiGateway::Authorizer")["ProviderARNs"]
    assert text(arn) == ARN.format("cognito-idp", "userpool/eu-west-1_Ab1Cd2Ef3")
    theirs = beside(("pool",), userPoolClientId="1h57kf5cpq17m0eml12EXAMPLE".lower())
    assert theirs.of_type("AWS::Cognito::UserPoolClient") == {}
    assert theirs.body["Outputs"]["UserPoolClientId"]["Value"] == "1h57kf5cpq17m0eml12example"


def test_the_existing_api_gets_routes_and_a_stage_of_its_own() -> None:
    stack = beside(("api",), routes="ai-video")
    (top,) = [r for r in stack.of_type("AWS::ApiGateway::Resource").values() if r["ParentId"] == "r00tr00t00"]
    assert top["PathPart"] == "ai-video"
    for kind in ("Resource", "Method", "Authorizer", "RequestValidator", "Model", "Deployment", "Stage"):
        assert {props["RestApiId"] for props in stack.of_type(f"AWS::ApiGateway::{kind}").values()} == {"a1b2c3d4e5"}
    stage = stack.only("AWS::ApiGateway::Stage")
    assert stage["StageName"] == "reelwright"
    assert stack.resources[stage["DeploymentId"]["Ref"]]["Type"] == "AWS::ApiGateway::Deployment"
    assert text(stack.body["Outputs"]["ApiUrl"]["Value"]) == (
        "https://a1b2c3d4e5.execute-api.<Region>.<URLSuffix>/reelwright"
    )
    callers = stack.of_type("AWS::Lambda::Permission").values()
    (permission,) = [text(each["SourceArn"]) for each in callers if each["Principal"] == "apigateway.amazonaws.com"]
    assert permission == ARN.format("execute-api", "a1b2c3d4e5/*/*/*")


def test_the_stage_of_an_existing_api_serves_the_methods_as_they_are_now() -> None:
    def deployment(**context: str) -> tuple[str, set[str]]:
        stack = beside(("api",), **context)
        (name,) = stack.of_type("AWS::ApiGateway::Deployment")
        return name, set(stack.resources[name]["DependsOn"]) & set(stack.of_type("AWS::ApiGateway::Method"))

    name, after = deployment()
    assert after == set(beside(("api",)).of_type("AWS::ApiGateway::Method"))
    assert deployment()[0] == name
    assert len({name, deployment(routes="ai-video")[0], deployment(siteOrigin="https://a.example.com")[0]}) == 3


def test_without_a_sender_nothing_is_there_that_sends_e_mails() -> None:
    stack = beside((), mailFrom="")
    assert "Mail" not in stack.functions()
    assert "MailDue" not in stack.resources
    assert "ses:" not in json.dumps(grants(stack))
    assert stack.functions()["Api"]["Environment"]["Variables"]["MAIL_FROM"] == ""


def test_with_a_certificate_stitch_alone_may_read_it_and_has_what_signs_by_it(template: Template) -> None:
    stack = beside((), signingSecretArn=SIGNING_SECRET)
    assert set(stack.resources) - set(template.resources) == {"SigningLayer", "VideosUnsigned"}
    more = {role: sorted(set(lines) - set(TABLE[role])) for role, lines in grants(stack).items()}
    read = f"secretsmanager:GetSecretValue on {SIGNING_SECRET}"
    assert {role: lines for role, lines in more.items() if lines} == {"StitchRole": [read]}
    for name, function in stack.functions().items():
        variables = function["Environment"]["Variables"]
        assert variables.get("SIGNING_SECRET_ID", "") == (SIGNING_SECRET if name == "Stitch" else "")
        assert ({"Ref": "SigningLayer"} in function.get("Layers", [])) == (name == "Stitch")
    assert stack.functions()["Stitch"]["Layers"] == [{"Ref": "FfmpegLayer"}, {"Ref": "SigningLayer"}]
    layer = stack.properties_of("SigningLayer")
    assert layer["CompatibleArchitectures"] == stack.functions()["Stitch"]["Architectures"]


def test_a_video_that_cannot_be_signed_rings(template: Template) -> None:
    stack = beside((), signingSecretArn=SIGNING_SECRET)
    alarm = stack.properties_of("VideosUnsigned")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == (NAMESPACE, VIDEOS_UNSIGNED.name, 1)
    assert alarm["AlarmActions"] == [{"Ref": "Alerts"}]
    assert "| `VideosUnsigned` |" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
