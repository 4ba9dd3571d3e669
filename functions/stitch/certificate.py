"""The certificate that films are signed by: read from the text of a secret, and refused in words when it cannot sign.

Touches nothing but the clock. What the secret holds is in no message, and the key in no representation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from functions.stitch.seals import NotSigned

CHAIN = "certificate_chain"
KEY = "private_key"
# What C2PA calls the algorithms of elliptic curves.
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True)
class Certificate:
    """A chain in PEM, its leaf first, the leaf's key in PKCS #8, and the leaf's fingerprint in hexadecimal.

    `algorithm` is C2PA's name of how the key signs; the certificate is valid from `begins` to `ends`.
    """

    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str
    fingerprint: str
    begins: datetime
    ends: datetime

    def check(self) -> None:
        """Raise NotSigned unless the certificate is valid now."""
        now = datetime.now(UTC)
        if now > self.ends:
            raise NotSigned(f"its certificate expired on {self.ends:%Y-%m-%d}")
        if now < self.begins:
            raise NotSigned(f"its certificate is not valid before {self.begins:%Y-%m-%d}")


def certificate_of(secret: str) -> Certificate:
    """Return the certificate in the text of a secret; raise NotSigned when it could never sign anything."""
    fields = _fields(secret)
    chain = _chain(fields)
    key = _key(fields)
    leaf = chain[0]
    leaf_key = _public_key(leaf)
    if key.public_key() != leaf_key:
        raise NotSigned("its private key is not that of the first certificate")
    return Certificate(
        chain=b"".join(each.public_bytes(Encoding.PEM) for each in chain),
        # The library reads no other form.
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        algorithm=_algorithm(leaf_key),
        fingerprint=leaf.fingerprint(hashes.SHA256()).hex(),
        begins=leaf.not_valid_before_utc,
        ends=leaf.not_valid_after_utc,
    )


def _fields(secret: str) -> Mapping[str, bytes]:
    try:
        values = json.loads(secret)
        return {name: values[name].encode() for name in (CHAIN, KEY)}
    except (ValueError, KeyError, TypeError, AttributeError):
        # No cause is chained here and below: it might repeat the secret.
        raise NotSigned(f"its secret is not a JSON object of {CHAIN} and {KEY}") from None


def _chain(fields: Mapping[str, bytes]) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(fields[CHAIN])
    except ValueError:
        raise NotSigned(f"{CHAIN} of its secret holds no certificates in PEM") from None


def _key(fields: Mapping[str, bytes]) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(fields[KEY], None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NotSigned(f"{KEY} of its secret holds no key in PEM without a password") from None


def _public_key(leaf: x509.Certificate) -> CertificatePublicKeyTypes:
    try:
        return leaf.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise NotSigned("the key of its certificate is of no known kind") from None


def _algorithm(key: CertificatePublicKeyTypes) -> str:
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, RSAPublicKey):
        return "ps256"
    if isinstance(key, Ed25519PublicKey):
        return "ed25519"
    raise NotSigned("C2PA knows no signature by a key of its certificate's kind")
