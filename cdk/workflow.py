"""The state machine: the definition file, its placeholders, its log and what its role may call.

Reads statemachine/pipeline.asl.json; defines one state machine, one log group and the parameters of its pace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aws_cdk import ArnFormat, CfnParameter, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.config import DeployConfig
from cdk.logs import add_log_group
from cdk.storage import Storage

DEFINITION = Path(__file__).resolve().parents[1] / "statemachine" / "pipeline.asl.json"
TRANSCRIPTION_JOBS = "reelwright-*"
# What the executions of scenes are called by, in the definition and in their ARNs.
MAP_LABEL = "Scene"


@dataclass(frozen=True)
class WaitSetting:
    """A number of the state machine that may differ from one deployment to another."""

    default: int
    minimum: int
    maximum: int
    description: str


PACES = {
    "TranscribePollSeconds": WaitSetting(5, 1, 300, "Seconds between two looks at the transcription job."),
    "FirstPollSeconds": WaitSetting(40, 1, 600, "Seconds before the first look at a clip that was ordered."),
    "PollSeconds": WaitSetting(5, 1, 300, "Seconds between two looks at a clip that was ordered."),
    "SceneConcurrency": WaitSetting(
        4, 1, 40, "How many scenes are made at once; make deploy follows the account's limit."
    ),
}


def add_state_machine(
    scope: Construct, storage: Storage, stages: Mapping[str, lambda_.Function], config: DeployConfig
) -> sfn.StateMachine:
    """Return the state machine; `stages` holds its functions by construct id."""
    # Below this prefix CloudWatch needs no resource policy of its own, whose size is limited per account.
    name = f"/aws/vendedlogs/states/{Stack.of(scope).stack_name}"
    machine = sfn.StateMachine(
        scope,
        "Pipeline",
        definition_body=sfn.DefinitionBody.from_string(DEFINITION.read_text(encoding="utf-8")),
        definition_substitutions=_substitutions(scope, storage, stages, config),
        state_machine_type=sfn.StateMachineType.STANDARD,
        role=_role(scope),
        logs=sfn.LogOptions(
            destination=add_log_group(scope, "PipelineLogs", name, config),
            level=sfn.LogLevel.ALL,
            # Inputs and outputs hold transcripts, which do not belong in a log.
            include_execution_data=False,
        ),
        tracing_enabled=True,
    )
    _grant(machine, storage, stages)
    _let_start_scenes(scope, machine)
    return machine


def _role(scope: Construct) -> iam.IRole:
    # Step Functions takes the role for state machines of this account only.
    here = {"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    service = iam.ServicePrincipal("states.amazonaws.com", conditions=here)
    return cast("iam.IRole", iam.Role(scope, "PipelineRole", assumed_by=cast("iam.IPrincipal", service)))


def _substitutions(
    scope: Construct, storage: Storage, stages: Mapping[str, lambda_.Function], config: DeployConfig
) -> dict[str, str]:
    return {
        "DefaultLanguage": config.default_language,
        "TableName": storage.table.table_name,
        "BucketName": storage.bucket.bucket_name,
        **{f"{name}FunctionArn": function.function_arn for name, function in stages.items()},
        **{name: _parameter(scope, name, pace).value_as_string for name, pace in PACES.items()},
    }


def _parameter(scope: Construct, name: str, pace: WaitSetting) -> CfnParameter:
    return CfnParameter(
        scope,
        name,
        type="Number",
        default=pace.default,
        min_value=pace.minimum,
        max_value=pace.maximum,
        description=pace.description,
    )


def _grant(machine: sfn.StateMachine, storage: Storage, stages: Mapping[str, lambda_.Function]) -> None:
    # The definition is a file, so CDK grants nothing by itself: a line here for each kind of Task.
    grants = {
        "lambda:InvokeFunction": [function.function_arn for function in stages.values()],
        "dynamodb:UpdateItem": [storage.table.table_arn],
        "transcribe:GetTranscriptionJob": [transcription_jobs(Stack.of(machine))],
    }
    for action, resources in grants.items():
        iam.Grant.add_to_principal(grantee=machine, actions=[action], resource_arns=resources)


def _let_start_scenes(scope: Construct, machine: sfn.StateMachine) -> None:
    # A distributed Map starts executions of the machine itself. A policy of its own names the machine, because the
    # role's would have to be there before the machine that it names.
    format_arn = Stack.of(machine).format_arn
    name = machine.state_machine_name
    colon = ArnFormat.COLON_RESOURCE_NAME
    executions = format_arn(service="states", resource="execution", resource_name=f"{name}:*", arn_format=colon)
    scenes = format_arn(service="states", resource="execution", resource_name=f"{name}/{MAP_LABEL}:*", arn_format=colon)
    grants = {
        ("states:StartExecution",): machine.state_machine_arn,
        ("states:DescribeExecution", "states:StopExecution"): executions,
        ("states:RedriveExecution",): scenes,
    }
    iam.Policy(
        scope,
        "SceneExecutions",
        roles=[machine.role],
        statements=[iam.PolicyStatement(actions=list(a), resources=[arn]) for a, arn in grants.items()],
    )


def transcription_jobs(stack: Stack) -> str:
    """Return the ARN pattern of this deployment's transcription jobs."""
    return stack.format_arn(
        service="transcribe",
        resource="transcription-job",
        resource_name=TRANSCRIPTION_JOBS,
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
