"""What the page's browser may do without a key of this run: Cognito's public calls, and reading the answers.

Touches the body of the request that it is given.
"""

from __future__ import annotations

import json

from local.http.body import Environ, body_of, put_body
from local.http.messages import StartResponse

COGNITO = "AWSCognitoIdentityProviderService."
# What the page calls without a key, as everybody may. Cognito's other public calls moto answers to whatever code.
PUBLIC = frozenset(
    {"InitiateAuth", "RespondToAuthChallenge", "GetTokensFromRefreshToken", "RevokeToken", "GlobalSignOut", "GetUser"}
)


def is_public_call(environ: Environ) -> bool:
    """Return whether it is a call that needs no key."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    # moto would take the operation from a query before it looks at the target.
    plain = (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]) == ("POST", "/", "")
    in_json = environ.get("CONTENT_TYPE", "").startswith("application/x-amz-json-1.")
    return plain and in_json and target.startswith(COGNITO) and target.removeprefix(COGNITO) in PUBLIC


def restate(environ: Environ) -> bool:
    """Write the body's JSON anew, without a character that moto would split a form by; False when it is none.

    It takes the operation from a body that can be read as a form, before it looks at the target.
    """
    try:
        document = json.loads(body_of(environ))
    except (ValueError, RecursionError):
        return False
    put_body(environ, json.dumps(document).replace("&", "\\u0026").encode())
    return isinstance(document, dict)


def with_cors(environ: Environ, start_response: StartResponse) -> StartResponse:
    """Tell the page's browser, whose origin was checked before, that the page may read the answer.

    moto tells it of some of S3's answers only.
    """
    origin = environ.get("HTTP_ORIGIN")

    def start(status: str, headers: list[tuple[str, str]], *extra: object) -> object:
        cors_headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, HEAD, POST",
            "Access-Control-Allow-Headers": environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""),
            "Access-Control-Expose-Headers": "ETag, x-amzn-errortype, x-amzn-requestid",
            "Vary": "Origin",
        }
        others = [row for row in headers if row[0] not in cors_headers]
        return start_response(
            status, [*others, *((name, value) for name, value in cors_headers.items() if value)], *extra
        )

    return start if origin else start_response
