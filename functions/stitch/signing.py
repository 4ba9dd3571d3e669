"""Sign files by a certificate that lies in a secret, as C2PA says.

Reads Secrets Manager and writes files; asks no other service, so that no authority says when something was signed. Only
a deployment with a certificate has the packages that this module and `certificate` import.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from c2pa import Builder, C2paError, C2paSignerInfo, Context  # pyright: ignore[reportMissingTypeStubs]
from c2pa import Signer as Signing  # pyright: ignore[reportMissingTypeStubs]

from functions.stitch.certificate import Certificate, certificate_of
from functions.stitch.manifest import Manifest
from functions.stitch.seals import NotSigned, SignerSource
from shared.aws import secrets
from shared.errors import PermissionMissing, StorageUnavailable

# What is signed is read again before it is used; a cover needs no smaller cover, and nothing is looked up.
_SETTINGS = json.dumps(
    {
        "builder": {"thumbnail": {"enabled": False}},
        "verify": {"verify_after_sign": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
    }
)


@dataclass(frozen=True)
class CertificateSigner:
    """Signs by a certificate."""

    certificate: Certificate

    @property
    def name(self) -> str:
        """The fingerprint of the certificate."""
        return self.certificate.fingerprint

    def sign(self, file: Path, media_type: str, says: Manifest) -> Path:
        """Return a signed copy of the file, which lies beside it; raise NotSigned when the library refuses."""
        copy = file.with_name(f"signed-{file.name}")
        certificate = self.certificate
        try:
            info = C2paSignerInfo(certificate.algorithm, certificate.chain, certificate.key, None)
            with (
                Signing.from_info(info) as signer,
                Context.from_json(_SETTINGS) as context,
                Builder(says, context) as builder,
                file.open("rb") as source,
                copy.open("w+b") as target,
            ):
                builder.sign(signer, media_type, source, target)
        except C2paError as error:
            raise _refusal(
                "its certificate cannot sign by C2PA's rules; the log says what is wrong with it", error
            ) from None
        # Of a full disk, and of what the library is given.
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise _refusal("a signed copy could not be written; the log says why", error) from None
        return copy


def _refusal(why: str, error: Exception) -> NotSigned:
    refusal = NotSigned(why)
    refusal.add_note(str(error))
    return refusal


def signer_from(read: Callable[[], str]) -> SignerSource:
    """Return what gives the signer of the certificate in the text that `read` returns, and keeps it while it is valid.

    `read` raises PermissionMissing or StorageUnavailable, and is asked again for a certificate that is not.
    """
    signers: list[CertificateSigner] = []

    def current() -> CertificateSigner:
        if not signers:
            signers.append(CertificateSigner(_read(read)))
        try:
            signers[0].certificate.check()
        except NotSigned:
            signers.clear()
            raise
        return signers[0]

    return current


def signer_in(secret_id: str) -> SignerSource:
    """Return what gives the signer of the certificate in the Secrets Manager secret `secret_id`."""
    return signer_from(lambda: secrets.read(secret_id))


def _read(read: Callable[[], str]) -> Certificate:
    try:
        return certificate_of(read())
    except (PermissionMissing, StorageUnavailable) as error:
        refusal = NotSigned("the secret of its certificate could not be read")
        refusal.add_note(str(error))
        raise refusal from error
