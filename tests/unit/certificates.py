"""Certificates of nobody's, as a signing certificate is made: a root, and a leaf that may sign."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes, PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from functions.stitch.certificate import CHAIN, KEY

DAY = timedelta(days=1)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def chain_of(
    key: CertificateIssuerPrivateKeyTypes,
    ends_in: timedelta = 30 * DAY,
    begins_in: timedelta = -60 * DAY,
    *,
    may_sign: bool = True,
) -> list[x509.Certificate]:
    """Return a leaf for the key, and the root that has issued it."""
    root_key = new_key()
    use = ExtendedKeyUsageOID.EMAIL_PROTECTION if may_sign else ExtendedKeyUsageOID.SERVER_AUTH
    leaf = (
        _with_uses(_builder("Leaf", key, begins_in, ends_in), is_root=False)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )
    root = _with_uses(_builder("Root", root_key, -900 * DAY, 900 * DAY), is_root=True)
    return [each.sign(root_key, hashes.SHA256()) for each in (leaf, root)]


def pem_of(chain: list[x509.Certificate]) -> str:
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain).decode()


def pem_of_key(key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def secret_of(chain: list[x509.Certificate], key: PrivateKeyTypes) -> str:
    """Return the secret that holds them."""
    return json.dumps({CHAIN: pem_of(chain), KEY: pem_of_key(key)})


def _name(words: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nobody"), x509.NameAttribute(NameOID.COMMON_NAME, words)]
    )


def _builder(
    name: str, key: CertificateIssuerPrivateKeyTypes, begins_in: timedelta, ends_in: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("Root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins_in)
        .not_valid_after(now + ends_in)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _with_uses(builder: x509.CertificateBuilder, *, is_root: bool) -> x509.CertificateBuilder:
    uses = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    return builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True).add_extension(
        uses, critical=True
    )
