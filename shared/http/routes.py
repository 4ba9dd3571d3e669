"""The REST API's routes, headers and limits: one statement, which the stack and the function both follow.

Pure data; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One method of one path; `body` says whether a JSON object must come with it, `public` that no token need."""

    method: str
    path: str
    body: bool = False
    public: bool = False


@dataclass(frozen=True)
class Allowance:
    """How many generations a user may start in an hour, how many are left of it, and its remaining seconds."""

    most: int
    left: int
    seconds: int


ROUTES = (
    Route("POST", "/videos", body=True),
    Route("GET", "/videos"),
    Route("GET", "/videos/{videoId}"),
    Route("DELETE", "/videos/{videoId}"),
    Route("POST", "/videos/{videoId}/transcripts", body=True),
    Route("GET", "/videos/{videoId}/transcripts/{transcriptId}"),
    Route("POST", "/videos/{videoId}/moments", body=True),
    Route("GET", "/videos/{videoId}/moments"),
    Route("POST", "/videos/{videoId}/moments/estimate", body=True),
    Route("POST", "/videos/{videoId}/clips", body=True),
    Route("GET", "/videos/{videoId}/clips"),
    Route("POST", "/videos/{videoId}/clips/estimate", body=True),
    Route("POST", "/ai-video", body=True),
    Route("POST", "/ai-video/batch", body=True),
    Route("POST", "/ai-video/estimate", body=True),
    Route("GET", "/ai-video/{videoId}"),
    Route("DELETE", "/ai-video/{videoId}"),
    Route("POST", "/ai-video/{videoId}/resume", body=True),
    Route("POST", "/ai-video/{videoId}/runs", body=True),
    Route("GET", "/ai-video/{videoId}/plan"),
    Route("PATCH", "/ai-video/{videoId}/plan", body=True),
    Route("POST", "/ai-video/{videoId}/scenes/{sceneId}/takes", body=True),
    Route("PUT", "/ai-video/{videoId}/scenes/{sceneId}/take", body=True),
    Route("POST", "/ai-video/{videoId}/variants", body=True),
    Route("GET", "/ai-video/{videoId}/variants"),
    Route("POST", "/ai-video/{videoId}/variants/estimate", body=True),
    Route("GET", "/ai-video/{videoId}/export"),
    Route("GET", "/ai-video/{videoId}/versions"),
    Route("DELETE", "/ai-video/{videoId}/versions/{generationId}"),
    Route("PUT", "/ai-video/{videoId}/versions/{generationId}/link"),
    Route("DELETE", "/ai-video/{videoId}/versions/{generationId}/link"),
    Route("GET", "/ai-video/shared/{token}", public=True),
    Route("GET", "/ai-video/shared/{token}/captions.vtt", public=True),
    Route("GET", "/ai-video/{videoId}/captions.srt"),
    Route("GET", "/ai-video/{videoId}/captions.vtt"),
    Route("POST", "/images", body=True),
    Route("GET", "/images"),
    Route("GET", "/images/{imageId}"),
    Route("DELETE", "/images/{imageId}"),
    Route("POST", "/fonts", body=True),
    Route("GET", "/fonts"),
    Route("GET", "/fonts/{fontId}"),
    Route("DELETE", "/fonts/{fontId}"),
    Route("POST", "/music", body=True),
    Route("GET", "/music"),
    Route("GET", "/music/{musicId}"),
    Route("DELETE", "/music/{musicId}"),
    Route("GET", "/presets"),
    Route("GET", "/presets/{presetName}"),
    Route("PUT", "/presets/{presetName}", body=True),
    Route("DELETE", "/presets/{presetName}"),
    Route("GET", "/settings"),
    Route("PUT", "/settings", body=True),
    Route("GET", "/openapi.json", public=True),
)
# The routes that need the table's index.
LISTINGS = (("GET", "/videos"), ("GET", "/videos/{videoId}/clips"), ("GET", "/ai-video/{videoId}/variants"))
# Calls of all users in a second, and at once.
REQUESTS_PER_SECOND = 50
BURST = 100
# Of everybody who watches by a public link together, in a second, and at once.
PUBLIC_REQUESTS_PER_SECOND = 10
PUBLIC_BURST = 30
# Seconds after which a call may be made again that was one too many, and one that found a service busy.
RETRY_TOO_MANY = 5
RETRY_BUSY = 10
# Seconds for which a browser need not ask again what a page of another origin may do.
PREFLIGHT_SECONDS = 300
# What a page of another origin may send, and may read.
REQUEST_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")
ALLOWANCE_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
EXPOSED_HEADERS = ("ETag", "Location", "Retry-After", *ALLOWANCE_HEADERS)


def methods(routes: Iterable[Route], path: str) -> list[str]:
    """Return the methods of a path: every GET can be asked for as HEAD."""
    own = (with_head(route.method) for route in routes if route.path == path)
    return [method for pair in own for method in pair]


def with_head(method: str) -> list[str]:
    """Return the method, and HEAD beside GET."""
    return ["GET", "HEAD"] if method == "GET" else [method]
