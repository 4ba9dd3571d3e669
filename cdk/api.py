"""The REST API and its users: routes, who may call them, and how refusals look.

Defines one API Gateway REST API, its log group, one Cognito user pool and the pool's client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigw
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.config import DeployConfig
from cdk.logs import add_log_group

STAGE = "v1"
REQUESTS_PER_SECOND = 50
BURST = 100


@dataclass(frozen=True)
class Route:
    """One method of one path; `body` says whether a JSON object must come with it."""

    method: str
    path: str
    body: bool = False


ROUTES = (
    Route("POST", "/videos", body=True),
    Route("POST", "/ai-video", body=True),
    Route("GET", "/ai-video/{videoId}"),
)
# The shape of every error of the API; API Gateway fills in what it refuses by itself.
ERROR_BODY = (
    '{"error": "$context.error.responseType", "message": $context.error.messageString, '
    '"requestId": "$context.requestId", "retriable": %s, "charged": false}'
)
REFUSALS = {
    "Default4xx": (apigw.ResponseType.DEFAULT_4_XX, ERROR_BODY % "false"),
    "Default5xx": (apigw.ResponseType.DEFAULT_5_XX, ERROR_BODY % "true"),
}


@dataclass(frozen=True)
class Users:
    """The user pool and the web page's client of it."""

    pool: cognito.UserPool
    client: cognito.UserPoolClient


def add_users(scope: Construct) -> Users:
    """Return the user pool: an administrator invites, a user signs in by user name or e-mail address."""
    pool = cognito.UserPool(
        scope,
        "UserPool",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(username=True, email=True),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        password_policy=cognito.PasswordPolicy(
            min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )
    return Users(pool, _client(pool))


def _client(pool: cognito.UserPool) -> cognito.UserPoolClient:
    # The browser signs in by SRP. The administrator's flow needs AWS credentials, so it opens nothing to the public;
    # the command line and the local cloud use it to get a token without a browser.
    return pool.add_client(
        "Client",
        auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
        generate_secret=False,
        disable_o_auth=True,
        prevent_user_existence_errors=True,
        id_token_validity=Duration.hours(1),
        access_token_validity=Duration.hours(1),
        refresh_token_validity=Duration.days(30),
    )


def add_api(scope: Construct, function: lambda_.Function, users: Users, config: DeployConfig) -> apigw.RestApi:
    """Return the REST API: every route of `ROUTES` goes to `function` and wants an ID token of the pool."""
    api = apigw.RestApi(
        scope,
        "RestApi",
        rest_api_name=Stack.of(scope).stack_name,
        endpoint_types=[apigw.EndpointType.REGIONAL],
        cloud_watch_role=True,
        deploy_options=_stage(scope, config),
        default_cors_preflight_options=_preflight(config),
        default_method_options=_authorization(scope, users),
    )
    # CDK adds an output of its own; ours are in one place.
    api.node.try_remove_child("Endpoint")
    _add_refusals(api, config)
    _add_routes(api, function)
    return api


def _stage(scope: Construct, config: DeployConfig) -> apigw.StageOptions:
    log_group = add_log_group(scope, "RestApiLogs", f"/aws/apigateway/{Stack.of(scope).stack_name}", config)
    return apigw.StageOptions(
        stage_name=STAGE,
        throttling_rate_limit=REQUESTS_PER_SECOND,
        throttling_burst_limit=BURST,
        access_log_destination=apigw.LogGroupLogDestination(log_group),
        access_log_format=apigw.AccessLogFormat.json_with_standard_fields(
            caller=False,
            http_method=True,
            ip=True,
            protocol=True,
            request_time=True,
            resource_path=True,
            response_length=True,
            status=True,
            user=False,
        ),
        logging_level=apigw.MethodLoggingLevel.ERROR,
        metrics_enabled=True,
        tracing_enabled=True,
    )


def _preflight(config: DeployConfig) -> apigw.CorsOptions:
    return apigw.CorsOptions(
        allow_origins=[config.site_origin],
        allow_methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=Duration.minutes(5),
    )


def _authorization(scope: Construct, users: Users) -> apigw.MethodOptions:
    # Without scopes the authorizer takes the ID token, whose claims name the user.
    authorizer = apigw.CognitoUserPoolsAuthorizer(scope, "Authorizer", cognito_user_pools=[users.pool])
    return apigw.MethodOptions(authorizer=authorizer, authorization_type=apigw.AuthorizationType.COGNITO)


def _add_refusals(api: apigw.RestApi, config: DeployConfig) -> None:
    # Without these headers a browser reports an expired token as a network error.
    for name, (kind, body) in REFUSALS.items():
        api.add_gateway_response(
            name,
            type=kind,
            response_headers={"Access-Control-Allow-Origin": f"'{config.site_origin}'"},
            templates={"application/json": body},
        )


def _add_routes(api: apigw.RestApi, function: lambda_.Function) -> None:
    # One permission for the whole API: one per method would outgrow the function's policy as routes are added.
    integration = apigw.LambdaIntegration(cast("lambda_.IFunction", function), scope_permission_to_method=False)
    validator = api.add_request_validator("BodyValidator", validate_request_body=True, validate_request_parameters=True)
    schema = apigw.JsonSchema(type=apigw.JsonSchemaType.OBJECT)
    model = api.add_model("JsonObject", content_type="application/json", schema=schema)
    for route in ROUTES:
        api.root.resource_for_path(route.path).add_method(
            route.method,
            integration,
            request_validator=validator if route.body else None,
            request_models={"application/json": model} if route.body else None,
        )
