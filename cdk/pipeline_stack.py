"""The stack: puts the parts together, grants each function what it needs, and names the results.

Defines no resource by itself but policies and outputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import ArnFormat, CfnElement, CfnOutput, Stack
from aws_cdk import aws_apigateway as apigw
from aws_cdk import aws_cloudwatch as cw
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk import web
from cdk.api import add_api, add_routes, host, stage_name
from cdk.config import LOCAL_ORIGIN, DeployConfig
from cdk.firewall import add_firewall
from cdk.functions import API, SETTLE, STAGES, WEBHOOK, add_ffmpeg_layer, add_function
from cdk.notifications import (
    add_allowed_origins,
    add_notifications,
    add_undelivered,
    add_webhook_secret,
    bus_arn,
)
from cdk.observability import add_observability
from cdk.storage import Storage, add_storage, media_bucket_name
from cdk.users import Users, add_users
from cdk.workflow import add_state_machine
from shared import media_keys

SCENE_DEADLINE_SECONDS = 900
MAX_UPLOAD_BYTES = 2_000_000_000
READ = "s3:GetObject"
WRITE = "s3:PutObject"
SECRET = "secretsmanager:GetSecretValue"


@dataclass(frozen=True)
class Grant:
    """What a function may do: actions on a resource named in `_resources`, under a condition named in `_conditions`."""

    resource: str
    actions: tuple[str, ...]
    condition: str = ""


_SCENE_RECORD = Grant("table", ("dynamodb:GetItem", "dynamodb:UpdateItem"))
_PROVIDERS = Grant("secret", (SECRET,))
# The only list of grants; CDK's own helpers are wider than their names.
GRANTS: dict[str, tuple[Grant, ...]] = {
    # Amazon Transcribe reads the recording and writes its result with this function's rights.
    "transcribe": (
        Grant("uploads", (READ,)),
        Grant("temporary", (READ, WRITE)),
        # Starting a job knows no resource; where its result goes is what can be limited.
        Grant("any", ("transcribe:StartTranscriptionJob",), "into our bucket"),
    ),
    "plan": (Grant("temporary", (READ,)), Grant("plans", (WRITE,)), _PROVIDERS),
    "generate_scene": (Grant("temporary", (READ,)), _SCENE_RECORD, _PROVIDERS),
    "poll_veo": (Grant("temporary", (READ, WRITE)), _SCENE_RECORD, _PROVIDERS),
    "render_scene": (Grant("temporary", (READ, WRITE)),),
    "stitch": (Grant("uploads", (READ,)), Grant("temporary", (READ,)), Grant("results", (WRITE,))),
    "api": (
        Grant("table", ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")),
        Grant("index", ("dynamodb:Query",)),
        # The browser's presigned requests are made with this function's rights.
        Grant("uploads", (READ, WRITE)),
        Grant("temporary", (READ,)),
        Grant("results", (READ,)),
        # Without it S3 answers 403, not 404, when a recording has not been uploaded.
        Grant("bucket", ("s3:ListBucket",), "below uploads"),
        Grant("machine", ("states:StartExecution",)),
        Grant("executions", ("states:DescribeExecution", "states:StopExecution")),
    ),
    "settle": (
        Grant("table", ("dynamodb:GetItem", "dynamodb:UpdateItem")),
        Grant("bus", ("events:PutEvents",)),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
    "webhook": (
        Grant("table", ("dynamodb:GetItem",)),
        Grant("webhook secret", (SECRET,)),
        Grant("undelivered", ("sqs:SendMessage",)),
    ),
}


class PipelineStack(Stack):
    """The whole of Reelwright in one stack."""

    def __init__(self, scope: Construct, construct_id: str, config: DeployConfig, page: Path) -> None:
        """Define everything that `config` wants; `page` is the folder with the built web page."""
        super().__init__(scope, construct_id, description="Reelwright: a recording becomes a short captioned video.")
        users = add_users(self, config)
        api = add_api(self, config)
        site = web.add_site(self, _reached(api, config), config) if web.wanted(config, page) else None
        origin = config.site_origin or (site.url if site else LOCAL_ORIGIN)
        storage = add_storage(self, config, origin)
        ffmpeg = add_ffmpeg_layer(self, config)
        values = _environment(storage, origin, config)
        undelivered, webhook_secret = add_undelivered(self), add_webhook_secret(self)
        values["WEBHOOK_SECRET_ID"] = webhook_secret.secret_arn
        values["WEBHOOK_ALLOWED_ORIGINS"] = add_allowed_origins(self).value_as_string
        functions = {s.stage: add_function(self, s, config, values, ffmpeg) for s in (*STAGES, SETTLE, WEBHOOK)}
        called = {f.node.id: f for stage, f in functions.items() if stage != WEBHOOK.stage}
        machine = add_state_machine(self, storage, called, config)
        values["STATE_MACHINE_ARN"] = machine.state_machine_arn
        api_function = functions[API.stage] = add_function(self, API, config, values, ffmpeg)
        resources = _resources(storage, machine) | {
            "bus": bus_arn(self),
            "undelivered": undelivered.queue_arn,
            "webhook secret": webhook_secret.secret_arn,
        }
        _grant(functions, resources, _conditions(storage))
        add_notifications(self, machine, functions, resources["executions"], undelivered)
        stage = add_routes(api, api_function, users, origin, config)
        if config.web_acl == "true":
            add_firewall(self, stage.stage_arn)
        dashboard = add_observability(self, machine, functions, api, config)
        url = f"https://{host(api)}/{stage_name(config)}"
        if site:
            addresses = {"apiUrl": url, "region": self.region, **_sign_in(users)}
            web.fill(self, site, page, addresses, config)
            _add_outputs(self, {"SiteUrl": site.url})
        _add_outputs(self, {"ApiUrl": url, **_user_outputs(users), **_outputs(storage, machine, dashboard)})
        CfnOutput(self, "WebhookSecretArn", value=webhook_secret.secret_arn)

    def _allocate_logical_id(self, cfn_element: CfnElement) -> str:
        # A path such as Api/Default/videos/POST/Resource becomes ApiVideosPOST: no hash, so the names in a template and
        # in the console are those of this code. Two equal names fail the synthesis.
        parts = cfn_element.node.path.split("/")[1:]
        kept = [re.sub(r"\W", "", part) for part in parts if part not in ("Default", "Resource")]
        return "".join(part[:1].upper() + part[1:] for part in kept)


def _reached(api: apigw.RestApiBase, config: DeployConfig) -> dict[str, list[str]]:
    stack = Stack.of(api)
    # A presigned URL names the Region or not, as the SDK that makes it likes.
    bucket, suffix = media_bucket_name(stack, config), stack.url_suffix
    media = [f"https://{bucket}.s3.{stack.region}.{suffix}", f"https://{bucket}.s3.{suffix}"]
    sign_in = f"https://cognito-idp.{stack.region}.{suffix}"
    return {"connect-src": [f"https://{host(api)}", sign_in, *media], "media-src": media, "img-src": media}


def _sign_in(users: Users) -> dict[str, str]:
    return {"userPoolId": users.pool.user_pool_id, "clientId": users.client_id}


def _environment(storage: Storage, origin: str, config: DeployConfig) -> dict[str, str]:
    return {
        "MEDIA_BUCKET": storage.bucket.bucket_name,
        "TABLE_NAME": storage.table.table_name,
        "USER_INDEX": storage.index,
        "SECRET_ID": storage.secret.secret_arn,
        "PLANNER_MODEL": config.planner_model,
        "DEFAULT_VIDEO_MODEL": config.default_video_model,
        "MAX_BUDGET_USD": config.max_budget_usd,
        "SCENE_DEADLINE_SECONDS": str(SCENE_DEADLINE_SECONDS),
        "MAX_UPLOAD_BYTES": str(MAX_UPLOAD_BYTES),
        "ALLOWED_ORIGINS": origin,
    }


def _resources(storage: Storage, machine: sfn.StateMachine) -> dict[str, str]:
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
        "temporary": objects(f"{media_keys.TEMPORARY}/*"),
        "plans": objects(f"{media_keys.TEMPORARY}/*/plan.json"),
        "results": objects(f"{media_keys.RESULTS}/*"),
        "table": storage.table.table_arn,
        "index": f"{storage.table.table_arn}/index/{storage.index}" if storage.index else "",
        "secret": storage.secret.secret_arn,
        "machine": machine.state_machine_arn,
        "executions": executions,
    }


def _conditions(storage: Storage) -> dict[str, dict[str, Any]]:
    return {
        "": {},
        "into our bucket": {"StringEquals": {"transcribe:OutputBucketName": storage.bucket.bucket_name}},
        "below uploads": {"StringLike": {"s3:prefix": f"{media_keys.UPLOADS}/*"}},
    }


def _grant(
    functions: Mapping[str, lambda_.Function], resources: Mapping[str, str], conditions: Mapping[str, dict[str, Any]]
) -> None:
    for stage, function in functions.items():
        # An empty resource is one that this deployment does not have.
        for grant in (grant for grant in GRANTS[stage] if resources[grant.resource]):
            function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=list(grant.actions),
                    resources=[resources[grant.resource]],
                    conditions=conditions[grant.condition] or None,
                )
            )


def _user_outputs(users: Users) -> dict[str, str]:
    return {"UserPoolId": users.pool.user_pool_id, "UserPoolClientId": users.client_id}


def _outputs(storage: Storage, machine: sfn.StateMachine, dashboard: cw.Dashboard) -> dict[str, str]:
    region, arn = Stack.of(machine).region, machine.state_machine_arn
    console = f"https://{region}.console.aws.amazon.com"
    return {
        "StateMachineArn": arn,
        "StateMachineConsoleUrl": f"{console}/states/home?region={region}#/statemachines/view/{arn}",
        "DashboardUrl": f"{console}/cloudwatch/home?region={region}#dashboards/dashboard/{dashboard.dashboard_name}",
        "BucketName": storage.bucket.bucket_name,
        "TableName": storage.table.table_name,
        "SecretArn": storage.secret.secret_arn,
    }


def _add_outputs(scope: Construct, outputs: Mapping[str, str]) -> None:
    for name, value in outputs.items():
        CfnOutput(scope, name, value=value)
