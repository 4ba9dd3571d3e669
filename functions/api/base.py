"""What a URL has before the API's own paths: the stage's name, or the base path of the operator's own domain.

Values only; touches nothing.
"""

from __future__ import annotations

import re

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

_OWN = r"(?:videos|ai-video|openapi\.json)(?:/|$)"
# API Gateway leaves a domain's base path in the event's path, and takes the stage's name away.
BASE_PATH = re.compile(rf"^(?:/(?!{_OWN})[^/]+)+(?=/{_OWN})")


def own_path(event: APIGatewayProxyEvent) -> str:
    """Return the request's path as the table of routes has it, such as /videos."""
    return BASE_PATH.sub("", event.path)


def base_path(event: APIGatewayProxyEvent) -> str:
    """Return what the client's URL has before `own_path`: /v1 by the API's own address, nothing or more by a domain."""
    whole = str(event["requestContext"].get("path") or "")
    own = own_path(event)
    return whole.removesuffix(own) if whole.endswith(own) else ""
