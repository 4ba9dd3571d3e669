"""What a verification needs to know of a deployment, read from its stack as it is and not from this folder's settings.

Asks CloudFormation for the stack and Lambda for the settings of its functions; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cdk import aws_failures

# The functions, by their logical ids, whose settings together are those of every call that is tried.
FUNCTIONS = ("Transcribe", "Plan", "GenerateScene")
SECRET = "SecretArn"


class NotDeployed(Exception):
    """The stack is not there, or not one of ours; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Deployment:
    """The names of what the calls use, and how long, in seconds, the pipeline waits for a clip."""

    secret_arn: str
    bucket: str
    transcribe_role: str
    planner_model: str
    video_model: str
    patience: int


def find_deployment(session: Any, stack: str) -> Deployment:
    """Return what is deployed as `stack`; raise NotDeployed when it is not there or may not be read."""
    try:
        outputs = _outputs(session, stack)
        settings = _settings(session, stack)
        return Deployment(
            secret_arn=outputs[SECRET],
            bucket=settings["MEDIA_BUCKET"],
            transcribe_role=settings["TRANSCRIBE_ROLE_ARN"],
            planner_model=settings["PLANNER_MODEL"],
            video_model=settings["DEFAULT_VIDEO_MODEL"],
            patience=int(settings["SCENE_DEADLINE_SECONDS"]),
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise NotDeployed(
            f"The stack {stack} could not be read ({code}); run: make deploy, or name another Region."
        ) from error
    except BotoCoreError as error:
        raise NotDeployed(f"AWS could not be asked for the stack {stack}: {aws_failures.why(error)}.") from error
    except KeyError as error:
        raise NotDeployed(
            f"The stack {stack} lacks {error.args[0]}, which this version needs; run: make deploy"
        ) from error


def _outputs(session: Any, stack: str) -> dict[str, str]:
    stack_description = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {row["OutputKey"]: row["OutputValue"] for row in stack_description.get("Outputs", [])}


def _settings(session: Any, stack: str) -> dict[str, str]:
    formation = session.client("cloudformation")
    functions = session.client("lambda")
    settings: dict[str, str] = {}
    for name in FUNCTIONS:
        row = formation.describe_stack_resource(StackName=stack, LogicalResourceId=name)["StackResourceDetail"]
        configuration = functions.get_function_configuration(FunctionName=row["PhysicalResourceId"])
        settings |= configuration["Environment"]["Variables"]
    return settings
