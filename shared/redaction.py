"""What nobody outside is told in a sentence or a name: ARNs, places in buckets, the provider's project.

Values only; touches nothing.
"""

from __future__ import annotations

import re

_PRIVATE = (
    (re.compile(r"\barn:aws[\w-]*:[^\s'\",;)]+"), "an AWS resource"),
    (re.compile(r"\b(?:s3|gs)://[^\s'\",;)]+"), "a stored object"),
    (re.compile(r"\bprojects/[^\s'\",;)]+"), "the provider's project"),
    # Google's own words name it bare. An id that is letters only is known by the words around it.
    (re.compile(r"\bproject(?:_number|_id)?:['\"]?[\w-]{3,}['\"]?", re.IGNORECASE), "the provider's project"),
    (
        re.compile(r"\bproject (?:number )?['\"]?(?=[\w-]*[\d-])[\w-]{3,}['\"]?", re.IGNORECASE),
        "the provider's project",
    ),
    (re.compile(r"(?<=\bin )project ['\"]?[\w-]{3,}['\"]?(?= before\b)", re.IGNORECASE), "the provider's project"),
    (re.compile(r"\bresource project ['\"]?[\w-]{3,}['\"]?", re.IGNORECASE), "the provider's project"),
    (
        re.compile(
            r"\bproject ['\"]?[\w-]{3,}['\"]?(?= (?:not found|was|is|does|has|cannot|invalid)\b)", re.IGNORECASE
        ),
        "the provider's project",
    ),
)


def redact(text: str) -> str:
    """Return a sentence without the deployment's own names in it."""
    for pattern, words in _PRIVATE:
        text = pattern.sub(words, text)
    return text


def short_id(operation: str) -> str:
    """Return the last part of a provider's operation name, which says nothing of the deployment's project."""
    return operation.rpartition("/")[2]
