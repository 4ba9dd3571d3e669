"""Decide whether a request may come in: loopback is no wall, since any page in a browser can send requests to it.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

# A browser says of each request where it comes from; what comes from a page of another address is told apart by these.
FOREIGN = frozenset({"cross-site", "same-site"})
NAVIGATION = "navigate"


def own_hosts(port: int) -> frozenset[str]:
    """Return the names that a server on `port` of this machine answers to; any other was made to point here."""
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})


def own_origins(port: int) -> frozenset[str]:
    """Return the origins of the pages that a server on `port` of this machine serves."""
    return frozenset(f"http://{host}" for host in own_hosts(port))


def refusal(headers: Mapping[str, str], port: int, origins: Collection[str], *, embeddable: bool) -> str | None:
    """Return why a request is refused, or None when it may come in.

    `headers` are by name, looked up in any case; a page of `origins` may ask, and an `embeddable` server's media may be
    part of a page, for which a browser sends no origin.
    """
    if headers.get("Host", "").lower() not in own_hosts(port):
        return "This server answers to its own address only."
    origin = headers.get("Origin")
    if origin is not None:
        return None if origin in origins else "This server takes nothing from pages of another origin."
    is_embedded = headers.get("Sec-Fetch-Site") in FOREIGN and headers.get("Sec-Fetch-Mode") != NAVIGATION
    return "This server is no part of another page." if is_embedded and not embeddable else None
