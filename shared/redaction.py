"""What nobody outside is told in a sentence or a name: ARNs, places in buckets, the provider's project.

Values only; touches nothing.
"""

from __future__ import annotations

import re

_PRIVATE = (
    (re.compile(r"\barn:aws[\w-]*:[^\s'\",;)]+"), "an AWS resource"),
    (re.compile(r"\b(?:s3|gs)://[^\s'\",;)]+"), "a stored object"),
    (re.compile(r"\bprojects/[^\s'\",;)]+"), "the provider's project"),
    # Google's own words name it bare; an id of theirs has a digit or a hyphen.
    (re.compile(r"\bproject (?:number )?['\"]?(?=[\w-]*[\d-])[\w-]{3,}['\"]?"), "the provider's project"),
)


def redact(text: str) -> str:
    """Return a sentence without the deployment's own names in it."""
    for pattern, words in _PRIVATE:
        text = pattern.sub(words, text)
    return text


def short_id(operation: str) -> str:
    """Return the last part of a provider's operation name, which says nothing of the deployment's project."""
    return operation.rpartition("/")[2]
