"""What a client asks for by the Accept header, as far as the API has a choice (RFC 9110, 12.5.1).

Values only; touches nothing.
"""

from __future__ import annotations


def names(accept: str | None, media_type: str) -> bool:
    """Return whether the header names this very media type, and does not refuse it by a weight of 0."""
    return _weights(accept).get(media_type, 0.0) > 0


def prefers(accept: str | None, media_type: str, other: str) -> bool:
    """Return whether the header names this media type, and with no less weight than the `other`."""
    weights = _weights(accept)
    return names(accept, media_type) and weights[media_type] >= weights.get(other, 0.0)


def _weights(accept: str | None) -> dict[str, float]:
    ranges = [part.split(";") for part in (accept or "").lower().split(",")]
    return {kind.strip(): _weight(parameters) for kind, *parameters in ranges}


def _weight(parameters: list[str]) -> float:
    texts = [text.strip()[2:] for text in parameters if text.strip().startswith("q=")]
    try:
        return float(texts[0]) if texts else 1.0
    except ValueError:
        return 0.0
