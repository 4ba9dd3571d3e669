"""The conversation with Veo that orders one clip.

Touches Vertex AI; what it raises says whether the order was surely not accepted or may have been.
"""

from __future__ import annotations

from collections.abc import Callable

import google.auth.exceptions
import httpx2
from google.genai import errors, types

from functions.generate_scene.core import refusal
from shared import vertex
from shared.errors import CredentialsRejected, SubmitOutcomeUnknown, VeoNotOffered, VeoUnavailable
from shared.secrets import SecretStore
from shared.veo_request import Order, config

Submit = Callable[[Order], str]


def veo_submit(secrets: SecretStore) -> Submit:
    """Return a function that orders a clip and returns Veo's operation name.

    It raises VeoThrottled or VeoUnavailable when the order was surely not accepted, SubmitOutcomeUnknown when it may
    have been, SceneFiltered when its prompt is blocked, and VeoRefused, ModelRetired, VeoNotOffered or
    CredentialsRejected when it never will be.
    """

    def submit(order: Order) -> str:
        try:
            return _submit_once(secrets, order)
        except (CredentialsRejected, VeoNotOffered):
            # The secret may have been changed since this process read it; nothing was accepted.
            secrets.refresh()
            return _submit_once(secrets, order)

    return submit


def _submit_once(secrets: SecretStore, order: Order) -> str:
    client = vertex.client(secrets.get())
    try:
        operation = client.models.generate_videos(
            model=order.model,
            source=types.GenerateVideosSource(prompt=order.prompt),
            config=types.GenerateVideosConfig(**config(order)),
        )
    except errors.APIError as error:
        raise refusal(error.code, str(error.status), str(error.message), order.model) from error
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
