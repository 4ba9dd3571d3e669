"""Read the fields of an upload form and judge them by the form's policy, as S3 does.

Touches nothing. Of a file's bytes nothing is read here.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

# The fields stand before the file, and S3 takes no more than this of them, in bytes.
MOST = 20_480
# A field of such a name may stand in any form.
IGNORED = "x-ignore-"
KIND = "multipart/form-data"
_FREE = ("x-amz-signature", "policy", "file")


def fields(content_type: str, head: bytes) -> dict[str, str]:
    """Return the fields before the file by their names in lower case; `head` is the beginning of the body."""
    kind, options = parse_options_header(content_type)
    if kind != KIND or not options.get("boundary"):
        return {}
    decoder = MultipartDecoder(options["boundary"].encode())
    decoder.receive_data(head)
    values: dict[str, bytes] = {}
    name = ""
    while not isinstance(event := decoder.next_event(), NeedData | Epilogue | File):
        if isinstance(event, Field):
            name = event.name.lower()
        elif isinstance(event, Data):
            values[name] = values.get(name, b"") + event.data
    return {name: value.decode(errors="replace") for name, value in values.items()}


def objection(bucket: str, form: Mapping[str, str], now: float) -> str | None:
    """Return why the policy refuses the form, or None; `now` is in seconds since 1970.

    What it says of the file's size is left to whoever reads the file.
    """
    try:
        policy: dict[str, Any] = json.loads(base64.b64decode(form["policy"], validate=True))
        expiry = datetime.fromisoformat(policy["expiration"]).replace(tzinfo=UTC).timestamp()
        rules = [rule for condition in policy["conditions"] for rule in _rules(condition)]
    except (KeyError, TypeError, ValueError, binascii.Error, RecursionError):
        return "Invalid Policy: Invalid JSON."
    if expiry <= now:
        return "Invalid according to Policy: Policy expired."
    fields_with_bucket = {**form, "bucket": bucket}
    violations = [
        name for operator, name, value in rules if not _holds(operator, fields_with_bucket.get(name, ""), value)
    ]
    if violations:
        return f"Invalid according to Policy: Policy Condition failed: {violations[0]}"
    conditions = {name for _, name, _ in rules}
    extra = [name for name in form if name not in conditions and name not in _FREE and not name.startswith(IGNORED)]
    return f"Invalid according to Policy: Extra input fields: {min(extra)}" if extra else None


def _rules(condition: Any) -> list[tuple[str, str, str]]:
    """Return a condition as operator, field and value; one about the size is none."""
    if isinstance(condition, dict):
        mapping: dict[str, Any] = condition  # pyright: ignore[reportUnknownVariableType]
        return [("eq", name.lower(), str(value)) for name, value in mapping.items()]
    operator, name, value = condition
    if operator == "content-length-range":
        return []
    return [(operator, name.removeprefix("$").lower(), value)]


def _holds(operator: str, actual: str, expectation: str) -> bool:
    return actual == expectation if operator == "eq" else operator == "starts-with" and actual.startswith(expectation)
