"""One configured structured logger for every function.

Touches standard output; a line carries ids and numbers, never a transcript, a prompt, a token or a URL.
"""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """Return the process's logger (JSON lines, service "reelwright")."""
    return Logger(service="reelwright", utc=True)
