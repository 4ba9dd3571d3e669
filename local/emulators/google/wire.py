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

# What is wrong with the project, its location or its access, in Google's words; nothing was accepted.
PROJECT_FAILURES = {
    "no_access": GoogleError(
        404,
        "NOT_FOUND",
        "Publisher Model `projects/p1/locations/europe-west9/publishers/google/models/veo` was not found or your "
        "project does not have access to it. Please ensure you are using a valid model version.",
    ),
    "wrong_location": GoogleError(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use. Location europe-west9."
    ),
    "not_enabled": GoogleError(
        403,
        "PERMISSION_DENIED",
        "Vertex AI API has not been used in project p1 before or it is disabled. Enable it by visiting the console "
        "then retry. If you enabled this API recently, wait a few minutes and retry.",
    ),
    "no_billing": GoogleError(
        403, "PERMISSION_DENIED", "This API method requires billing to be enabled. Please enable billing on project p1."
    ),
    "project_invalid": GoogleError(400, "INVALID_ARGUMENT", "Invalid resource field value in the request."),
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
