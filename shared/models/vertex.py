"""The Vertex AI client that all adapters of Google's models share, and what its failures mean.

Touches Google's token endpoint and Vertex AI through the SDK; credentials come from the deployment's secret.
"""

# google-auth has no types for its constructors.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2
from google import genai
from google.auth import aws as google_aws
from google.auth.exceptions import GoogleAuthError
from google.genai import types
from google.oauth2 import service_account
from pydantic import SecretStr

from shared.errors import SettingMissing

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

    from shared.aws.secrets import Secrets, SecretStore

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
# The SDK has no timeout of its own; milliseconds. It retries nothing: a paid call has no idempotency key, and without
# being told so the SDK would send an interaction five times.
TIMEOUT_MS = 60_000


def client(secrets: Secrets, credentials: Credentials | None = None, location: str = "") -> genai.Client:
    """Return a Vertex AI client with `credentials` and `location`, or those of the secret.

    Raises SettingMissing when a field of the secret is missing.
    """
    if not secrets.vertex_ai_project_id:
        raise SettingMissing("The secret's field vertex_ai_project_id is empty.")
    authorities = _authorities()
    return genai.Client(
        enterprise=True,
        project=secrets.vertex_ai_project_id,
        location=location or secrets.vertex_ai_location,
        credentials=credentials or _credentials(_as_dict(secrets.google_cloud_credentials)),
        http_options=types.HttpOptions(
            timeout=TIMEOUT_MS,
            retry_options=types.HttpRetryOptions(attempts=1),
            client_args={"verify": authorities},
            async_client_args={"verify": authorities, "ssl": authorities},
        ),
    )


@cache
def _authorities() -> ssl.SSLContext:
    """Return the authorities by whose word a host is Google's, as the SDK would read them, twice for each client.

    Reading them takes longer than everything else that a client needs.
    """
    return httpx2.create_ssl_context()


class VertexClients:
    """Vertex AI clients of one secret: the token is kept as long as the store keeps the secret that it was made from.

    Reading the key and asking Google for a token takes a tenth of a second of processor time and a call: too much for
    each order and each look at a clip. An order has a client of its own all the same, because a kept connection that
    breaks leaves it unknown what was bought.
    """

    def __init__(self, store: SecretStore, location: str = "") -> None:
        """`location` is Google's, or empty for the secret's."""
        self._store = store
        self._location = location
        self._latest: tuple[Secrets, Credentials, genai.Client] | None = None

    def for_looks(self) -> genai.Client:
        """Return the client that all looks share; raise what `SecretStore.get` and `client` raise."""
        return self._current()[2]

    def fresh(self) -> genai.Client:
        """Return a client with connections of its own; raise what `SecretStore.get` and `client` raise."""
        secrets, credentials, _ = self._current()
        return client(secrets, credentials, self._location)

    def _current(self) -> tuple[Secrets, Credentials, genai.Client]:
        secrets = self._store.get()
        if self._latest is None or self._latest[0] is not secrets:
            credentials = _credentials(_as_dict(secrets.google_cloud_credentials))
            self._latest = (secrets, credentials, client(secrets, credentials, self._location))
        return self._latest


def _as_dict(account_key: dict[str, Any] | SecretStr) -> dict[str, Any]:
    if isinstance(account_key, dict):
        return account_key
    try:
        value = json.loads(account_key.get_secret_value())
    except ValueError:
        # No cause is chained: the decoder's error would carry the text.
        raise SettingMissing("The secret's field google_cloud_credentials is empty or not a JSON object.") from None
    if not isinstance(value, dict):
        raise SettingMissing("The secret's field google_cloud_credentials is not a JSON object.")
    return value  # pyright: ignore[reportUnknownVariableType]


_KINDS: dict[str, Callable[..., Credentials]] = {
    "service_account": service_account.Credentials.from_service_account_info,
    "external_account": google_aws.Credentials.from_info,
}


def _credentials(info: dict[str, Any]) -> Credentials:
    make = _KINDS.get(str(info.get("type")))
    if make is None:
        raise SettingMissing(f"The secret's google_cloud_credentials must have a type of {' or '.join(_KINDS)}.")
    try:
        return make(info, scopes=SCOPES)
    except (ValueError, KeyError, GoogleAuthError):
        # No cause is chained: its words may hold parts of the key.
        raise SettingMissing("The secret's field google_cloud_credentials is incomplete.") from None
