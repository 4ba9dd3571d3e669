"""The deployment's secret: read at run time, kept for the life of the process, never in an environment variable.

Touches AWS Secrets Manager; the shape is the customer's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from shared.aws import clients
from shared.errors import PermissionMissing, SettingMissing, StorageUnavailable


class Secrets(BaseModel):
    """The fields of the secret; a field that a stage needs and that is empty raises SettingMissing when asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    google_cloud_credentials: dict[str, Any] | SecretStr = SecretStr("")
    openai_api_key: SecretStr = SecretStr("")
    vertex_ai_project_id: str = ""
    vertex_ai_location: str = "us-central1"


class SecretStore:
    """Reads the secret once and keeps it until `refresh` is called (a provider answered 401, say)."""

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch = fetch
        self._cache: Secrets | None = None

    def get(self) -> Secrets:
        """Return the secret's fields; raise SettingMissing when it holds no valid JSON object."""
        if self._cache is None:
            try:
                self._cache = Secrets.model_validate_json(self._fetch())
            except ValidationError:
                # No cause is chained: pydantic's message would repeat the value.
                raise SettingMissing("The deployment's secret is not a JSON object of the documented shape.") from None
        return self._cache

    def refresh(self) -> None:
        """Forget the kept value, so that the next `get` reads it again."""
        self._cache = None


def stored_in(secret_id: str) -> SecretStore:
    """Return the store of the Secrets Manager secret `secret_id`.

    Its `get` raises PermissionMissing when the secret is absent or may not be read, StorageUnavailable when it could be
    read later.
    """
    return SecretStore(lambda: read(secret_id))


def read(secret_id: str) -> str:
    """Return the text of a secret, which is empty where it holds bytes.

    Raises PermissionMissing when it is absent or may not be read, StorageUnavailable when it could be read later.
    """
    try:
        return clients.secretsmanager().get_secret_value(SecretId=secret_id).get("SecretString", "")
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("AccessDeniedException", "ResourceNotFoundException"):
            raise PermissionMissing(
                "The deployment's secret is missing, or the function isn't allowed to read it."
            ) from error
        raise StorageUnavailable("Secrets Manager is busy.") from error
    except BotoCoreError as error:
        raise StorageUnavailable("Secrets Manager could not be reached.") from error
