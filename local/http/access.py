"""Stand before moto and let in only who was given a key of this run: signed calls, presigned links and forms, sign-ins.

Touches the requests to moto's server; moto itself takes any key, or none.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import parse_qsl

from local.http import aws_wire as wire
from local.http import forms, signatures
from local.http.aws_wire import AwsRefusal
from local.http.body import Environ, body_of, head_of
from local.http.keys import DEPLOYER
from local.http.messages import Application, Response, StartResponse, respond
from local.http.public_calls import is_public_call, restate, with_cors
from local.http.signatures import Sent, Signed

# How far a signed call's clock may be off, and how long a link may be good for, in seconds.
SKEW = 900
LONGEST_LINK = 7 * 86_400
_POOL_FILE = re.compile(r"/[\w-]+_\w+/\.well-known/(jwks\.json|openid-configuration)")
# What makes code run here, by method and path, and by the action of a form.
_CODE = re.compile(
    r"POST /2015-03-31/functions/?"
    r"|PUT /2015-03-31/functions/[^/]+/(code|configuration)"
    r"|POST /2018-10-31/layers/[^/]+/versions"
)
_STACKS = ("Create", "Update", "Execute", "Import", "Set")

MISSING = AwsRefusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
UNSIGNED_OBJECT = AwsRefusal(403, "AccessDenied", "Access Denied")
WRONG = AwsRefusal(
    403, "InvalidSignatureException", "The signature is not the one of this run's key; `reelwright env` prints the key."
)
WRONG_XML = WRONG._replace(code="SignatureDoesNotMatch")
EXPIRED = AwsRefusal(403, "AccessDenied", "Request has expired")
NO_DEPLOYMENT = AwsRefusal(403, "AccessDeniedException", "Code runs in this cloud only as its own stack brought it.")


class Access:
    """The check of every request, in front of the application that serves it."""

    def __init__(
        self, secret_of: Callable[[str], str], *, deployment: bool, now: Callable[[], float] = time.time
    ) -> None:
        """`secret_of` gives the secret of an access key id; with `deployment` every key may bring code.

        `now` is the clock, in seconds since 1970.
        """
        self._secret_of = secret_of
        self._deployment = deployment
        self._now = now

    def around(self, application: Application) -> Application:
        """Return the WSGI application that refuses who has no right, and hands the rest to `application`."""

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            start = with_cors(environ, start_response)
            if environ["REQUEST_METHOD"] == "OPTIONS":
                return self._preflight(application, environ, start_response)
            service, refusal = self._judge(environ)
            return wire.refuse(service, refusal, environ, start) if refusal else application(environ, start)

        return serve

    def _preflight(self, application: Application, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # At the root it is for Cognito, elsewhere for a bucket, whose own rules answer it; nobody signs it.
        if environ["PATH_INFO"] == "/":
            return respond(environ, with_cors(environ, start_response), _PREFLIGHT)
        plain = not any(name in environ for name in ("HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET"))
        if plain and "HTTP_ORIGIN" in environ and not body_of(environ) and not _is_motos_own(environ):
            return application(environ, start_response)
        return wire.refuse(wire.S3, UNSIGNED_OBJECT, environ, start_response)

    def _judge(self, environ: Environ) -> tuple[str, AwsRefusal | None]:
        """Return the service that is asked, and why it refuses."""
        if _is_motos_own(environ):
            return wire.S3, UNSIGNED_OBJECT
        if "HTTP_AUTHORIZATION" in environ:
            return self._signed_call(environ)
        return self._check_unsigned(environ)

    def _check_unsigned(self, environ: Environ) -> tuple[str, AwsRefusal | None]:
        if is_public_call(environ):
            return "", None if restate(environ) else MISSING
        method = environ["REQUEST_METHOD"]
        if method == "POST" and environ.get("CONTENT_TYPE", "").startswith(forms.KIND):
            return wire.S3, self._form(environ)
        if "X-Amz-Signature=" in environ["QUERY_STRING"]:
            return wire.S3, self._link(_request_of(environ))
        if method == "GET" and _POOL_FILE.fullmatch(environ["PATH_INFO"]):
            return "", None
        # What has no target is for S3, which names its refusal in its own way.
        return ("", MISSING) if "HTTP_X_AMZ_TARGET" in environ else (wire.S3, UNSIGNED_OBJECT)

    def _signed_call(self, environ: Environ) -> tuple[str, AwsRefusal | None]:
        request = _request_of(environ)
        signature = signatures.in_header(request)
        if not signature:
            return "", MISSING
        in_xml = signature.service == wire.S3 or signature.service in wire.QUERY
        wrong = WRONG_XML if in_xml else WRONG
        # A body whose hash is signed is not read here: S3's can be large.
        if "x-amz-content-sha256" not in signature.names:
            request = Sent(request.method, request.url, request.headers, body_of(environ))
        if abs(self._now() - signature.moment) > SKEW:
            return signature.service, wrong._replace(message="Signature expired, or the clocks differ.")
        if not signatures.header_is_right(signature, request, self._secret_of(signature.caller)):
            return signature.service, wrong
        return signature.service, None if self._may_deploy(signature) or not _brings_code(
            environ, signature
        ) else NO_DEPLOYMENT

    def _may_deploy(self, signature: Signed) -> bool:
        return self._deployment or signature.caller == DEPLOYER

    def _link(self, request: Sent) -> AwsRefusal | None:
        signature = signatures.in_query(request)
        lifetime = re.search(r"[?&]X-Amz-Expires=(\d{1,7})(&|$)", request.url)
        if not signature or signature.service != wire.S3 or not lifetime or int(lifetime[1]) > LONGEST_LINK:
            return UNSIGNED_OBJECT
        if not signatures.query_is_right(signature, request, self._secret_of(signature.caller)):
            return WRONG_XML
        return EXPIRED if self._now() > signature.moment + int(lifetime[1]) else None

    def _form(self, environ: Environ) -> AwsRefusal | None:
        fields = forms.fields(environ["CONTENT_TYPE"], head_of(environ, 2 * forms.MOST))
        signature = signatures.in_form(fields)
        if not signature or signature.service != wire.S3:
            return UNSIGNED_OBJECT
        if not signatures.form_is_right(signature, fields.get("policy", ""), self._secret_of(signature.caller)):
            return WRONG_XML
        why = forms.objection(environ["PATH_INFO"].strip("/"), fields, self._now())
        return AwsRefusal(403, "AccessDenied", why) if why else None


_PREFLIGHT = Response(HTTPStatus.OK, (), b"")


def _request_of(environ: Environ) -> Sent:
    headers = {name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name[:5] == "HTTP_"}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return Sent(environ["REQUEST_METHOD"], f"http://{headers['host']}{environ['RAW_URI']}", headers, b"")


def _is_motos_own(environ: Environ) -> bool:
    """Return whether the request is for what moto adds to AWS: emptying everything, and a machine's metadata."""
    return environ["PATH_INFO"].startswith(("/moto-api", "/latest/"))


def _brings_code(environ: Environ, signature: Signed) -> bool:
    if signature.service == "cloudformation":
        fields = parse_qsl(f"{environ['QUERY_STRING']}&{body_of(environ).decode(errors='replace')}")
        return any(name == "Action" and value.startswith(_STACKS) for name, value in fields)
    return signature.service == "lambda" and bool(
        _CODE.fullmatch(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    )
