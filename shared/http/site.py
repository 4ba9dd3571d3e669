"""How the page is served, in the cloud and locally: its configuration file and its security headers.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CONFIG = "/config.json"
# Built files carry a hash of their content in their name; everything else may change with the next deployment.
HASHED = "/assets/"
FOREVER = "public, max-age=31536000, immutable"
# A browser asks each time; CloudFront keeps what it has until the next deployment tells it.
FRESH = "public, max-age=0, s-maxage=31536000"
# With what only the page's own key opens.
PRIVATE = "no-store"


def caching(path: str) -> str:
    """Return the Cache-Control of a file of the page, by its path from the root."""
    return FOREVER if path.startswith(HASHED) else FRESH


def headers(api: str, sign_in: str, media: Sequence[str]) -> dict[str, str]:
    """Return the security headers of every file of the page.

    Takes the origins that the page talks to: the API's, Cognito's, and those under which the bucket is reached.
    """
    return {
        "Content-Security-Policy": content_security_policy(api, sign_in, media),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def content_security_policy(api: str, sign_in: str, media: Sequence[str]) -> str:
    """Return the policy: code and styles from the page's own files only, no inline script, no frames around it.

    WebAssembly is allowed, though no code from strings: the captions are drawn by the renderer's own library.
    """
    directives: dict[str, tuple[str, ...]] = {
        "default-src": ("'none'",),
        "script-src": ("'self'", "'wasm-unsafe-eval'"),
        "style-src": ("'self'",),
        "font-src": ("'self'",),
        "img-src": ("'self'", *media),
        # Captions are a copy in memory: a track of another origin would be refused.
        "media-src": (*media, "blob:"),
        "connect-src": ("'self'", api, sign_in, *media),
        "base-uri": ("'none'",),
        "form-action": ("'none'",),
        "frame-ancestors": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(sources))}" for name, sources in directives.items())


def config(api_url: str, region: str, user_pool_id: str, client_id: str, **local: Any) -> dict[str, Any]:
    """Return what the page reads at its start; `local` adds what only a local cloud has."""
    return {"apiUrl": api_url, "region": region, "userPoolId": user_pool_id, "clientId": client_id, **local}
