"""The REST API: routes, who may call them, and how refusals look.

Defines one API Gateway REST API, its stage and its log group; with an API of the operator's, routes and a stage in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigateway as apigw
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.config import DeployConfig
from cdk.logs import add_log_group
from cdk.users import Users
from shared.errors import InvalidRequest, ReelwrightError, UnsupportedMedia
from shared.http.problems import problem_of
from shared.http.refusals import InternalError, NotSignedIn, RequestTooLarge, RouteNotFound, TooManyRequests
from shared.http.routes import (
    BURST,
    LISTINGS,
    PREFLIGHT_SECONDS,
    PUBLIC_BURST,
    PUBLIC_REQUESTS_PER_SECOND,
    REQUEST_HEADERS,
    REQUESTS_PER_SECOND,
    RETRY_TOO_MANY,
    ROUTES,
    Route,
    methods,
)

STAGE = "v1"
# In the operator's API a stage of our own, so that no stage of theirs changes.
GUEST_STAGE = "reelwright"
# API Gateway puts its words here, in quotation marks.
_OWN_WORDS = "$context.error.messageString"


@dataclass(frozen=True)
class GatewayRefusal:
    """What API Gateway refuses by itself, said as the function would: our class of the error, and its status.

    Without a status it keeps API Gateway's, and without a message API Gateway's words.
    """

    type: str
    error: type[ReelwrightError]
    status: int | None = None
    message: str = _OWN_WORDS

    @property
    def body(self) -> str:
        """The template of the one error shape."""
        problem = problem_of(self.error(self.message), "$context.requestId")
        text = problem.model_dump_json(by_alias=True, exclude_none=True)
        return text.replace(f'"{_OWN_WORDS}"', _OWN_WORDS)


# The user is Cognito's `sub`; the path is the route's, because the one that was asked for holds ids.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "user": "$context.authorizer.claims.sub",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
}
REFUSALS = (
    GatewayRefusal("DEFAULT_4XX", InvalidRequest),
    GatewayRefusal("DEFAULT_5XX", InternalError),
    GatewayRefusal("BAD_REQUEST_BODY", InvalidRequest, 400, "The body must be a JSON object."),
    GatewayRefusal("UNAUTHORIZED", NotSignedIn, 401),
    GatewayRefusal("EXPIRED_TOKEN", NotSignedIn, 401),
    # API Gateway's words for a path that has no route.
    GatewayRefusal("MISSING_AUTHENTICATION_TOKEN", RouteNotFound, 404, "No route answers this path."),
    GatewayRefusal("REQUEST_TOO_LARGE", RequestTooLarge, 413),
    GatewayRefusal("UNSUPPORTED_MEDIA_TYPE", UnsupportedMedia, 415),
    GatewayRefusal("THROTTLED", TooManyRequests, 429),
    GatewayRefusal("INTEGRATION_FAILURE", InternalError, 502),
    GatewayRefusal("INTEGRATION_TIMEOUT", InternalError, 504),
)


def add_api(scope: Construct, config: DeployConfig) -> apigw.RestApiBase:
    """Return the REST API without routes: the operator's own if `config` names it, else a new one with its stage."""
    if config.rest_api_id:
        api = apigw.RestApi.from_rest_api_attributes(
            scope, "RestApi", rest_api_id=config.rest_api_id, root_resource_id=config.rest_api_root_resource_id
        )
        return cast("apigw.RestApiBase", api)
    api = apigw.RestApi(
        scope,
        "RestApi",
        rest_api_name=Stack.of(scope).stack_name,
        endpoint_types=[apigw.EndpointType.REGIONAL],
        cloud_watch_role=True,
        deploy_options=apigw.StageOptions(stage_name=STAGE, **_stage(scope, config)),
    )
    # CDK adds an output of its own; ours are in one place.
    api.node.try_remove_child("Endpoint")
    return api


def stage_name(config: DeployConfig) -> str:
    """Return the name of the stage that serves the routes."""
    return GUEST_STAGE if config.rest_api_id else STAGE


def host(api: apigw.RestApiBase) -> str:
    """Return the host that the API answers at."""
    stack = Stack.of(api)
    return f"{api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"


def add_routes(
    api: apigw.RestApiBase, function: lambda_.Function, users: Users, origin: str, config: DeployConfig
) -> apigw.Stage:
    """Send the routes of `ROUTES` that `config` wants to `function`, and return the stage that serves them.

    Each wants an ID token of `users`' pool; pages of `origin`, if there is one, may call them from a browser.
    """
    authorization = _authorization(Stack.of(api), users)
    all_methods = _add_methods(api, function, authorization, config)
    all_methods += _add_preflights(api, origin, config)
    if config.rest_api_id:
        return _add_guest_stage(api, all_methods, origin, config)
    _add_refusals(api, origin)
    return api.deployment_stage


def routes(config: DeployConfig) -> tuple[Route, ...]:
    """Return the rows of `ROUTES` that this deployment has."""
    has_index = not config.table_name or bool(config.table_index)
    return tuple(
        route
        for route in ROUTES
        if (config.routes == "all" or route.path.startswith(f"/{config.routes}"))
        and (has_index or (route.method, route.path) not in LISTINGS)
    )


