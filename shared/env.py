"""Typed reads of environment variables that name the variable when it is missing.

Touches the process environment, and only when called.
"""

from __future__ import annotations

import os

from shared.errors import SettingMissing


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`, or `default`; raise SettingMissing when there is neither."""
    value = os.environ.get(name) or default
    if value is None:
        raise SettingMissing(f"The environment variable {name} is not set.")
    return value


def integer(name: str, default: int | None = None) -> int:
    """Return the variable `name` as a whole number; raise SettingMissing when it is absent or not a number."""
    value = text(name, None if default is None else str(default))
    if not value.lstrip("-").isdigit():
        raise SettingMissing(f"The environment variable {name} must be a whole number, not {value!r}.")
    return int(value)


def number(name: str, default: float | None = None) -> float:
    """Return the variable `name` as a float; raise SettingMissing when it is absent or not a number."""
    value = text(name, None if default is None else str(default))
    try:
        return float(value)
    except ValueError as error:
        raise SettingMissing(f"The environment variable {name} must be a number, not {value!r}.") from error
