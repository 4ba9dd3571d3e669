"""Make the service account that the Google stand-in knows, and check what claims to come from it.

Touches nothing but the random source.
"""

from __future__ import annotations

import base64
import json
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PROJECT = "reelwright-local"
EMAIL = f"film-maker@{PROJECT}.iam.gserviceaccount.com"
KEY_ID = "0123456789abcdef0123456789abcdef01234567"


class ServiceAccount:
    """One service account with its RSA key, made when first asked for."""

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        # Google's has 2048 bits, which every process that reads it checks for 27 ms, and this one for 4. It guards
        # nothing but a stand-in on loopback.
        return rsa.generate_private_key(public_exponent=65537, key_size=1024)

    def key_file(self, token_uri: str) -> dict[str, str]:
        """Return the account's key file as Google writes it, with this token endpoint (a URL)."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": KEY_ID,
            "private_key": pem.decode(),
            "client_email": EMAIL,
            "client_id": "100000000000000000001",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def claims(self, assertion: str) -> dict[str, Any]:
        """Return the claims of a JWT that this account signed. Raises ValueError for anything else."""
        content, _, signature = assertion.rpartition(".")
        header, _, payload = content.partition(".")
        if _decode(header).get("alg") != "RS256":
            raise ValueError("Invalid JWT: the algorithm is not RS256.")
        try:
            self._key.public_key().verify(_bytes(signature), content.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise ValueError("Invalid JWT Signature.") from error
        return _decode(payload)


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _decode(part: str) -> dict[str, Any]:
    return json.loads(_bytes(part))
