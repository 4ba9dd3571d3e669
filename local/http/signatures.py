"""Check the signature of a request to AWS as AWS does: sign it again with the secret that only the caller shares.

Touches nothing. The signing is botocore's own (signature version 4, in a header, in a link's query or in a form).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# botocore ships no types for its signers.

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<names>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_CREDENTIAL = re.compile(r"(?P<caller>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_TIMESTAMP = "%Y%m%dT%H%M%SZ"


class _HeaderSigner(SigV4Auth):
    """The signer of every service but S3, of a body that is already bytes."""

    def payload(self, request: Any) -> str:
        return sha256(request.data or b"").hexdigest()


@dataclass(frozen=True)
class Signed:
    """What a request says about its signature; `moment` is when it was made, in seconds since 1970."""

    caller: str
    region: str
    service: str
    timestamp: str
    names: tuple[str, ...]
    signature: str

    @property
    def moment(self) -> float:
        """When it was signed."""
        return datetime.strptime(self.timestamp, _TIMESTAMP).replace(tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Sent:
    """A request as it was sent: `url` as it is written, header names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def in_header(request: Sent) -> Signed | None:
    """Return the signature in the Authorization header, or None when there is none that can be read."""
    match = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if not match:
        return None
    return _read(match["credential"], request.headers.get("x-amz-date", ""), match["names"], match["signature"])


def in_query(request: Sent) -> Signed | None:
    """Return the signature in a presigned link, or None when there is none that can be read."""
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    return _read(
        parameters.get("X-Amz-Credential", ""),
        parameters.get("X-Amz-Date", ""),
        parameters.get("X-Amz-SignedHeaders", ""),
        parameters.get("X-Amz-Signature", ""),
    )


def in_form(fields: Mapping[str, str]) -> Signed | None:
    """Return the signature of a form's policy, or None when there is none; field names are in lower case."""
    return _read(
        fields.get("x-amz-credential", ""), fields.get("x-amz-date", ""), "", fields.get("x-amz-signature", "")
    )


def header_is_right(signature: Signed, request: Sent, secret: str) -> bool:
    """Return whether the header's signature was made with `secret`, for this very request."""
    signer = S3SigV4Auth if signature.service == "s3" else _HeaderSigner
    return _is_right(signer, signature, request, secret)


def query_is_right(signature: Signed, request: Sent, secret: str) -> bool:
    """Return whether the link was made with `secret`."""
    address, _, query = request.url.partition("?")
    pairs = [pair for pair in query.split("&") if not pair.startswith("X-Amz-Signature=")]
    without_signature = Sent(request.method, f"{address}?{'&'.join(pairs)}", request.headers, b"")
    return _is_right(S3SigV4QueryAuth, signature, without_signature, secret)


def form_is_right(signature: Signed, policy: str, secret: str) -> bool:
    """Return whether a form's policy, in base64, was signed with `secret`."""
    signer = SigV4Auth(Credentials(signature.caller, secret), signature.service, signature.region)
    request: Any = AWSRequest()
    request.context["timestamp"] = signature.timestamp
    return hmac.compare_digest(signer.signature(policy, request), signature.signature)


def _read(credential: str, timestamp: str, names: str, signature: str) -> Signed | None:
    scope = _CREDENTIAL.fullmatch(credential)
    try:
        datetime.strptime(timestamp, _TIMESTAMP)
    except ValueError:
        return None
    if not scope or not signature.isascii():
        return None
    return Signed(
        scope["caller"], scope["region"], scope["service"], timestamp, tuple(names.lower().split(";")), signature
    )


def _is_right(signer_class: Any, signature: Signed, request: Sent, secret: str) -> bool:
    headers = {name: request.headers[name] for name in signature.names if name in request.headers}
    # What is not signed could be changed on the way: AWS wants the host among it.
    if "host" not in headers or len(headers) != len(signature.names):
        return False
    aws_request: Any = AWSRequest(request.method, request.url, headers, request.body)
    aws_request.context["timestamp"] = signature.timestamp
    signer = signer_class(Credentials(signature.caller, secret), signature.service, signature.region)
    text = signer.string_to_sign(aws_request, signer.canonical_request(aws_request))
    return hmac.compare_digest(signer.signature(text, aws_request), signature.signature)
