"""Who hears of what: of the end of a generation settle, webhook and mail do, of an uploaded picture check_image.

Defines four rules on the account's default bus, a schedule, a queue of what could not be delivered, a secret, one
policy and one parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from aws_cdk import CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from shared.video.events import DETAIL_TYPES, SOURCE
from shared.video.own_image import IMAGE_UPLOADED
from shared.video.tombstones import PERIOD

ENDS = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
# Lambda's own back-off: the first repetition after a minute, the second after two more.
REPETITIONS = 2
SECRET_LENGTH = 44


def bus_arn(stack: Stack) -> str:
    """Return the ARN of the account's default event bus."""
    return stack.format_arn(service="events", resource="event-bus", resource_name="default")


def add_undelivered(scope: Construct) -> sqs.Queue:
    """Return the queue of the events that a function could not take; an operator finds them there for two weeks."""
    return sqs.Queue(
        scope,
        "Undelivered",
        retention_period=Duration.days(14),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )


def add_webhook_secret(scope: Construct) -> secretsmanager.Secret:
    """Return the secret that webhooks are signed with; AWS makes its value, which is legal base64."""
    return secretsmanager.Secret(
        scope,
        "WebhookSecret",
        description="Signs Reelwright's webhooks (Standard Webhooks); receivers are given it as whsec_ and the value.",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            exclude_punctuation=True, password_length=SECRET_LENGTH
        ),
        removal_policy=RemovalPolicy.RETAIN,
    )


def add_allowed_origins(scope: Construct) -> CfnParameter:
    """Return the parameter that names receivers exempt from the rules for webhooks; there are none by default."""
    return CfnParameter(
        scope,
        "WebhookAllowedOrigins",
        default="",
        allowed_pattern=r"(https?://[^,/\s]+(,https?://[^,/\s]+)*)?",
        description="Origins, separated by commas, that webhooks may reach although they are private or without TLS.",
    )


def add_notifications(
    scope: Construct,
    machine: sfn.StateMachine,
    functions: Mapping[str, lambda_.Function],
    executions: str,
    dead_letters: sqs.Queue,
) -> None:
    """Call the function settle with every end of the machine's executions, and webhook with what is told of it.

    So is mail, where the deployment has one.
    An own picture or clip that was uploaded is told to check_image.
    A schedule calls settle, too, to sweep after deletions. `functions` holds the functions by stage; `executions` is
    the ARN of the machine's executions.
    """
    settle = functions["settle"]
    ends = events.EventPattern(
        source=["aws.states"],
        detail_type=["Step Functions Execution Status Change"],
        detail={"status": list(ENDS), "stateMachineArn": [machine.state_machine_arn]},
    )
    pattern = events.EventPattern(source=[SOURCE], detail_type=list(DETAIL_TYPES.values()))
    _rule(scope, "ExecutionEnded", ends, settle, dead_letters)
    _rule(scope, "VideoEnded", pattern, functions["webhook"], dead_letters)
    if "mail" in functions:
        _rule(scope, "MailDue", pattern, functions["mail"], dead_letters)
    uploads = events.EventPattern(source=[SOURCE], detail_type=[IMAGE_UPLOADED])
    _rule(scope, "ImageUploaded", uploads, functions["check_image"], dead_letters)
    every = events.Schedule.rate(Duration.seconds(PERIOD))
    events.Rule(scope, "Sweep", schedule=every, targets=[_target(settle, dead_letters)])
    # The machine calls settle, so its own policy cannot name the machine: each would wait for the other.
    iam.Policy(
        scope,
        "Repairs",
        roles=[cast("iam.IRole", settle.role)],
        statements=[iam.PolicyStatement(actions=["states:DescribeExecution"], resources=[executions])],
    )


def _rule(
    scope: Construct, name: str, pattern: events.EventPattern, function: lambda_.Function, dead_letters: sqs.Queue
) -> None:
    events.Rule(scope, name, event_pattern=pattern, targets=[_target(function, dead_letters)])
    destination = lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=dead_letters.queue_arn)
    lambda_.CfnEventInvokeConfig(
        scope,
        f"{name}Repetitions",
        function_name=function.function_name,
        qualifier="$LATEST",
        maximum_retry_attempts=REPETITIONS,
        destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(on_failure=destination),
    )


def _target(function: lambda_.Function, dead_letters: sqs.Queue) -> events.IRuleTarget:
    target = targets.LambdaFunction(
        cast("lambda_.IFunction", function), dead_letter_queue=cast("sqs.IQueue", dead_letters), retry_attempts=10
    )
    return cast("events.IRuleTarget", target)
