"""The stack: puts the parts together and names the results.

Defines no resource by itself but outputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CfnElement, CfnOutput, Stack
from aws_cdk import aws_apigateway as apigw
from aws_cdk import aws_cloudwatch as cw
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk import web
from cdk.api import add_api, add_routes, host, stage_name
from cdk.config import DeployConfig
from cdk.firewall import add_firewall
from cdk.functions import API, CHECK_IMAGE, FFMPEG, MAIL, SETTLE, STAGES, WEBHOOK, FunctionSpec, add_function, add_layer
from cdk.granting.grants import grant_all, known_resources
from cdk.monitoring.alarms import add_observability
from cdk.monitoring.metrics import Watched, own_api
from cdk.notifications import add_allowed_origins, add_notifications, add_undelivered, add_webhook_secret, bus_arn
from cdk.signing import add_signing
from cdk.storage import Storage, add_storage, media_bucket_name
from cdk.transcription import add_transcription_role
from cdk.users import Users, add_users
from cdk.workflow import add_state_machine
from shared.http.site import headers

SCENE_DEADLINE_SECONDS = 900
# What the state machine calls.
CALLED = (*STAGES, SETTLE)


class PipelineStack(Stack):
    """The whole of Reelwright in one stack."""

    def __init__(self, scope: Construct, construct_id: str, config: DeployConfig, page: Path) -> None:
        """Define everything that `config` wants; `page` is the folder with the built web page."""
        super().__init__(scope, construct_id, description="Reelwright: a recording becomes a short captioned video.")
        users = add_users(self, config)
        api = add_api(self, config)
        site = web.add_site(self, _page_headers(api, config), config) if web.is_wanted(config, page) else None
        # With neither, no page may call from a browser.
        origin = config.site_origin or (site.url if site else "")
        storage = add_storage(self, config, origin)
        ffmpeg = add_layer(self, FFMPEG, config)
        values = _environment(storage, origin, config)
        dead_letters = add_undelivered(self)
        webhook_secret = add_webhook_secret(self)
        values |= {"USER_POOL_CLIENT_IDS": users.client_id, "USER_POOL_ID": users.pool.user_pool_id}
        values |= {"WEBHOOK_SECRET_ID": webhook_secret.secret_arn} | _allowed_origins(self)
        transcription = add_transcription_role(self, storage)
        values["TRANSCRIBE_ROLE_ARN"] = transcription.role_arn
        functions = {s.stage: add_function(self, s, config, values, ffmpeg) for s in _specs(config)}
        stage_functions = {spec.construct_id: functions[spec.stage] for spec in CALLED}
        machine = add_state_machine(self, storage, stage_functions, config)
        values["STATE_MACHINE_ARN"] = machine.state_machine_arn
        api_function = functions[API.stage] = add_function(self, API, config, values, ffmpeg)
        resources = known_resources(storage, machine) | {
            "transcription role": transcription.role_arn,
            "undelivered": dead_letters.queue_arn,
            "webhook secret": webhook_secret.secret_arn,
            **_resources_beside(self, users, config),
        }
        add_signing(self, functions["stitch"], config)
        grant_all(functions, resources, storage, config.mail_from)
        add_notifications(self, machine, functions, resources["executions"], dead_letters)
        stage = add_routes(api, api_function, users, origin, config)
        if config.web_acl:
            add_firewall(self, stage.stage_arn)
        targets = Watched(machine, functions, dead_letters, api if own_api(config) else None)
        dashboard = add_observability(self, targets, config)
        if site:
            self._fill_site(site, page, _url(api, config), users, config)
        _add_outputs(self, {"ApiUrl": _url(api, config), **_user_outputs(users)})
        _add_outputs(self, {**_outputs(storage, machine, dashboard), "WebhookSecretArn": webhook_secret.secret_arn})

    def _fill_site(self, site: web.Site, page: Path, url: str, users: Users, config: DeployConfig) -> None:
        """Copy the page to its site, with the addresses that it talks to."""
        web.fill(self, site, page, {"apiUrl": url, "region": self.region, **_sign_in(users)}, config)
        _add_outputs(self, {"SiteUrl": site.url})

    def name_elements(self) -> None:
        """Tell each element its name: CDK would ask for one at each mention, five thousand times from Node to here."""
        for element in self.node.find_all():
            if isinstance(element, CfnElement):
                name = self._allocate_logical_id(element)
                # What names itself, as a deployment of an API does after its content, keeps its name.
                if self.resolve(element.logical_id) == name:
                    element.override_logical_id(name)

    def _allocate_logical_id(self, cfn_element: CfnElement) -> str:
        # A path such as Api/Default/videos/POST/Resource becomes ApiVideosPOST: no hash, so the names in a template and
        # in the console are those of this code. Two equal names fail the synthesis.
        parts = cfn_element.node.path.split("/")[1:]
        words = [re.sub(r"\W", "", part) for part in parts if part not in ("Default", "Resource")]
        return "".join(part[:1].upper() + part[1:] for part in words)


def _specs(config: DeployConfig) -> tuple[FunctionSpec, ...]:
    """Return what the state machine calls, and what hears of events."""
    return (*CALLED, WEBHOOK, *([MAIL] if config.mail_from else []), CHECK_IMAGE)


def _resources_beside(scope: Construct, users: Users, config: DeployConfig) -> dict[str, str]:
    """Return the ARNs of what may be the operator's own."""
    return {
        "bus": bus_arn(Stack.of(scope)),
        "users": users.pool.user_pool_arn,
        "signing secret": config.signing_secret_arn,
    }


