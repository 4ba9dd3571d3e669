"""Write the error replies that every Google API shares.

Touches nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from local.emulators.messages import EmulatorReply


class GoogleError(NamedTuple):
    """An HTTP code, Google's name for it, what it says, and the reason of its ErrorInfo, if it has one."""

    code: int
    status: str
    message: str
    reason: str = ""


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

_AGAIN = "If you enabled {} recently, wait a few minutes for the action to propagate to our systems and retry."
# What is wrong with the project, its location or its access, in Google's words; nothing was accepted. Messages and
# reasons as in gemini-cli#1343, vertex-ai-samples#476 and php-docs-samples#1235.
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
        "Vertex AI API has not been used in project p1 before or it is disabled. Enable it by visiting "
        "https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=p1 then retry. "
        + _AGAIN.format("this API"),
        "SERVICE_DISABLED",
    ),
    "no_billing": GoogleError(
        403,
        "PERMISSION_DENIED",
        "This API method requires billing to be enabled. Please enable billing on project #p1 by visiting "
        "https://console.developers.google.com/billing/enable?project=p1 then retry. "
        + _AGAIN.format("billing for this project"),
        "BILLING_DISABLED",
    ),
    "project_invalid": GoogleError(
        400, "INVALID_ARGUMENT", "Invalid resource field value in the request.", "RESOURCE_PROJECT_INVALID"
    ),
}


def failure(error: GoogleError) -> EmulatorReply:
    """Return the reply in Google's error shape."""
    body: dict[str, Any] = {"code": error.code, "message": error.message, "status": error.status}
    if error.reason:
        body["details"] = [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": error.reason,
                "domain": "googleapis.com",
                "metadata": {"service": "aiplatform.googleapis.com", "consumer": "projects/p1"},
            }
        ]
    return EmulatorReply(error.code, {"error": body})


def invalid(message: str) -> EmulatorReply:
    """Return the reply to a request that breaks the API's rules."""
    return failure(GoogleError(400, "INVALID_ARGUMENT", message))


def not_found(message: str) -> EmulatorReply:
    """Return the reply to a request for something that does not exist."""
    return failure(GoogleError(404, "NOT_FOUND", message))
