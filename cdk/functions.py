"""The Lambda functions, one row of a table each, and the layers that they have.

Defines functions, their roles, log groups and layers; what a role may do beyond logging is granted elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.bundles.bundling import Bundle, code
from cdk.bundles.contents import bundle_of, ffmpeg_bundle
from cdk.config import DeployConfig
from cdk.logs import add_log_group
from shared.settings import (
    ApiSettings,
    CheckImageSettings,
    DrawSceneSettings,
    GenerateSceneSettings,
    MailSettings,
    MediaSettings,
    PlanSettings,
    PollVeoSettings,
    Settings,
    SettleSettings,
    StitchSettings,
    TranscribeSettings,
    WebhookSettings,
)

RUNTIME = lambda_.Runtime.PYTHON_3_14
# What a function is given where a deployment has it, by whatever part of the stack brings it.
OPTIONAL = ("SIGNING_SECRET_ID",)
ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


@dataclass(frozen=True)
class FunctionSpec:
    """One function: memory and /tmp in MB, time limit in seconds, and the settings that its environment holds.

    One vCPU comes with each 1,769 MB, so the stages that run ffmpeg buy their speed with memory.
    """

    stage: str
    memory: int
    timeout: int
    settings: type[Settings]
    ephemeral: int = 512
    needs_ffmpeg: bool = False

    @property
    def construct_id(self) -> str:
        """The stage's name in the state machine and in the stack: generate_scene is GenerateScene."""
        return "".join(word.capitalize() for word in self.stage.split("_"))


STAGES = (
    FunctionSpec("transcribe", 1769, 900, TranscribeSettings, ephemeral=6144, needs_ffmpeg=True),
    FunctionSpec("plan", 512, 420, PlanSettings),
    # Where a clip comes with the answer to its order, that takes minutes.
    FunctionSpec("generate_scene", 512, 360, GenerateSceneSettings),
    FunctionSpec("poll_veo", 1024, 120, PollVeoSettings),
    FunctionSpec("draw_scene", 1769, 360, DrawSceneSettings, needs_ffmpeg=True),
    FunctionSpec("render_scene", 3008, 600, MediaSettings, ephemeral=1024, needs_ffmpeg=True),
    FunctionSpec("stitch", 3008, 600, StitchSettings, ephemeral=3072, needs_ffmpeg=True),
)
# API Gateway waits 29 seconds for an answer.
API = FunctionSpec("api", 512, 29, ApiSettings)
# What is called with the end of a generation, and sweeps after deletions.
SETTLE = FunctionSpec("settle", 512, 60, SettleSettings)
# Decodes what users upload for pictures and clips, and may do nothing else.
CHECK_IMAGE = FunctionSpec("check_image", 3008, 600, CheckImageSettings, ephemeral=2048, needs_ffmpeg=True)
WEBHOOK = FunctionSpec("webhook", 512, 60, WebhookSettings)
# Where the operator names a sender.
MAIL = FunctionSpec("mail", 512, 60, MailSettings)
FUNCTIONS = (*STAGES, API, SETTLE, WEBHOOK, MAIL, CHECK_IMAGE)


@dataclass(frozen=True)
class LayerSpec:
    """A layer: what it holds for an architecture, what that is, and under which licences it is."""

    construct_id: str
    bundle: Callable[[str], Bundle]
    description: str
    licenses: str


# From which `import imageio_ffmpeg` works.
FFMPEG = LayerSpec("FfmpegLayer", ffmpeg_bundle, "ffmpeg, by the wheel imageio-ffmpeg", "GPL-3.0-or-later")


def add_layer(scope: Construct, spec: LayerSpec, config: DeployConfig) -> lambda_.LayerVersion:
    """Return the layer of `spec`; its architecture is the functions'."""
    return lambda_.LayerVersion(
        scope,
        spec.construct_id,
        code=code(spec.bundle(config.architecture)),
        compatible_architectures=[ARCHITECTURES[config.architecture]],
        compatible_runtimes=[RUNTIME],
        description=spec.description,
        license=spec.licenses,
    )


def add_function(
    scope: Construct,
    spec: FunctionSpec,
    config: DeployConfig,
    values: Mapping[str, str],
    ffmpeg: lambda_.ILayerVersion,
) -> lambda_.Function:
    """Return the function of `spec`; `values` holds the value of every variable of any settings."""
    log_group = add_log_group(scope, f"{spec.construct_id}Logs", _log_group_name(scope, spec), config)
    role = _role(scope, spec)
    log_group.grant_write(role)
    return lambda_.Function(
        scope,
        spec.construct_id,
        code=code(bundle_of(spec.stage, config.architecture)),
        handler=f"functions.{spec.stage}.handler.handler",
        runtime=RUNTIME,
        architecture=ARCHITECTURES[config.architecture],
        memory_size=spec.memory,
        timeout=Duration.seconds(spec.timeout),
        ephemeral_storage_size=Size.mebibytes(spec.ephemeral),
        environment={name: values[name] for name in spec.settings.variables() if name not in OPTIONAL},
        layers=[ffmpeg] if spec.needs_ffmpeg else [],
        role=role,
        log_group=log_group,
        logging_format=lambda_.LoggingFormat.JSON,
        application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
        system_log_level_v2=lambda_.SystemLogLevel.INFO,
        tracing=lambda_.Tracing.ACTIVE,
    )


def _role(scope: Construct, spec: FunctionSpec) -> iam.IRole:
    # CDK's own role would carry a managed policy that may write to every log group. The casts are for the type checker:
    # jsii names some parameters of a class otherwise than its interface does.
    service = cast("iam.IPrincipal", iam.ServicePrincipal("lambda.amazonaws.com"))
    return cast("iam.IRole", iam.Role(scope, f"{spec.construct_id}Role", assumed_by=service))


def _log_group_name(scope: Construct, spec: FunctionSpec) -> str:
    return f"/aws/lambda/{Stack.of(scope).stack_name}/{spec.construct_id}"
