"""Records every AWS call that reaches the local endpoint: who made it, which action it is, and on what.

Wraps the entrance of moto's server; an action and a resource are written as an IAM policy writes them.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication  # pyright: ignore[reportMissingTypeStubs]

from local.clients import ACCOUNT, REGION

Environ = dict[str, Any]
Body = dict[str, Any]
_SIGNED = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
_FORM_FIELD = re.compile(rb'name="([^"]+)"\r\n\r\n([^\r]*)\r\n')
_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
SEND = "/v2/email/outbound-emails"
_DELETED = re.compile(rb"<Object>(.*?)</Object>", re.DOTALL)
_KEY = re.compile(rb"<Key>([^<]+)</Key>")
_S3_ACTIONS = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject"}


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def _table(body: Body) -> str:
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    return _arn("dynamodb", f"table/{body['TableName']}{index}")


def _event_bus(body: Body) -> str:
    return _arn("events", f"event-bus/{body['Entries'][0].get('EventBusName', 'default')}")


# What a JSON call is about, by service; the first part of the target is the service's own name for its protocol.
_RESOURCES: dict[str, Callable[[Body], str]] = {
    "cognito-idp": lambda body: _arn("cognito-idp", f"userpool/{body.get('UserPoolId', '')}"),
    "dynamodb": _table,
    "events": _event_bus,
    "secretsmanager": lambda body: body["SecretId"],
    "states": lambda body: body.get("stateMachineArn") or body["executionArn"],
    "transcribe": lambda body: _arn("transcribe", f"transcription-job/{body['TranscriptionJobName']}"),
}


@dataclass(frozen=True)
class Call:
    """One call; `caller` is the access key id it was signed with, `context` holds the values of condition keys."""

    caller: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


def calls_of(environ: Environ, body: bytes) -> list[Call]:
    """Return the calls that a request makes: each part of a transaction is one, and what nobody signed is none."""
    signature = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signature and environ.get("HTTP_X_AMZ_TARGET", "").endswith(".TransactWriteItems"):
        parts = [part for item in json.loads(body)["TransactItems"] for part in item.items()]
        actions = {"Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
        return [_json_call(signature[1], signature[2], actions[kind], part) for kind, part in parts]
    if signature and "delete" in _query(environ):
        bucket = environ["PATH_INFO"].strip("/")
        return [_deletion(signature[1], bucket, element) for element in _DELETED.findall(body)]
    call = read(environ, body)
    if call and (source := environ.get("HTTP_X_AMZ_COPY_SOURCE")):
        return [call, Call(call.caller, "s3:GetObject", f"arn:aws:s3:::{unquote(source).strip('/')}")]
    return [call] if call else []


def _query(environ: Environ) -> dict[str, list[str]]:
    return parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)


def _deletion(caller: str, bucket: str, element: bytes) -> Call:
    action = "s3:DeleteObjectVersion" if b"<VersionId>" in element else "s3:DeleteObject"
    (key,) = _KEY.findall(element)
    return Call(caller, action, f"arn:aws:s3:::{bucket}/{key.decode()}")


def read(environ: Environ, body: bytes) -> Call | None:
    """Return the one call that a request makes, or None for one that nobody signed."""
    path = unquote(environ["PATH_INFO"])
    signature = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
    if "HTTP_X_AMZ_TARGET" in environ and signature:
        return _json_call(signature[1], signature[2], environ["HTTP_X_AMZ_TARGET"], json.loads(body))
    if signature and (invocation := _INVOKE.fullmatch(path)):
        function = invocation[1]
        return Call(signature[1], "lambda:InvokeFunction", function if ":" in function else _arn("lambda", function))
    if signature and path == SEND:
        sender = parseaddr(json.loads(body)["FromEmailAddress"])[1]
        return Call(signature[1], "ses:SendEmail", _arn("ses", f"identity/{sender}"), (("ses:FromAddress", sender),))
    if signature and signature[2] != "s3":
        return Call(signature[1], f"{signature[2]}:?", path)
    caller = signature[1] if signature else _presigner(environ, body)
    return _s3_call(caller, environ, path.strip("/"), body) if caller else None


def _json_call(caller: str, service: str, target: str, body: Body) -> Call:
    bucket = body.get("OutputBucketName", "")
    context = (("transcribe:OutputBucketName", bucket),) if bucket else _leading_key(body)
    context += tuple(("events:source", entry["Source"]) for entry in body.get("Entries", ()) if "Source" in entry)
    resource = _RESOURCES[service](body) if service in _RESOURCES else "*"
    return Call(caller, f"{service}:{target.rsplit('.', 1)[-1]}", resource, context)


def _leading_key(body: Body) -> tuple[tuple[str, str], ...]:
    attributes: dict[str, dict[str, str]] = body.get("Key") or body.get("Item", {})
    keys = [value["S"] for value in attributes.values() if "S" in value]
    return tuple(("dynamodb:LeadingKeys", key.split("#")[0] + "#") for key in keys if "#" in key)


def _s3_call(caller: str, environ: Environ, path: str, body: bytes) -> Call:
    key = _form(body).get("key", "")
    if "/" not in path and not key:
        query = _query(environ)
        (prefix,) = query.get("prefix", [""])
        action = "s3:ListBucketVersions" if "versions" in query else "s3:ListBucket"
        return Call(caller, action, f"arn:aws:s3:::{path}", (("s3:prefix", prefix),))
    action = _S3_ACTIONS[environ["REQUEST_METHOD"]]
    return Call(caller, f"s3:{action}", f"arn:aws:s3:::{path}{'/' + key if key else ''}")


def _presigner(environ: Environ, body: bytes) -> str:
    """Return the key that presigned a link (in its query) or a form (in its fields), or an empty string."""
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    parameters = {name.lower(): value for name, value in (query | _form(body)).items()}
    return parameters.get("awsaccesskeyid") or parameters.get("x-amz-credential", "").split("/")[0]


def _form(body: bytes) -> dict[str, str]:
    return {name.decode(): value.decode(errors="replace") for name, value in _FORM_FIELD.findall(body)}


def _body(environ: Environ) -> bytes:
    """Read and put back a body that says what the call is about: a JSON document, a form, or keys to delete."""
    form = "multipart/form-data" in environ.get("CONTENT_TYPE", "")
    keys = environ.get("QUERY_STRING", "").startswith("delete")
    if "HTTP_X_AMZ_TARGET" not in environ and environ["PATH_INFO"] != SEND and not form and not keys:
        return b""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


@contextmanager
def recording() -> Generator[Counter[Call]]:
    """Count the calls of the servers that run meanwhile."""
    calls: Counter[Call] = Counter()
    serve: Any = DomainDispatcherApplication.__call__

    def serve_recorded(app: Any, environ: Environ, start_response: Any) -> Any:
        calls.update(calls_of(environ, _body(environ)))
        return serve(app, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DomainDispatcherApplication, "__call__", serve_recorded)
        yield calls
