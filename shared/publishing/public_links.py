"""Where a public link leads: an address below the API's own, of a video's id and its secret.

Values only; touches nothing.
"""

from __future__ import annotations


def path_of(video_id: str, secret: str) -> str:
    """Return the link's path."""
    return f"/ai-video/shared/{video_id}.{secret}"
