"""Write the refusals of AWS's services, each in the form of its protocol.

Touches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4
from xml.sax.saxutils import escape

from local.http.body import Environ
from local.http.messages import Response, StartResponse, respond

# The services that answer in XML; S3 has a form of its own, the others that of the query protocol.
S3 = "s3"
QUERY = frozenset({"cloudformation", "iam", "sns", "sqs", "sts"})


class AwsRefusal(NamedTuple):
    """An HTTP status, the code that AWS gives with it, and what it says; `details` are fields of JSON besides."""

    status: int
    code: str
    message: str
    details: Mapping[str, Any] = MappingProxyType({})


def refuse(service: str, refusal: AwsRefusal, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request to a service, by its signing name, with a refusal."""
    response = _refusal_response(service, refusal)
    # Every answer of AWS's has an id, which Step Functions writes into an error's cause.
    with_request_id = Response(response.status, (*response.headers, ("x-amzn-requestid", str(uuid4()))), response.body)
    return respond(environ, start_response, with_request_id)


def _refusal_response(service: str, refusal: AwsRefusal) -> Response:
    status, code, message, details = refusal
    if service == S3 or service in QUERY:
        inner = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
        error = f"<Error>{inner}</Error>"
        body = error if service == S3 else f"<ErrorResponse>{error}</ErrorResponse>"
        return Response(status, (("Content-Type", "application/xml"),), f"<?xml version='1.0'?>{body}".encode())
    headers = (("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-errortype", code))
    return Response(status, headers, json.dumps({"__type": code, "message": message, **details}).encode())