def _allowed_origins(scope: Construct) -> dict[str, str]:
    return {"WEBHOOK_ALLOWED_ORIGINS": add_allowed_origins(scope).value_as_string}


def _page_headers(api: apigw.RestApiBase, config: DeployConfig) -> dict[str, str]:
    stack = Stack.of(api)
    # A presigned URL names the Region or not, as the SDK that makes it likes.
    bucket = media_bucket_name(stack, config)
    suffix = stack.url_suffix
    media = [f"https://{bucket}.s3.{stack.region}.{suffix}", f"https://{bucket}.s3.{suffix}"]
    return headers(f"https://{host(api)}", f"https://cognito-idp.{stack.region}.{suffix}", media)


def _url(api: apigw.RestApiBase, config: DeployConfig) -> str:
    return f"https://{host(api)}/{stage_name(config)}"


def _sign_in(users: Users) -> dict[str, str]:
    return {"userPoolId": users.pool.user_pool_id, "clientId": users.client_id}


def _environment(storage: Storage, origin: str, config: DeployConfig) -> dict[str, str]:
    return {
        "MEDIA_BUCKET": storage.bucket.bucket_name,
        "TABLE_NAME": storage.table.table_name,
        "USER_INDEX": storage.index,
        "ACCOUNTS_TABLE_NAME": storage.accounts.table_name,
        "KEYS_TABLE_NAME": storage.keys.table_name,
        "SECRET_ID": storage.secret.secret_arn,
        "PLANNER_MODEL": config.planner_model,
        "PLANNED_BY": "model",
        "DEFAULT_VIDEO_MODEL": config.default_video_model,
        "MAX_BUDGET_USD": str(config.max_budget_usd),
        "USER_DAILY_BUDGET_USD": str(config.user_daily_budget_usd),
        "DAILY_BUDGET_USD": str(config.daily_budget_usd),
        "USER_HOURLY_STARTS": str(config.user_hourly_starts),
        "ORDERS_PER_MINUTE": config.orders_per_minute,
        "SCENE_DEADLINE_SECONDS": str(SCENE_DEADLINE_SECONDS),
        "ALLOWED_ORIGINS": origin,
        "SITE_URL": origin,
        "MAIL_FROM": config.mail_from,
    }


def _user_outputs(users: Users) -> dict[str, str]:
    return {"UserPoolId": users.pool.user_pool_id, "UserPoolClientId": users.client_id}


def _outputs(storage: Storage, machine: sfn.StateMachine, dashboard: cw.Dashboard) -> dict[str, str]:
    region = Stack.of(machine).region
    arn = machine.state_machine_arn
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
