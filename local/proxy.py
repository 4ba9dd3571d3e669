"""Translate between HTTP and the events and results of a Lambda proxy integration, format 1.0.

Touches nothing.
"""

import base64
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.clients import ACCOUNT
from local.routes import Route


@dataclass(frozen=True)
class Request:
    """One HTTP request, its path without the stage."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The last value of a header by any case of its name, or an empty string."""
        values = [value for key, found in self.headers.items() if key.lower() == name.lower() for value in found]
        return values[-1] if values else ""


@dataclass(frozen=True)
class Response:
    """What the client gets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def proxy_event(
    request: Request, route: Route, parameters: Mapping[str, str], stage: str, claims: Mapping[str, str] | None
) -> dict[str, Any]:
    """The event of a Lambda proxy integration, format 1.0."""
    body, encoded = _body_text(request.body)
    return {
        "resource": route.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in request.headers.items()},
        "multiValueHeaders": dict(request.headers),
        "queryStringParameters": {name: values[-1] for name, values in request.query.items()} or None,
        "multiValueQueryStringParameters": dict(request.query) or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, route, stage, claims),
        "body": body,
        "isBase64Encoded": encoded,
    }


def _request_context(request: Request, route: Route, stage: str, claims: Mapping[str, str] | None) -> dict[str, Any]:
    now = time.time()
    context: dict[str, Any] = {
        "accountId": ACCOUNT,
        "apiId": "local",
        "resourceId": "local",
        "resourcePath": route.resource,
        "httpMethod": request.method,
        "path": f"/{stage}{request.path}",
        "protocol": "HTTP/1.1",
        "stage": stage,
        "requestId": str(uuid.uuid4()),
        "extendedRequestId": "local",
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "identity": {"sourceIp": "127.0.0.1", "userAgent": request.header("User-Agent")},
    }
    if claims is not None:
        context["authorizer"] = {"claims": dict(claims)}
    return context


def _body_text(body: bytes) -> tuple[str | None, bool]:
    if not body:
        return None, False
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


def proxy_response(result: Mapping[str, Any]) -> Response:
    """The response that a Lambda proxy integration's result stands for."""
    single: dict[str, Any] = result.get("headers") or {}
    many: dict[str, list[Any]] = result.get("multiValueHeaders") or {}
    headers = [(name, str(value)) for name, value in single.items()]
    headers = [row for row in headers if row[0] not in many]
    headers += [(name, str(value)) for name, values in many.items() for value in values]
    body = str(result.get("body") or "").encode()
    if result.get("isBase64Encoded"):
        body = base64.b64decode(body)
    return Response(int(result["statusCode"]), tuple(headers), body)
