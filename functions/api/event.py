"""API Gateway's event: the path below the base, and what a body must be before a model reads it.

Values only; touches nothing. Powertools itself fails on other encodings, and reads forms, which this API does not take.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from shared.errors import InvalidRequest, UnsupportedMedia
from shared.http.routes import ROUTES

_OWN = rf"(?:{'|'.join(sorted({re.escape(route.path.split('/')[1]) for route in ROUTES}))})(?:/|$)"
# API Gateway leaves a domain's base path in the event's path, and takes the stage's name away.
BASE_PATH = re.compile(rf"^(?:/(?!{_OWN})[^/]+)+(?=/{_OWN})")
WITH_BODY = ("POST", "PATCH", "PUT")
JSON_ONLY = "The body must be application/json in UTF-8."
# As Powertools compares it, so in small letters; a charset may be in any.
_JSON = re.compile(r'application/json\s*(?:;\s*charset\s*=\s*"?(?i:utf-?8)"?\s*)?;?\s*')
# The deepest legal body, a batch with labels, has four levels.
DEEPEST = 10


def own_path(event: APIGatewayProxyEvent) -> str:
    """Return the request's path as the table of routes has it, such as /videos."""
    return BASE_PATH.sub("", event.path)


def base_path(event: APIGatewayProxyEvent) -> str:
    """Return what the client's URL has before `own_path`: /v1 by the API's own address, nothing or more by a domain."""
    whole = str(event["requestContext"].get("path") or "")
    own = own_path(event)
    return whole.removesuffix(own) if whole.endswith(own) else ""


def is_json(event: APIGatewayProxyEvent) -> bool:
    """Return whether the request is said to be JSON; one that says nothing counts as such."""
    content_type = event.headers.get("Content-Type")
    return event.http_method not in WITH_BODY or not content_type or _JSON.fullmatch(content_type) is not None


def check_body(event: APIGatewayProxyEvent) -> None:
    """Raise UnsupportedMedia or InvalidRequest for a body that no model can read."""
    if not is_json(event):
        raise UnsupportedMedia(JSON_ONLY)
    if event.http_method in WITH_BODY and event.body:
        _check_depth(_parse(event), DEEPEST)


def _parse(event: APIGatewayProxyEvent) -> object:
    try:
        return json.loads(event.decoded_body or "", parse_constant=_refuse_constant)
    except UnicodeError as error:
        raise InvalidRequest("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise InvalidRequest(f"The body is not JSON: see line {error.lineno}, column {error.colno}.") from error
    except ValueError as error:
        # Base64 that is none, NaN and Infinity, whole numbers of thousands of digits.
        raise InvalidRequest("The body is not JSON.") from error
    except RecursionError as error:
        raise InvalidRequest(_TOO_DEEP) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_TOO_DEEP = f"The body is nested more than {DEEPEST} levels deep."


def _check_depth(value: object, levels: int) -> None:
    if levels < 0:
        raise InvalidRequest(_TOO_DEEP)
    if isinstance(value, dict):
        value = list(cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            _check_depth(item, levels - 1)
