"""Serve the stack's REST API over HTTP as API Gateway does: routes, tokens, CORS, limits and proxy events.

Touches one port on 127.0.0.1; calls functions by the Lambda API of the moto server.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from local.clients import Clients
from local.http import QuietHandler, QuietServer
from local.proxy import Request, Response, proxy_event, proxy_response
from local.routes import Api, Mock, Route, Template, read_api
from local.tokens import InvalidTokenError, TokenVerifier

# API Gateway's own limits: seconds for an integration, bytes for a request.
TIMEOUT_SECONDS = 29.0
MAX_BODY = 10 * 1024 * 1024


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
        port: int = 0,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        """`resources` maps logical to physical ids; port 0 means any free one; `timeout` in seconds."""
        self._api = read_api(template, resources)
        self._resources = resources
        self._lambda: Any = Clients(endpoint_url, timeout)("lambda")
        self._verifiers = {
            pool: TokenVerifier(endpoint_url, resources[pool], self._api.clients)
            for pool in {route.pool for route in self._api.routes if route.pool}
        }
        # Answers what is not below the stage's path, as a site in front of the API would.
        self.site: Callable[[Request], Response] | None = None
        self._server = _Server(self, port)
        self._server.serve()

    @property
    def url(self) -> str:
        """The base URL with the stage, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._api.stage}".rstrip("/")

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def answer(self, request: Request) -> Response:
        """The response to any request."""
        if self.site and not f"{request.path}/".startswith(f"/{self._api.stage}/"):
            return self.site(request)
        try:
            return self._dispatch(self._without_stage(request))
        except GatewayError as error:
            return _error_response(error, self._api)

    def _without_stage(self, request: Request) -> Request:
        prefix = f"/{self._api.stage}/"
        if not f"{request.path}/".startswith(prefix):
            return request
        path = "/" + request.path[len(prefix) :]
        return Request(request.method, path, request.query, request.headers, request.body)

    def _dispatch(self, request: Request) -> Response:
        if len(request.body) > MAX_BODY:
            raise GatewayError(413, "REQUEST_TOO_LARGE", "Request Too Long")
        found = self._api.find(request.method, request.path)
        if found is None:
            raise GatewayError(403, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
        route, parameters = found
        if route.mock:
            return _mocked(route.mock)
        claims = self._claims(route, request)
        _validate(route, request)
        event = proxy_event(request, route, parameters, self._api.stage, claims)
        return self._invoke(route, event)

    def _claims(self, route: Route, request: Request) -> dict[str, str] | None:
        if not route.pool:
            return None
        try:
            return self._verifiers[route.pool].claims(request.header("Authorization"))
        except InvalidTokenError as error:
            raise GatewayError(401, "UNAUTHORIZED", "Unauthorized") from error

    def _invoke(self, route: Route, event: Mapping[str, Any]) -> Response:
        name = self._resources[route.function or ""]
        try:
            reply = self._lambda.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        except ReadTimeoutError as error:
            raise GatewayError(504, "INTEGRATION_TIMEOUT", "Endpoint request timed out") from error
        except (BotoCoreError, ClientError) as error:
            raise GatewayError(502, "INTEGRATION_FAILURE", "Internal server error") from error
        result = json.loads(reply["Payload"].read())
        if reply.get("FunctionError") or not isinstance(result, dict) or "statusCode" not in result:
            raise GatewayError(502, "INTEGRATION_FAILURE", "Internal server error")
        return proxy_response(result)  # pyright: ignore[reportUnknownArgumentType]


def _mocked(mock: Mock) -> Response:
    return Response(mock.status, tuple(mock.headers.items()), b"")


def _validate(route: Route, request: Request) -> None:
    if route.schema is None:
        return
    try:
        jsonschema.validate(json.loads(request.body), route.schema)
    except (ValueError, jsonschema.ValidationError) as error:
        raise GatewayError(400, "BAD_REQUEST_BODY", "Invalid request body") from error


def _error_response(error: GatewayError, api: Api) -> Response:
    described, request_id = api.response_of(error.kind, error.status), str(uuid.uuid4())
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.kind, "x-amzn-RequestId": request_id}
    body = described.body(error.kind, str(error), request_id)
    return Response(described.status or error.status, tuple({**headers, **described.headers}.items()), body.encode())


class _Server(QuietServer):
    def __init__(self, gateway: Gateway, port: int) -> None:
        self.gateway = gateway
        super().__init__(port, _Handler)


class _Handler(QuietHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def _serve(self) -> None:
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=url.path,
            query=parse_qs(url.query, keep_blank_values=True),
            headers={name: self.headers.get_all(name, []) for name in self.headers},
            body=self._read(),
        )
        response = self.server.gateway.answer(request)
        self.reply(response.status, response.headers, response.body)

    def _read(self) -> bytes:
        # One byte over the limit is enough to refuse the request; the rest is never read.
        length = self.content_length
        self.close_connection = self.close_connection or length > MAX_BODY
        return self.rfile.read(min(length, MAX_BODY + 1))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve  # noqa: N815 - the base's names
