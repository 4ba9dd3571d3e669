"""The conversation with Veo: the order of one clip, and the reading of its operation.

Touches Vertex AI. What an order raises says whether it was surely not accepted or may have been; reading is free, so
every passing trouble of it is VeoUnavailable and may be retried.
"""

from __future__ import annotations

from collections.abc import Callable

import google.auth.exceptions
import httpx2
from google.genai import errors, types

from shared.aws.secrets import SecretStore
from shared.errors import (
    CredentialsRejected,
    OperationLost,
    ReelwrightError,
    SubmitOutcomeUnknown,
    VeoNotOffered,
    VeoThrottled,
    VeoUnavailable,
)
from shared.models import vertex, vertex_words
from shared.models.veo_answers import Reading, meaning, refusal
from shared.models.veo_request import ClipOrder, config

Submit = Callable[[ClipOrder], str]
Read = Callable[[str], Reading]

_TROUBLES: dict[int, type[ReelwrightError]] = {
    400: OperationLost,
    401: CredentialsRejected,
    403: CredentialsRejected,
    404: OperationLost,
    429: VeoThrottled,
}
_LOST = (
    " The operation is gone, or the secret's vertex_ai_project_id or vertex_ai_location is not the one that it was "
    "ordered with: check both before the clip is ordered again."
)


def veo_submit(secrets: SecretStore) -> Submit:
    """Return a function that orders a clip and returns Veo's operation name.

    It raises VeoThrottled or VeoUnavailable when the order was surely not accepted, SubmitOutcomeUnknown when it may
    have been, SceneFiltered when its prompt is blocked, and VeoRefused, ModelRetired, VeoNotOffered or
    CredentialsRejected when it never will be.
    """

    clients = vertex.Clients(secrets)

    def submit(order: ClipOrder) -> str:
        try:
            return _submit_once(clients, order)
        except (CredentialsRejected, VeoNotOffered):
            # The secret may have been changed since this process read it; nothing was accepted.
            secrets.refresh()
            return _submit_once(clients, order)

    return submit


def _submit_once(clients: vertex.Clients, order: ClipOrder) -> str:
    client = clients.fresh()
    try:
        operation = client.models.generate_videos(
            model=order.model,
            source=types.GenerateVideosSource(prompt=order.prompt),
            config=types.GenerateVideosConfig(**config(order)),
        )
    except errors.APIError as error:
        why = _reasons(error)
        raise refusal(error.code, str(error.status), str(error.message), order.model, why) from error
    except google.auth.exceptions.TransportError as error:
        raise VeoUnavailable("Google's token endpoint could not be reached.") from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise CredentialsRejected("Google's token endpoint rejected the credentials.") from error
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        raise VeoUnavailable("Veo could not be reached.") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise SubmitOutcomeUnknown(
            "The connection broke after the clip was ordered; it may have been bought."
        ) from error
    if not operation.name:
        raise SubmitOutcomeUnknown("Veo answered the order without an operation; the clip may have been bought.")
    return operation.name


def veo_read(secrets: SecretStore) -> Read:
    """Return a function that reads the operation of a given name once.

    It raises VeoThrottled, VeoUnavailable, CredentialsRejected, VeoNotOffered when the project or its location is
    wrong, OperationLost when Veo does not know the operation (any more), or VeoFailed when it ended badly for good.
    """

    clients = vertex.Clients(secrets)

    def read(operation_name: str) -> Reading:
        try:
            return _read_once(clients, operation_name)
        except (CredentialsRejected, VeoNotOffered):
            # The secret may have been changed since this process read it.
            secrets.refresh()
            return _read_once(clients, operation_name)

    return read


def _reasons(error: errors.APIError) -> frozenset[str]:
    # The library gives the body no type.
    return vertex_words.reasons(getattr(error, "details", None))


def _trouble(error: errors.APIError) -> ReelwrightError:
    code = error.code
    words = str(error.message)
    why = _reasons(error)
    if code in vertex_words.WORDY and vertex_words.meaning(words, why) == "project":
        # The operation stands: it is read again once the project is in order.
        return vertex_words.not_offered(code, words, why=why)
    kind = _TROUBLES.get(code, VeoUnavailable)
    hint = _LOST if kind is OperationLost else ""
    return kind(f"Veo's operation could not be read ({code}): {words[:300]}{hint}")


def _read_once(clients: vertex.Clients, operation_name: str) -> Reading:
    client = clients.for_looks()
    try:
        operation = client.operations.get(types.GenerateVideosOperation.model_validate({"name": operation_name}))
    except errors.APIError as error:
        raise _trouble(error) from error
    except google.auth.exceptions.TransportError as error:
        raise VeoUnavailable("Google's token endpoint could not be reached.") from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise CredentialsRejected("Google's token endpoint rejected the credentials.") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise VeoUnavailable("The connection to Veo broke while the operation was read.") from error
    return meaning(operation)
