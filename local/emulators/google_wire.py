"""Write the error replies that every Google API shares.

Touches nothing.
"""

from typing import NamedTuple

from local.emulators.server import Reply


class GoogleError(NamedTuple):
    """An HTTP code, Google's name for it, and what it says."""

    code: int
    status: str
    message: str


UNAUTHENTICATED = GoogleError(
    401,
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
)
FAILURES = {
    "throttle": GoogleError(
        429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later. Please refer to the quota page."
    ),
    "server_error": GoogleError(500, "INTERNAL", "Internal error encountered."),
    "unavailable": GoogleError(503, "UNAVAILABLE", "The service is currently unavailable."),
    "unauthenticated": UNAUTHENTICATED,
}


def failure(error: GoogleError) -> Reply:
    """The reply in Google's error shape."""
    return Reply(error.code, {"error": {"code": error.code, "message": error.message, "status": error.status}})


def invalid(message: str) -> Reply:
    """The reply to a request that breaks the API's rules."""
    return failure(GoogleError(400, "INVALID_ARGUMENT", message))


def not_found(message: str) -> Reply:
    """The reply to a request for something that does not exist."""
    return failure(GoogleError(404, "NOT_FOUND", message))
