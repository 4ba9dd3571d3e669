"""The page that a public link leads to: a player with captions, and nothing else; no script, nothing is stored.

Values only; touches nothing.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from urllib.parse import urlsplit

from functions.api.sharing.links import SharedVideo

_STYLE = (
    "html,body{margin:0;height:100%;background:#111;color:#eee;font:1rem/1.5 system-ui,sans-serif}"
    "body{display:grid;place-items:center}video{width:100%;height:100vh;height:100dvh;object-fit:contain}"
    "p{padding:1rem;text-align:center}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
    'initial-scale=1"><meta name="robots" content="noindex, nofollow"><title>Video</title>'
    f"<style>{_STYLE}</style></head><body>"
)
_END = "</body></html>"
_GONE = "<p>This link shows no video, or shows it no longer.</p>"


def player(video: SharedVideo, captions_path: str) -> str:
    """Return the page that plays the video, with the captions at a path of the API's own."""
    poster = f' poster="{escape(video.poster_url)}"' if video.poster_url else ""
    # Captions that are in the picture need not be shown twice; a person can turn these on all the same.
    is_default = "" if video.is_captioned else " default"
    body = (
        f'<video controls playsinline preload="metadata"{poster}><source src="{escape(video.video_url)}" '
        f'type="video/mp4"><track kind="captions" label="Captions" src="{escape(captions_path)}"{is_default}></video>'
    )
    return _PAGE + body + _END


def empty() -> str:
    """Return the page of a link that shows nothing."""
    return _PAGE + _GONE + _END


def headers(*urls: str) -> dict[str, str]:
    """Return the headers of a page that shows what is at the `urls`: no search engine lists it, no cache keeps it."""
    origins = sorted({f"{url.scheme}://{url.netloc}" for url in map(urlsplit, urls) if url.netloc})
    media = " ".join(["'self'", *origins])
    policy = (
        f"default-src 'none'; img-src {media}; media-src {media}; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }
