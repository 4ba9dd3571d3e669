"""The server's side of Cognito's SRP sign-in, so that a local user pool checks passwords as the real one does.

Touches nothing; the mathematics is SRP-6a of RFC 5054 with Cognito's hashing, in the group of RFC 3526, number 15.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

_PRIME = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
)
N = int(_PRIME, 16)
G = 2
INFO = b"Caldera Derived Key"


def pad(number: int) -> bytes:
    """Return a positive number as Cognito writes it: big-endian, with a leading zero byte if it would look negative."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"\0"


def hash_number(*parts: bytes) -> int:
    """Return the SHA-256 of the parts, as a number."""
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = hash_number(pad(N), pad(G))


class Password:
    """What a server keeps in place of a password; it is equal to the right one."""

    def __init__(self, identity: str, salt: int, verifier: int) -> None:
        """`identity` is the pool's short name followed by the user's id."""
        self.identity = identity
        self.salt = salt
        self.verifier = verifier

    @classmethod
    def of(cls, identity: str, password: str) -> Password:
        """Return what to keep of a password."""
        salt = secrets.randbits(128)
        return cls(identity, salt, verifier(identity, password, salt))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and verifier(self.identity, other, self.salt) == self.verifier

    __hash__ = None  # pyright: ignore[reportAssignmentType] - nothing is looked up by a password


@dataclass(frozen=True)
class Exchange:
    """One sign-in under way; `identity` is the pool's short name followed by the user's id."""

    identity: str
    verifier: int
    salt: int
    client_public: int
    secret: int
    block: bytes

    @classmethod
    def begin(cls, password: Password, client_public: str, block: bytes) -> Exchange:
        """Answer a client's public value (hexadecimal). Raises ValueError when it is not one."""
        public = int(client_public, 16)
        if public % N == 0:
            raise ValueError("the client's public value is zero")
        return cls(password.identity, password.verifier, password.salt, public, secrets.randbits(1024), block)

    @property
    def public(self) -> int:
        """The server's public value."""
        return (K * self.verifier + pow(G, self.secret, N)) % N

    @property
    def challenge(self) -> dict[str, str]:
        """What the client is told."""
        return {
            "SALT": f"{self.salt:x}",
            "SRP_B": f"{self.public:x}",
            "SECRET_BLOCK": base64.b64encode(self.block).decode(),
        }

    def accepts(self, signature: str, timestamp: str) -> bool:
        """Return whether the client's signature (base64) proves that it knows the password."""
        message = self.identity.encode() + self.block + timestamp.encode()
        own_signature = hmac.new(self._key(), message, hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(own_signature).decode(), signature)

    def _key(self) -> bytes:
        scramble = hash_number(pad(self.client_public), pad(self.public))
        shared_secret = pow(self.client_public * pow(self.verifier, scramble, N), self.secret, N)
        pseudorandom_key = hmac.new(pad(scramble), pad(shared_secret), hashlib.sha256).digest()
        return hmac.new(pseudorandom_key, INFO + b"\1", hashlib.sha256).digest()[:16]


def verifier(identity: str, password: str, salt: int) -> int:
    """Return the number that proves a password and from which nobody learns it."""
    inner = hashlib.sha256(f"{identity}:{password}".encode()).digest()
    return pow(G, hash_number(pad(salt), inner), N)
