"""A reader of C2PA manifests that is none of the signing library's: its boxes, its CBOR and its signature by hand.

ISO 19566-5 (JUMBF), RFC 8949 (CBOR), RFC 9052 (COSE), as far as a manifest goes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

_OF_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the content of each box."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + size]
        at += size


def manifest_in(data: bytes) -> dict[str, bytes]:
    """Return what the one manifest of an MP4 or a JPEG holds: the boxes after each description, by their labels."""
    (store,) = list(_of_film(data) if data[4:8] == b"ftyp" else _of_picture(data))
    ((kind, content),) = boxes(store)
    assert kind == b"jumb"
    return dict(_by_label(content))


def _of_film(data: bytes) -> Iterator[bytes]:
    for kind, content in boxes(data):
        if kind == b"uuid" and content.startswith(_OF_C2PA):
            # Version and flags, what it is for, and where a second one would be.
            purpose, _, more = content[20:].partition(b"\0")
            assert purpose == b"manifest"
            yield more[8:]


def _of_picture(data: bytes) -> Iterator[bytes]:
    at = 2
    while data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xEB and data[at + 4 : at + 6] == b"JP":
            yield data[at + 12 : at + 2 + size]
        at += 2 + size


def _by_label(superbox: bytes) -> Iterator[tuple[str, bytes]]:
    (_, description), *children = boxes(superbox)
    label = description[17:].partition(b"\0")[0].decode()
    yield label, superbox
    for kind, content in children:
        if kind == b"jumb":
            yield from _by_label(content)


def content_of(superbox: bytes) -> Any:
    """Return the CBOR in a labelled box."""
    _, (kind, content) = list(boxes(superbox))[:2]
    assert kind == b"cbor"
    return value_of(content)


def check_signature(parts: dict[str, bytes], leaf: x509.Certificate) -> None:
    """Raise InvalidSignature unless the claim is signed by the leaf's key (ES256), and its assertions are as hashed."""
    _, (_, claim) = list(boxes(parts["c2pa.claim.v2"]))[:2]
    header, open_header, payload, signature = content_of(parts["c2pa.signature"])
    assert payload is None
    key = leaf.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    chain = {**value_of(header), **open_header}
    assert leaf.public_bytes(Encoding.DER) in (chain.get(33) or chain["x5chain"])
    to_verify = b"\x84" + b"\x6aSignature1" + _bytes(header) + _bytes(b"") + _bytes(claim)
    half = len(signature) // 2
    numbers = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    key.verify(encode_dss_signature(*numbers), to_verify, ECDSA(hashes.SHA256()))
    assertions = value_of(claim)["created_assertions"]
    assert len(assertions) > 1
    for assertion in assertions:
        name = assertion["url"].rpartition("/")[2]
        assert hashlib.sha256(parts[name]).digest() == assertion["hash"], name


def value_of(data: bytes) -> Any:
    """Return the value that the CBOR holds."""
    return _value(data, 0)[0]


def _value(data: bytes, at: int) -> tuple[Any, int]:
    major, more = divmod(data[at], 32)
    at += 1
    number = more
    if more >= 24:
        size = 1 << (more - 24)
        number = int.from_bytes(data[at : at + size], "big")
        at += size
    if major in (2, 3):
        content = data[at : at + number]
        return content if major == 2 else content.decode(), at + number
    if major in (4, 5):
        values: list[Any] = []
        for _ in range(number * (major - 3)):
            value, at = _value(data, at)
            values.append(value)
        return values if major == 4 else dict(zip(values[::2], values[1::2], strict=True)), at
    # A tag says what its value is; here that is known.
    return _value(data, at) if major == 6 else (_number(major, more, number), at)


def _number(major: int, more: int, number: int) -> Any:
    if major < 2:
        return -1 - number if major else number
    return struct.unpack(">d", number.to_bytes(8, "big"))[0] if more == 27 else {20: False, 21: True, 22: None}[more]


def _bytes(data: bytes) -> bytes:
    """Return the CBOR of bytes, of any length below 64 KiB."""
    size = len(data)
    head = (
        bytes([0x40 | size]) if size < 24 else bytes([0x58, size]) if size < 256 else b"\x59" + size.to_bytes(2, "big")
    )
    return head + data
