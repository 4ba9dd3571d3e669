"""Where webhooks may go: checked when a URL is given, and again, against the addresses in use, when one is called.

Asks the resolver for a host's addresses; touches nothing else.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from shared.errors import InvalidRequest

HTTPS_PORT = 443
DEFAULT_PORTS = {"https": HTTPS_PORT, "http": 80}
# IPv6 addresses that lead to an IPv4 address which is not looked at here.
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Receiver:
    """A webhook's URL in parts; `exempt` when the deployment names its origin as allowed whatever its address."""

    scheme: str
    host: str
    port: int
    target: str
    exempt: bool

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def receiver(url: str, allowed_origins: str) -> Receiver:
    """Return the receiver at `url`; raise InvalidRequest unless it is https, or an origin of `allowed_origins`.

    `allowed_origins` are origins separated by commas.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise InvalidRequest("webhookUrl: this is not a URL.") from error
    origin = f"{parts.scheme}://{parts.netloc}"
    exempt = parts.scheme in DEFAULT_PORTS and origin in allowed_origins.split(",")
    if not exempt and parts.scheme != "https":
        raise InvalidRequest("webhookUrl: only https is called.")
    if not host or "@" in parts.netloc or any(ord(letter) <= ord(" ") or ord(letter) > ord("~") for letter in url):
        raise InvalidRequest("webhookUrl: a host is needed, and neither a user name nor unusual letters.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(parts.scheme, host, port, target, exempt)


def addresses(to: Receiver) -> list[str]:
    """Return the addresses of the receiver's host, the first to be tried first.

    Raises InvalidRequest when there is none, or when one is not public: loopback, private, link-local, metadata.
    """
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InvalidRequest("webhookUrl: the host has no address.") from error
    known = list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in found))
    if not to.exempt and not all(is_public(address) for address in known):
        raise InvalidRequest("webhookUrl: the host's address is not public.")
    return known


def is_public(address: str) -> bool:
    """Return whether an IP address is one that anybody on the internet may call."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner or found in _NAT64:
            return found.ipv4_mapped is not None and _open(found.ipv4_mapped)
    return _open(found)


def _open(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def check(url: str, allowed_origins: str) -> None:
    """Raise InvalidRequest when a webhook must not be sent to `url`."""
    addresses(receiver(url, allowed_origins))
