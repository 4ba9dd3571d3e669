"""Translate between HTTP and the events and results of a Lambda proxy integration, format 1.0.

Touches nothing.
"""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Mapping
from typing import Any

from local.apigateway.routes import GatewayRoute
from local.clients import ACCOUNT
from local.http.messages import HttpRequest, Response


def proxy_event(
    request: HttpRequest,
    route: GatewayRoute,
    parameters: Mapping[str, str],
    stage: str,
    claims: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return the event of a Lambda proxy integration, format 1.0."""
    body, is_base64 = _body_text(request.body)
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
        "isBase64Encoded": is_base64,
    }


def _request_context(
    request: HttpRequest, route: GatewayRoute, stage: str, claims: Mapping[str, str] | None
) -> dict[str, Any]:
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
    """Return the response that a Lambda proxy integration's result stands for.

    Raises ValueError, TypeError or AttributeError when it is none: API Gateway calls it malformed.
    """
    single: dict[str, Any] = result.get("headers") or {}
    many: dict[str, list[Any]] = result.get("multiValueHeaders") or {}
    headers = [(name, str(value)) for name, value in single.items()]
    headers = [row for row in headers if row[0] not in many]
    headers += [(name, str(value)) for name, values in many.items() for value in values]
    if any(mark in part for row in headers for part in row for mark in "\r\n"):
        raise ValueError("a header has more than one line")
    body = str(result.get("body") or "").encode()
    if result.get("isBase64Encoded"):
        body = base64.b64decode(body, validate=True)
    return Response(int(result["statusCode"]), tuple(headers), body)
