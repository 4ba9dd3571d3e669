"""What each function may do: one list of actions, resources and conditions, and the policies made of it.

Defines policy statements only; the functions and what they use are defined elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn

from cdk.granting.conditions import conditions
from cdk.storage import Storage
from cdk.workflow import transcription_jobs
from shared import media_keys
from shared.brand import own_keys

READ = "s3:GetObject"
WRITE = "s3:PutObject"
DELETE = "s3:DeleteObject"
LIST = "s3:ListBucket"
# Of a versioned bucket: what is deleted is gone with all of its versions.
DELETE_VERSION = "s3:DeleteObjectVersion"
LIST_VERSIONS = "s3:ListBucketVersions"
SECRET = "secretsmanager:GetSecretValue"


@dataclass(frozen=True)
class Grant:
    """What a function may do: actions on a resource of `known_resources`, on a condition of `conditions`."""

    resource: str
    actions: tuple[str, ...]
    condition: str = ""


_RECORD = ("dynamodb:GetItem", "dynamodb:UpdateItem")
_SCENE_RECORD = Grant("table", _RECORD)
_ITEM = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
_ACCOUNTS = Grant("accounts", _RECORD)
_PROVIDERS = Grant("secret", (SECRET,))
# The only list of grants; CDK's own helpers are wider than their names.
GRANTS: dict[str, tuple[Grant, ...]] = {
    "transcribe": (
        Grant("uploads", (READ,)),
        Grant("sounds", (READ, WRITE)),
        Grant("own transcripts", (READ,)),
        # Whether an earlier run has stored the sound, or has its transcript.
        Grant("bucket", (LIST,), "below our files"),
        # Amazon Transcribe reads the sound and writes its result as that role.
        Grant("transcription role", ("iam:PassRole",), "to Transcribe"),
        # Starting a job knows no resource; where its result goes is what can be limited.
        Grant("any", ("transcribe:StartTranscriptionJob",), "into our bucket"),
        # A job that failed is removed, so that a resumed generation can start it anew.
        Grant("transcription jobs", ("transcribe:GetTranscriptionJob", "transcribe:DeleteTranscriptionJob")),
        Grant("table", ("dynamodb:UpdateItem",)),
        _ACCOUNTS,
    ),
    "plan": (
        Grant("transcripts", (READ,)),
        Grant("plans", (READ, WRITE)),
        Grant("bucket", (LIST,), "below our files"),
        _SCENE_RECORD,
        _ACCOUNTS,
        _PROVIDERS,
    ),
    "generate_scene": (
        Grant("plans", (READ,)),
        # The picture that a clip begins with, and a clip that comes with the answer to its order.
        Grant("takes", (READ, WRITE)),
        _SCENE_RECORD,
        _ACCOUNTS,
        _PROVIDERS,
    ),
    "poll_veo": (
        Grant("plans", (READ,)),
        # One that came with the answer to its order is there.
        Grant("takes", (READ, WRITE)),
        _SCENE_RECORD,
        _PROVIDERS,
    ),
    "draw_scene": (
        Grant("plans", (READ,)),
        Grant("drawn clips", (WRITE,)),
        # What was paid for lives with the results.
        Grant("takes", (READ, WRITE)),
        # Whether an earlier run has stored them.
        Grant("bucket", (LIST,), "below our files"),
        _SCENE_RECORD,
        _ACCOUNTS,
        _PROVIDERS,
    ),
    "render_scene": (
        Grant("results", (READ,)),
        # A drawn scene is drawn again at no price.
        Grant("temporary", (READ,)),
        Grant("rendered scenes", (WRITE,)),
        # What a scene ends with, for the clip that follows.
        Grant("takes", (WRITE,)),
        Grant("bucket", (LIST,), "below our files"),
    ),
    "stitch": (
        Grant("sounds", (READ,)),
        # The music under the voice; whether it is there still.
        Grant("music", (READ,)),
        Grant("bucket", (LIST,), "below pictures"),
        Grant("results", (READ, WRITE)),
        # Whether an earlier run has made the narration.
        Grant("bucket", (LIST,), "below our files"),
        # The operator's certificate, where there is one.
        Grant("signing secret", (SECRET,)),
    ),
    "api": (
        Grant("table", _ITEM),
        Grant("keys", (*_ITEM, "dynamodb:DeleteItem"), "answers only"),
        Grant("keys", ("dynamodb:UpdateItem",), "counts only"),
        Grant("keys", ("dynamodb:UpdateItem",), "tombstones only"),
        # Whether the caller wants e-mails.
        Grant("accounts", _RECORD, "settings only"),
        Grant("index", ("dynamodb:Query",)),
        # The browser's presigned requests are made with this function's rights.
        Grant("uploads", (READ, WRITE, DELETE, DELETE_VERSION)),
        Grant("temporary", (DELETE, DELETE_VERSION)),
        Grant("results", (READ, DELETE, DELETE_VERSION)),
        # The next revision of a plan, and what was heard, for a clip of the same recording.
        Grant("plans", (WRITE,)),
        Grant("transcripts", (WRITE,)),
        # An own picture becomes a take of a scene.
        Grant("takes", (WRITE,)),
        # Own pictures: records, links, and forms for what is then checked.
        Grant("images", (READ, WRITE, DELETE, DELETE_VERSION)),
        Grant("image uploads", (WRITE, DELETE, DELETE_VERSION)),
        Grant("bus", ("events:PutEvents",), "our events"),
        # A recording is looked for by listing its key.
        Grant("bucket", (LIST, LIST_VERSIONS), "below our prefixes"),
        Grant("bucket", (LIST, LIST_VERSIONS), "below pictures"),
        Grant("machine", ("states:StartExecution",)),
        Grant("executions", ("states:DescribeExecution", "states:StopExecution")),
    ),
    "settle": (
        # The check belongs to the transaction that gives back what was set aside; only tombstones are deleted.
        Grant("table", (*_RECORD, "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem")),
        _ACCOUNTS,
        # What late writers bring back of a video that is deleted, and what late functions note of one that is over.
        Grant("keys", _RECORD, "tombstones and ends only"),
        *(Grant(files, (DELETE, DELETE_VERSION)) for files in ("uploads", "temporary", "results")),
        # The words to post a video with, which the event tells.
        Grant("plans", (READ,)),
        Grant("bucket", (LIST, LIST_VERSIONS), "below our prefixes"),
        Grant("bus", ("events:PutEvents",), "our events"),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
    "check_image": (
        Grant("image uploads", (READ, DELETE, DELETE_VERSION)),
        Grant("images", (READ, WRITE, DELETE, DELETE_VERSION)),
        Grant("bucket", (LIST, LIST_VERSIONS), "below pictures"),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
    "webhook": (
        Grant("table", ("dynamodb:GetItem",)),
        Grant("webhook secret", (SECRET,)),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
    "mail": (
        Grant("accounts", ("dynamodb:GetItem",), "settings only"),
        Grant("users", ("cognito-idp:AdminGetUser",)),
        # SES asks for the sender's identity or its domain's, for a configuration set where the identity has one, and in
        # its sandbox for the receiver's identity, too.
        Grant("mail identities", ("ses:SendEmail",), "from our sender"),
        Grant("mail configurations", ("ses:SendEmail",), "from our sender"),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
}


def known_resources(storage: Storage, machine: sfn.StateMachine) -> dict[str, str]:
    """Return the ARNs by the names that GRANTS uses; an empty one is a resource that this deployment does not have."""
    objects = storage.bucket.arn_for_objects
    executions = Stack.of(machine).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{machine.state_machine_name}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    return {
        "any": "*",
        "bucket": storage.bucket.bucket_arn,
        "uploads": objects(f"{media_keys.UPLOADS}/*"),
        "images": objects(f"{own_keys.IMAGES}/*"),
        "music": objects(f"{own_keys.IMAGES}/*/{own_keys.MUSIC_FILE}"),
        "image uploads": objects(f"{own_keys.IMAGE_UPLOADS}/*"),
        "temporary": objects(f"{media_keys.TEMPORARY}/*"),
        "sounds": objects(f"{media_keys.TEMPORARY}/*/{media_keys.SOUND}"),
        "transcripts": objects(f"{media_keys.RESULTS}/*/{media_keys.TRANSCRIPT}"),
        "own transcripts": objects(media_keys.own_transcript("*", "*")),
        "plans": objects(f"{media_keys.RESULTS}/*/{media_keys.PLANS}/*.json"),
        "takes": objects(f"{media_keys.RESULTS}/*/{media_keys.TAKES}/*"),
        "rendered scenes": objects(f"{media_keys.RESULTS}/*/{media_keys.RENDERED}/*"),
        "drawn clips": objects(f"{media_keys.TEMPORARY}/*/{media_keys.DRAWN_PREFIX}*.mp4"),
        "results": objects(f"{media_keys.RESULTS}/*"),
        "table": storage.table.table_arn,
        "accounts": storage.accounts.table_arn,
        "keys": storage.keys.table_arn,
        "transcription jobs": transcription_jobs(Stack.of(machine)),
        "index": f"{storage.table.table_arn}/index/{storage.index}" if storage.index else "",
        "secret": storage.secret.secret_arn,
        "machine": machine.state_machine_arn,
        "executions": executions,
        "mail identities": Stack.of(machine).format_arn(service="ses", resource="identity", resource_name="*"),
        "mail configurations": Stack.of(machine).format_arn(
            service="ses", resource="configuration-set", resource_name="*"
        ),
    }


def grant_all(
    functions: Mapping[str, lambda_.Function], resources: Mapping[str, str], storage: Storage, sender: str
) -> None:
    """Let each function, by its stage, do what GRANTS says; `resources` are the ARNs by name.

    `sender` is the address that e-mails come from.
    """
    by_name = conditions(storage, sender)
    for stage, function in functions.items():
        for grant in (grant for grant in GRANTS[stage] if resources[grant.resource]):
            function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=list(grant.actions),
                    resources=[resources[grant.resource]],
                    conditions=by_name[grant.condition] or None,
                )
            )
