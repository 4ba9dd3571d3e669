"""Every grant is enough and needed: the calls that a whole workflow makes, compared with the deployed policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest

from local.cloud import EmbeddedCloud
from tests.local.jobs import Jobs, quick
from tests.local.policies import Permission, permissions, roles_by_caller
from tests.local.recorder import Call, read, recording
from tests.local.work import SETTINGS, Work, do_everything

# Granted, and used by no call that a laptop can record: role, action, resource, and the reason.
EXCEPTIONS = (
    ("*", "logs:*", "*", "The Lambda and Step Functions services write the logs themselves."),
    ("*", "xray:*", "*", "The services send the traces themselves."),
    ("PipelineRole", "states:*", "*", "Step Functions itself starts and watches the executions of scenes."),
    ("SiteFilesRole", "*", "*", "CDK's own function copies the page while a real deployment runs."),
    ("TranscriptionJobsRole", "*", "*", "Amazon Transcribe itself has this role; moto's makes no calls of its own."),
    (
        "TranscribeRole",
        "iam:PassRole",
        "*",
        "IAM asks for it when a job names the role; no call shows it.",
    ),
    ("SettleRole", "sqs:SendMessage", "*", "Lambda itself puts there what the function could not take."),
    ("WebhookRole", "sqs:SendMessage", "*", "Lambda itself puts there what the function could not take."),
    ("MailRole", "sqs:SendMessage", "*", "Lambda itself puts there what the function could not take."),
    ("MailRole", "ses:SendEmail", "*configuration-set*", "SES asks for it where the sender's identity has one."),
    ("CheckImageRole", "sqs:SendMessage", "*", "Lambda itself puts there what the function could not take."),
    ("CheckImageRole", "s3:DeleteObject*", "*/images/*", "Files go where their picture was deleted during the check."),
    ("GenerateSceneRole", "s3:PutObject", "*takes*", "A clip comes with its order's answer only where Omni must."),
    ("PollVeoRole", "s3:GetObject", "*takes*", "A clip comes with its order's answer only where Omni must."),
    ("ApiRole", "dynamodb:GetItem", "*Idempotency*", "Powertools' way when a refused write does not return the item."),
)


@dataclass(frozen=True)
class Evidence:
    """What was called, by role, and what was allowed."""

    calls: list[tuple[str, Call]]
    permissions: list[Permission]

    def is_used(self, permission: Permission) -> bool:
        return any(role == permission.role and permission.allows(call) for role, call in self.calls)

    def is_allowed(self, role: str, call: Call) -> bool:
        return any(permission.role == role and permission.allows(call) for permission in self.permissions)


@pytest.fixture(name="evidence", scope="module")
def recorded_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    folder = tmp_path_factory.mktemp("work")
    with recording() as calls, quick(settings=SETTINGS) as system:
        do_everything(Work(system, Jobs(system, folder), calls), folder)
        yield Evidence(by_role(calls, system.cloud), permissions(system.cloud))


def by_role(calls: Counter[Call], cloud: EmbeddedCloud) -> list[tuple[str, Call]]:
    roles = roles_by_caller(cloud)
    return [(roles[call.caller], call) for call in calls if call.caller in roles]


def is_excepted(permission: Permission) -> bool:
    return any(_covers(row, permission) for row in EXCEPTIONS)


def _covers(row: tuple[str, str, str, str], permission: Permission) -> bool:
    values = (permission.role, permission.action, permission.resource)
    return all(fnmatchcase(value, pattern) for value, pattern in zip(values, row, strict=False))


@pytest.mark.timeout(1200)
def test_every_call_is_allowed(evidence: Evidence) -> None:
    assert {role for role, _ in evidence.calls} >= {
        "ApiRole",
        "TranscribeRole",
        "PlanRole",
        "GenerateSceneRole",
        "PollVeoRole",
        "DrawSceneRole",
        "RenderSceneRole",
        "StitchRole",
        "PipelineRole",
        "SettleRole",
        "WebhookRole",
        "MailRole",
    }
    refusals = [f"{role}: {call}" for role, call in evidence.calls if not evidence.is_allowed(role, call)]
    assert sorted(refusals) == []


@pytest.mark.timeout(1200)
def test_every_permission_is_used_or_has_its_reason(evidence: Evidence) -> None:
    idle = [
        f"{permission.role} {permission.action} on {permission.resource}"
        for permission in evidence.permissions
        if not evidence.is_used(permission) and not is_excepted(permission)
    ]
    assert sorted(idle) == []


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("row", EXCEPTIONS, ids=lambda row: " ".join(row[:3]))
def test_every_exception_is_still_one(evidence: Evidence, row: tuple[str, str, str, str]) -> None:
    matches = [permission for permission in evidence.permissions if _covers(row, permission)]
    assert matches
    assert not [permission for permission in matches if evidence.is_used(permission)]


def test_a_missing_and_a_needless_grant_are_seen() -> None:
    call = Call("f", "s3:PutObject", "arn:aws:s3:::media/ai-temp/v/plan.json")
    plans = Permission("PlanRole", "s3:PutObject", "arn:aws:s3:::media/ai-temp/*/plan.json", ())
    other = Permission("PlanRole", "s3:PutObject", "arn:aws:s3:::media/ai-generated/*", ())
    evidence = Evidence([("PlanRole", call)], [plans, other])
    assert evidence.is_allowed("PlanRole", call)
    assert not evidence.is_allowed("StitchRole", call)
    assert [evidence.is_used(permission) for permission in (plans, other)] == [True, False]


def test_a_condition_narrows() -> None:
    start = Permission("R", "transcribe:StartTranscriptionJob", "*", (("transcribe:OutputBucketName", ("media",)),))
    for bucket, is_allowed in (("media", True), ("elsewhere", False)):
        context = (("transcribe:OutputBucketName", bucket),)
        assert start.allows(Call("f", "transcribe:StartTranscriptionJob", "job", context)) is is_allowed
    assert not start.allows(Call("f", "transcribe:StartTranscriptionJob", "job"))


def test_a_presigned_link_is_a_call_of_whoever_signed_it() -> None:
    link = {"REQUEST_METHOD": "GET", "PATH_INFO": "/media/a/b", "QUERY_STRING": "X-Amz-Credential=key%2F2026%2Fx"}
    assert read(link, b"") == Call("key", "s3:GetObject", "arn:aws:s3:::media/a/b")
    form = b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\nup/l\r\n--x\r\n'
    form += b'Content-Disposition: form-data; name="AWSAccessKeyId"\r\n\r\nkey\r\n'
    post = {"REQUEST_METHOD": "POST", "PATH_INFO": "/media", "QUERY_STRING": ""}
    assert read(post, form) == Call("key", "s3:PutObject", "arn:aws:s3:::media/up/l")
    assert read({**post, "REQUEST_METHOD": "GET"}, b"") is None
