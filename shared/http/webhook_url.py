"""Where webhooks may go: checked when a URL is given, and again, against the addresses in use, when one is called.

Asks the resolver for a host's addresses; touches nothing else.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from shared.errors import InvalidRequest

DEFAULT_PORTS = {"https": 443, "http": 80}
# Ports that webhook receivers listen on; any other would make the function a scanner of other services.
HTTPS_PORTS = (443, 8443)
# Seconds; the resolver's own patience may be longer than API Gateway's 29.
LOOK_UP_SECONDS = 3.0
LookUp = Callable[[str, int], list[Any]]
# Ranges that are not for the public internet, from IANA's registries of special-purpose addresses (read 2026-11-26).
# They are named here because `ipaddress.is_global` answers differently from one version of Python to the next.
_SPECIAL_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# All that is public in IPv6 is global unicast; the special ranges within it hold Teredo, 6to4 and examples, and so do
# no addresses outside it (mapped IPv4, NAT64, unique local, link-local, multicast).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def _system_look_up(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


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

    `allowed_origins` are origins separated by commas; what they do not name is called on HTTPS_PORTS only.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise InvalidRequest("webhookUrl: this is not a URL.") from error
    origin = f"{parts.scheme}://{parts.netloc}"
    exempt = parts.scheme in DEFAULT_PORTS and origin in allowed_origins.split(",")
    if not exempt and parts.scheme != "https":
        raise InvalidRequest("webhookUrl: only https is supported.")
    if not exempt and port not in HTTPS_PORTS:
        raise InvalidRequest(f"webhookUrl: only the ports {' and '.join(map(str, HTTPS_PORTS))} are supported.")
    if not host or "@" in parts.netloc or any(ord(letter) <= ord(" ") or ord(letter) > ord("~") for letter in url):
        raise InvalidRequest("webhookUrl: use a host name without a user name or special characters.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(parts.scheme, host, port, target, exempt)


def addresses(to: Receiver, look_up: LookUp = _system_look_up, patience: float = LOOK_UP_SECONDS) -> list[str]:
    """Return the addresses of the receiver's host, the first to be tried first.

    `look_up` takes a host and a port and returns rows as `socket.getaddrinfo` does, within `patience` seconds. Raises
    InvalidRequest when there is no address, none in time, or one that is not public: loopback, private, link-local,
    metadata.
    """
    try:
        rows = _in_time(look_up, to, patience)
    except TimeoutError as error:
        raise InvalidRequest("webhookUrl: the host's address could not be found in time.") from error
    except (OSError, UnicodeError) as error:
        raise InvalidRequest("webhookUrl: the host has no address.") from error
    numbers = list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))
    if not to.exempt and not all(is_public(address) for address in numbers):
        raise InvalidRequest("webhookUrl: the host's address is not public.")
    return numbers


def _in_time(look_up: LookUp, to: Receiver, patience: float) -> list[Any]:
    # The system's resolver takes no time limit, so it is asked from a thread that may be left behind.
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(look_up(to.host, to.port))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(patience)


def is_public(address: str) -> bool:
    """Return whether an IP address is one that anybody on the internet may call."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and not any(ip in network for network in _SPECIAL_IPV6)
    return not any(ip in network for network in _SPECIAL_IPV4)


def require_allowed(url: str | None, allowed_origins: str) -> None:
    """Raise InvalidRequest when there is a `url` that a webhook must not be sent to."""
    if url:
        addresses(receiver(url, allowed_origins))
