"""Serve the stack's REST API over HTTP as API Gateway does: routes, tokens, CORS, limits and proxy events.

Touches one port on 127.0.0.1; calls functions by the Lambda API of the moto server.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from local.apigateway.proxy import proxy_event, proxy_response
from local.apigateway.routes import Api, GatewayRoute, Mock, Template, read_api
from local.apigateway.tokens import InvalidTokenError, TokenVerifier
from local.clients import Clients
from local.http import wall
from local.http.keys import Keys
from local.http.messages import HttpRequest, Response, application
from local.http.server import PATIENCE, Server

# API Gateway's own limits: seconds for an integration, bytes for a request.
TIMEOUT_SECONDS = 29.0
MAX_BODY = 10 * 1024 * 1024
# What the Lambda service calls an event of more than 6 MB.
TOO_LARGE = "RequestEntityTooLargeException"
# The access key id that it invokes functions with.
GATEWAY = "api-gateway"


class GatewayError(Exception):
    """API Gateway answers by itself; `kind` is its gateway response type."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class Gateway:
    """A REST API on loopback: start it, call `url`, close it."""

    def __init__(
        self,
        template: Template,
        resources: Mapping[str, str],
        endpoint_url: str,
        keys: Keys,
        *,
        port: int = 0,
        timeout: float = TIMEOUT_SECONDS,
        patience: float = PATIENCE,
    ) -> None:
        """`resources` maps logical to physical ids; port 0 means any free one.

        An integration has `timeout` seconds to answer, and a client `patience` seconds to send its next byte.
        """
        self._api = read_api(template, resources)
        self._resources = resources
        self._lambda: Any = Clients(endpoint_url, keys, timeout, GATEWAY)("lambda")
        self._verifiers = {
            pool: TokenVerifier(endpoint_url, resources[pool], self._api.clients)
            for pool in {route.pool for route in self._api.routes if route.pool}
        }
        # Answers what is not below the stage's path, as a site in front of the API would.
        self.site: Callable[[HttpRequest], Response] | None = None
        # One byte over the limit is enough to refuse a request.
        self._server = Server(port, application(self.answer, MAX_BODY + 1), patience=patience)
        # Pages of its own address only: those that it serves.
        self._server.origins |= self.origins
        self._server.serve()

    @property
    def url(self) -> str:
        """The base URL with the stage, without a slash at its end."""
        return f"{self._server.url}/{self._api.stage}".rstrip("/")

    @property
    def origins(self) -> frozenset[str]:
        """The origins of the page that it serves."""
        return wall.own_origins(self._server.port)

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def answer(self, request: HttpRequest) -> Response:
        """Return the response to any request."""
        if self.site and not f"{request.path}/".startswith(f"/{self._api.stage}/"):
            return self.site(request)
        try:
            return self._dispatch(self._without_stage(request))
        except GatewayError as error:
            return _error_response(error, self._api)

    def _without_stage(self, request: HttpRequest) -> HttpRequest:
        prefix = f"/{self._api.stage}/"
        if not f"{request.path}/".startswith(prefix):
            return request
        path = "/" + request.path[len(prefix) :]
        return HttpRequest(request.method, path, request.query, request.headers, request.body)

    def _dispatch(self, request: HttpRequest) -> Response:
        if len(request.body) > MAX_BODY:
            raise GatewayError(413, "REQUEST_TOO_LARGE", "Request Too Long")
        match = self._api.find(request.method, request.path)
        if match is None:
            raise GatewayError(403, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
        route, parameters = match
        if route.mock:
            return _mock_response(route.mock)
        claims = self._claims(route, request)
        _validate(route, request)
        event = proxy_event(request, route, parameters, self._api.stage, claims)
        return self._invoke(route, event)

    def _claims(self, route: GatewayRoute, request: HttpRequest) -> dict[str, str] | None:
        if not route.pool:
            return None
        try:
            return self._verifiers[route.pool].claims(request.header("Authorization"))
        except InvalidTokenError as error:
            raise GatewayError(401, "UNAUTHORIZED", "Unauthorized") from error

    def _invoke(self, route: GatewayRoute, event: Mapping[str, Any]) -> Response:
        name = self._resources[route.function or ""]
        try:
            reply = self._lambda.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        except ReadTimeoutError as error:
            raise GatewayError(504, "INTEGRATION_TIMEOUT", "Endpoint request timed out") from error
        except (BotoCoreError, ClientError) as error:
            raise _invocation_error(error) from error
        if reply.get("FunctionError"):
            raise GatewayError(502, "INTEGRATION_FAILURE", "Internal server error")
        try:
            return proxy_response(json.loads(reply["Payload"].read()))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise GatewayError(502, "INTEGRATION_FAILURE", "Internal server error") from error


def _invocation_error(error: BotoCoreError | ClientError) -> GatewayError:
    # A request below API Gateway's own limit may still make an event above Lambda's, which is 6 MB.
    if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") == TOO_LARGE:
        return GatewayError(413, "REQUEST_TOO_LARGE", "Request Too Long")
    return GatewayError(502, "INTEGRATION_FAILURE", "Internal server error")


def _mock_response(mock: Mock) -> Response:
    return Response(mock.status, tuple(mock.headers.items()), b"")


def _validate(route: GatewayRoute, request: HttpRequest) -> None:
    if route.schema is None:
        return
    try:
        jsonschema.validate(json.loads(request.body), route.schema)
    except (ValueError, RecursionError, jsonschema.ValidationError) as error:
        raise GatewayError(400, "BAD_REQUEST_BODY", "Invalid request body") from error


def _error_response(error: GatewayError, api: Api) -> Response:
    template = api.response_of(error.kind, error.status)
    request_id = str(uuid.uuid4())
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.kind, "x-amzn-RequestId": request_id}
    body = template.body(error.kind, str(error), request_id)
    return Response(template.status or error.status, tuple({**headers, **template.headers}.items()), body.encode())
