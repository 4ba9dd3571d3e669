"""Verify Cognito ID tokens as API Gateway's authorizer does.

Reads the user pool's public keys from the moto server, once.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet


class InvalidTokenError(Exception):
    """The token is missing, wrong, expired or for somebody else."""


class TokenVerifier:
    """The verifier of one user pool's ID tokens."""

    def __init__(self, endpoint_url: str, pool_id: str, client_ids: frozenset[str]) -> None:
        """`pool_id` as in `us-east-1_abc`; a token must be made for one of `client_ids`."""
        self._endpoint_url = endpoint_url
        self._pool_id = pool_id
        self._client_ids = client_ids
        self._host = f"cognito-idp.{pool_id.partition('_')[0]}.amazonaws.com"
        self._key_set: KeySet | None = None

    def claims(self, header: str) -> dict[str, str]:
        """Return the token's claims as strings, from an Authorization header with or without `Bearer `.

        Raises InvalidTokenError when the token must not pass.
        """
        try:
            token = jwt.decode(header.removeprefix("Bearer ").strip(), self._keys(), algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise InvalidTokenError(str(error)) from error
        self._check(token.claims)
        return {name: _text(value) for name, value in token.claims.items()}

    def _check(self, claims: Mapping[str, Any]) -> None:
        wrong = {
            "token_use": claims.get("token_use") != "id",
            "exp": not isinstance(claims.get("exp"), int) or claims["exp"] <= time.time(),
            "iss": claims.get("iss") != f"https://{self._host}/{self._pool_id}",
            "aud": claims.get("aud") not in self._client_ids,
        }
        if any(wrong.values()):
            raise InvalidTokenError(", ".join(name for name, is_wrong in wrong.items() if is_wrong))

    def _keys(self) -> KeySet:
        if self._key_set is None:
            address = f"{self._endpoint_url}/{self._pool_id}/.well-known/jwks.json"
            with urllib.request.urlopen(address, timeout=10) as response:
                self._key_set = KeySet.import_key_set(json.loads(response.read()))
        return self._key_set


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)
