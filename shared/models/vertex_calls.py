"""What goes wrong on the way to Vertex AI and back, in this program's vocabulary: of paid calls and of free ones.

Touches nothing; the calls are made by the adapters, whose common base is here. A paid call that broke off may have been
accepted; a free one is simply repeated.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

import google.auth.exceptions
import httpx2

from shared.aws.secrets import SecretStore
from shared.errors import CredentialsRejected, SubmitOutcomeUnknown, VeoNotOffered, VeoUnavailable
from shared.models import vertex
from shared.models.clip_request import ClipBrief, ClipRequest, clip_request
from shared.models.port import Done, Handle, Reading, inline_clip

_Reply = TypeVar("_Reply")
_NO_CONNECTION = (httpx2.ConnectError, httpx2.ConnectTimeout)


def with_fresh_secret(secrets: SecretStore, call: Callable[[], _Reply]) -> _Reply:
    """Return what `call` does, made once more with the secret read anew when the credentials or project are refused.

    The secret may have been changed since this process read it, and nothing was accepted.
    """
    try:
        return call()
    except (CredentialsRejected, VeoNotOffered):
        secrets.refresh()
        return call()


class VertexVideoModel(ABC):
    """A `VideoModel` whose orders and looks are made once more when the secret has changed."""

    def __init__(self, secrets: SecretStore, location: str = "") -> None:
        """Use the project and credentials of the deployment's secret, and its location unless `location` is given."""
        self._secrets = secrets
        self._clients = vertex.VertexClients(secrets, location)

    def request(self, brief: ClipBrief) -> ClipRequest:
        """Return what is sent for the clip; raise ModelRetired when the model cannot make it."""
        return clip_request(brief)

    def submit(self, request: ClipRequest) -> Handle:
        """Order the clip and return what its operation or interaction is called; raise as the port says."""
        return with_fresh_secret(self._secrets, lambda: self._submit_once(request))

    def read(self, handle: str) -> Reading:
        """Return what has become of the order; raise as the port says."""
        return with_fresh_secret(self._secrets, lambda: self._read_once(handle))

    def fetch(self, clip: Done) -> bytes:
        """Return the clip's bytes; raise ClipUnusable when they are somewhere else."""
        return inline_clip(clip)

    @abstractmethod
    def _submit_once(self, request: ClipRequest) -> Handle: ...

    @abstractmethod
    def _read_once(self, handle: str) -> Reading: ...


@contextmanager
def paid_call(name: str) -> Generator[None]:
    """Raise what is known of an order to `name` that got no answer: VeoUnavailable, or SubmitOutcomeUnknown."""
    with _sign_in():
        try:
            yield
        except _NO_CONNECTION as error:
            raise VeoUnavailable(f"{name} could not be reached.") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise SubmitOutcomeUnknown(
                f"The connection to {name} broke after the order; it may have been bought."
            ) from error


@contextmanager
def free_call(name: str) -> Generator[None]:
    """Raise VeoUnavailable when a question to `name` got no answer."""
    with _sign_in():
        try:
            yield
        except (httpx2.HTTPError, ValueError) as error:
            raise VeoUnavailable(f"The connection to {name} broke while the operation was read.") from error


@contextmanager
def _sign_in() -> Generator[None]:
    try:
        yield
    except google.auth.exceptions.TransportError as error:
        raise VeoUnavailable("Google's token endpoint could not be reached.") from error
    except google.auth.exceptions.GoogleAuthError as error:
        raise CredentialsRejected("Google's token endpoint rejected the credentials.") from error
