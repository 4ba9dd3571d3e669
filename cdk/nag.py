"""cdk-nag's AwsSolutions rules, and every finding that is accepted, with the reason.

Adds a validation to an app, which then runs when the app is synthesised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from aws_cdk import Acknowledgment, App, IPolicyValidationPlugin, Stack, Validations
from cdk_nag import AwsSolutionsChecks

from cdk.config import DeployConfig
from cdk.functions import FUNCTIONS


@dataclass(frozen=True)
class Accepted:
    """A finding that stays: the rule, the constructs of the stack that it is about, and why it stays.

    `unless` says of which deployments the rule finds nothing: what is the operator's own is not judged.
    """

    rule: str
    constructs: tuple[str, ...]
    reason: str
    unless: Callable[[DeployConfig], object] = lambda _: False


def _roles(*stages: str) -> tuple[str, ...]:
    return tuple(f"{spec.construct_id}Role" for spec in FUNCTIONS if spec.stage in stages)


_ALL_ROLES = tuple(f"{spec.construct_id}Role" for spec in FUNCTIONS)
# How a rule calls the bucket that the stack makes.
_MEDIA = "<MediaBucket.Arn>"
_OBJECTS = "A prefix of the bucket: the ids of videos and users, which form the rest of the key, are not known here."
_PUBLIC = "GET /openapi.json alone needs no token: it describes the API. A test checks that every other route does."
# Who may read or write which of the bucket's objects, whose names are made at run time.
_FILES = {
    "images/*": _roles("api", "check_image"),
    "images/*/music.flac": _roles("stitch"),
    "image-uploads/*": _roles("api", "check_image"),
    "ai-temp/*": _roles("render_scene", "api", "settle"),
    "ai-temp/*/sound.flac": (*_roles("transcribe", "stitch"), "TranscriptionJobsRole"),
    "ai-temp/*/drawn-*.mp4": _roles("draw_scene"),
    "ai-generated/*": _roles("render_scene", "stitch", "api", "settle"),
    "ai-generated/*/transcript.json": (*_roles("plan", "api"), "TranscriptionJobsRole"),
    "ai-generated/*/.write_access_check_file.temp": ("TranscriptionJobsRole",),
    "ai-generated/*/plans/transcript-*.json": _roles("transcribe"),
    "ai-generated/*/plans/*.json": _roles("plan", "generate_scene", "poll_veo", "draw_scene", "api", "settle"),
    "ai-generated/*/takes/*": _roles("generate_scene", "poll_veo", "draw_scene", "render_scene", "api"),
    "ai-generated/*/rendered/*": _roles("render_scene"),
}
ACCEPTED = (
    Accepted(
        "AwsSolutions-S1",
        ("MediaBucket",),
        "Objects are reached by presigned URL or by the functions' roles only; CloudTrail's data events log both.",
        unless=lambda config: config.bucket_name,
    ),
    Accepted(
        "AwsSolutions-SMG4",
        ("ProviderKeys",),
        "The keys are issued by OpenAI and Google, so AWS cannot rotate them; the functions read a changed one again.",
    ),
    Accepted(
        "AwsSolutions-SMG4",
        ("WebhookSecret",),
        "The receivers know this secret, so it changes when they can be told; the function reads a changed one again.",
    ),
    Accepted(
        "AwsSolutions-SQS3",
        ("Undelivered",),
        "It is itself the queue of what could not be delivered; a person reads it.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::*]",
        (*_ALL_ROLES, "PipelineRole"),
        "X-Ray, log delivery and transcribe:StartTranscriptionJob know no resource; the last has a condition instead.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::<MediaBucket.Arn>/uploads/*]", _roles("transcribe", "api", "settle"), _OBJECTS
    ),
    *(
        Accepted(f"AwsSolutions-IAM5[Resource::<MediaBucket.Arn>/{pattern}]", roles, _OBJECTS)
        for pattern, roles in _FILES.items()
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:transcribe:<AWS::Region>:<AWS::AccountId>"
        ":transcription-job/reelwright-*]",
        ("PipelineRole", *_roles("transcribe")),
        "The jobs are named when they are started; only those of this application have the prefix.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
        ":execution:<Pipeline.Name>:*]",
        (*_roles("api"), "Repairs", "SceneExecutions"),
        "The executions of this one state machine, which are named when they are started.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
        ":execution:<Pipeline.Name>/Scene:*]",
        ("SceneExecutions",),
        "The executions of its scenes, which Step Functions names.",
    ),
    Accepted(
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs]",
        ("RestApi",),
        "AWS's own policy for this role, which API Gateway uses for the whole account.",
        unless=lambda config: config.rest_api_id,
    ),
    Accepted(
        "AwsSolutions-COG2",
        ("UserPool",),
        "A second factor is offered; whether it is demanded is up to the operator.",
        unless=lambda config: config.user_pool_id,
    ),
    Accepted(
        "AwsSolutions-COG8",
        ("UserPool",),
        "The Plus plan costs money per user; it can be switched on in the console.",
        unless=lambda config: config.user_pool_id,
    ),
    Accepted("AwsSolutions-APIG4", ("RestApi",), _PUBLIC),
    Accepted("AwsSolutions-COG4", ("RestApi",), _PUBLIC),
    Accepted(
        "AwsSolutions-DDB3",
        ("IdempotencyTable",),
        "Answers to idempotency keys live for a day, counts and lists for few; there is nothing to bring back.",
    ),
    Accepted(
        "AwsSolutions-APIG3",
        ("RestApi",),
        "Every route wants a token and is throttled; a web ACL has a monthly price and is the operator's choice.",
        unless=lambda config: config.web_acl,
    ),
    *(
        Accepted(
            f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:{kind}/*]",
            _roles("mail"),
            "A condition allows one sender only; SES also asks for the receiver's identity in its sandbox, and for the"
            " configuration set that the sender's identity may have.",
        )
        for kind in ("identity", "configuration-set")
    ),
    Accepted("AwsSolutions-S1", ("SiteBucket",), "Only CloudFront reads it, and what it holds is public."),
    Accepted("AwsSolutions-CFR1", ("Site",), "The page is for users everywhere; whom it lets in is Cognito's matter."),
    Accepted(
        "AwsSolutions-CFR2",
        ("Site",),
        "Static files only, and nobody's data; webAcl puts a web ACL in front of the API.",
    ),
    Accepted(
        "AwsSolutions-CFR3", ("Site",), "Who fetched a static file matters to nobody; API Gateway logs every call."
    ),
    Accepted(
        "AwsSolutions-CFR4",
        ("Site",),
        "CloudFront's own certificate fixes the oldest protocol; with siteCertificateArn it is TLS 1.2.",
        unless=lambda config: config.site_certificate_arn,
    ),
    Accepted(
        "AwsSolutions-L1",
        ("Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB",),
        "CDK's own function, on the runtime that CDK tests it with.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::<SiteBucket.Arn>/*]",
        ("SiteFilesRole",),
        "All of the site's files; the bucket holds nothing else.",
    ),
    Accepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]",
        ("SiteFilesRole",),
        "CDK's bucket of assets, whose keys change with their content.",
    ),
)


def add_rules(app: App) -> None:
    """Make the synthesis of `app` fail on every finding that is not accepted."""
    Validations.of(app).add_plugins(cast("IPolicyValidationPlugin", AwsSolutionsChecks(app)))


def findings_to_accept(stack: Stack, config: DeployConfig) -> list[Accepted]:
    """Return what of `ACCEPTED` is found in `stack`, which was made by `config`."""
    bucket = f"arn:<AWS::Partition>:s3:::{config.bucket_name}" if config.bucket_name else _MEDIA
    return [
        replace(finding, rule=finding.rule.replace(_MEDIA, bucket), constructs=constructs)
        for finding in ACCEPTED
        # The site's constructs are there when its page was built, mail's where there is a sender.
        if not finding.unless(config) and (constructs := tuple(filter(stack.node.try_find_child, finding.constructs)))
    ]


def accept(stack: Stack, config: DeployConfig) -> None:
    """Accept in `stack`, which was made by `config`, the findings of `ACCEPTED`."""
    for finding in findings_to_accept(stack, config):
        for name in finding.constructs:
            acknowledgment = Acknowledgment(id=finding.rule, reason=finding.reason)
            Validations.of(stack.node.find_child(name)).acknowledge(acknowledgment)