def paths(config: DeployConfig) -> list[str]:
    """Return each path of this deployment once."""
    return list(dict.fromkeys(route.path for route in routes(config)))


def _stage(scope: Construct, config: DeployConfig) -> dict[str, Any]:
    log_group = add_log_group(scope, "RestApiLogs", f"/aws/apigateway/{Stack.of(scope).stack_name}", config)
    monitoring: dict[str, Any] = {"logging_level": apigw.MethodLoggingLevel.ERROR, "metrics_enabled": True}
    of_public = apigw.MethodDeploymentOptions(
        throttling_rate_limit=PUBLIC_REQUESTS_PER_SECOND, throttling_burst_limit=PUBLIC_BURST, **monitoring
    )
    return {
        "throttling_rate_limit": REQUESTS_PER_SECOND,
        "throttling_burst_limit": BURST,
        # Who needs no token must not use up what those have who have one.
        "method_options": {f"{route.path}/{route.method}": of_public for route in routes(config) if route.public},
        "access_log_destination": apigw.LogGroupLogDestination(log_group),
        "access_log_format": apigw.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
        "tracing_enabled": True,
        **monitoring,
    }


def _authorization(scope: Construct, users: Users) -> dict[str, Any]:
    # Without scopes the authorizer takes the ID token, whose claims name the user.
    authorizer = apigw.CognitoUserPoolsAuthorizer(scope, "Authorizer", cognito_user_pools=[users.pool])
    return {"authorizer": authorizer, "authorization_type": apigw.AuthorizationType.COGNITO}


def _add_methods(
    api: apigw.RestApiBase, function: lambda_.Function, authorization: dict[str, Any], config: DeployConfig
) -> list[apigw.Method]:
    # One permission for the whole API: one per method would outgrow the function's policy as routes are added.
    integration = apigw.LambdaIntegration(cast("lambda_.IFunction", function), scope_permission_to_method=False)
    validator = apigw.RequestValidator(
        api, "BodyValidator", rest_api=api, validate_request_body=True, validate_request_parameters=True
    )
    schema = apigw.JsonSchema(type=apigw.JsonSchemaType.OBJECT)
    model = apigw.Model(api, "JsonObject", rest_api=api, content_type="application/json", schema=schema)
    body: dict[str, Any] = {"request_validator": validator, "request_models": {"application/json": model}}
    public: dict[str, Any] = {"authorization_type": apigw.AuthorizationType.NONE}
    resources = [
        api.root.resource_for_path(route.path).add_method(
            route.method, integration, **(public if route.public else authorization), **(body if route.body else {})
        )
        for route in routes(config)
    ]
    # The function says which methods a path has; API Gateway alone would call the path unknown.
    rest = [api.root.resource_for_path(path).add_method("ANY", integration, **authorization) for path in paths(config)]
    # HEAD comes with ANY, which wants a token.
    heads = [
        api.root.resource_for_path(route.path).add_method("HEAD", integration, **public)
        for route in routes(config)
        if route.public
    ]
    return resources + rest + heads


def _add_preflights(api: apigw.RestApiBase, origin: str, config: DeployConfig) -> list[apigw.Method]:
    return [
        api.root.resource_for_path(path).add_cors_preflight(
            allow_origins=[origin],
            allow_methods=[*methods(routes(config), path), "OPTIONS"],
            allow_headers=list(REQUEST_HEADERS),
            max_age=Duration.seconds(PREFLIGHT_SECONDS),
        )
        for path in (paths(config) if origin else ())
    ]


def _add_refusals(api: apigw.RestApiBase, origin: str) -> None:
    # Without these headers a browser reports an expired token as a network error.
    for refusal in REFUSALS:
        headers = {"Access-Control-Allow-Origin": f"'{origin}'"} if origin else {}
        if refusal.type == "THROTTLED":
            headers["Retry-After"] = f"'{RETRY_TOO_MANY}'"
            headers |= {"Access-Control-Expose-Headers": "'Retry-After'"} if origin else {}
        apigw.GatewayResponse(
            api,
            refusal.type.title().replace("_", ""),
            rest_api=api,
            type=apigw.ResponseType.of(refusal.type),
            status_code=str(refusal.status) if refusal.status else None,
            response_headers=headers,
            templates={"application/json": refusal.body},
        )


def _add_guest_stage(
    api: apigw.RestApiBase, all_methods: list[apigw.Method], origin: str, config: DeployConfig
) -> apigw.Stage:
    deployment = apigw.Deployment(api, "Deployment", api=api)
    deployment.node.add_dependency(*all_methods)
    # CDK makes a new deployment by itself only for an API of its own; without one the stage would serve old routes.
    deployment.add_to_logical_id(
        json.dumps([[asdict(route) for route in routes(config)], origin, config.model_dump(mode="json")])
    )
    return apigw.Stage(api, "Stage", deployment=deployment, stage_name=GUEST_STAGE, **_stage(Stack.of(api), config))
