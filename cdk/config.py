"""What can be chosen at deployment: one frozen, validated object made from the CDK context.

Touches nothing; nothing else in this package reads the context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared import veo_models

LOCAL_ORIGIN = "http://localhost:8400"
ARCHITECTURES = ("arm64", "x86_64")
# CloudWatch keeps logs for certain numbers of days only; the values are CDK's names for them.
RETENTION = {
    "1": "ONE_DAY",
    "7": "ONE_WEEK",
    "14": "TWO_WEEKS",
    "30": "ONE_MONTH",
    "90": "THREE_MONTHS",
    "365": "ONE_YEAR",
}


class ConfigError(ValueError):
    """A context key is unknown or its value is not allowed; the message is one sentence for the operator."""


@dataclass(frozen=True)
class DeployConfig:
    """The deployment's choices; each field's context key and allowed values are in `SETTINGS`."""

    architecture: str = "arm64"
    site_origin: str = LOCAL_ORIGIN
    planner_model: str = "gpt-6-luna"
    default_video_model: str = veo_models.DEFAULT_MODEL
    log_retention: str = "30"

    @classmethod
    def from_context(cls, context: Mapping[str, object]) -> DeployConfig:
        """Return the choices in a CDK context; raise ConfigError when a key is unknown or a value not allowed.

        The command line passes every value as text and cdk.json may hold numbers, so values are compared as text.
        """
        given = {key: str(value) for key, value in context.items() if not _is_cdks_own(key)}
        for key, value in given.items():
            _check(key, value)
        return cls(**{SETTINGS[key].field: value for key, value in given.items()})


@dataclass(frozen=True)
class Setting:
    """One context key: the field it fills, what is allowed in words, and the test for it."""

    field: str
    allowed: str
    accepts: Callable[[str], object]


def _one_of(field: str, values: Mapping[str, object] | tuple[str, ...]) -> Setting:
    return Setting(field, f"one of {', '.join(values)}", values.__contains__)


SETTINGS = {
    "architecture": _one_of("architecture", ARCHITECTURES),
    "siteOrigin": Setting(
        "site_origin",
        "an origin such as https://video.example.com, without a path",
        re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?").fullmatch,
    ),
    "plannerModel": Setting(
        "planner_model", "the name of an OpenAI model", re.compile(r"[A-Za-z0-9._:-]{1,100}").fullmatch
    ),
    "defaultVideoModel": _one_of("default_video_model", veo_models.MODELS),
    "logRetentionDays": _one_of("log_retention", RETENTION),
}


def _is_cdks_own(key: str) -> bool:
    # Feature flags, look-ups and the tool's own options all carry a colon.
    return ":" in key


def _check(key: str, value: str) -> None:
    if key not in SETTINGS:
        raise ConfigError(f"The context key {key} is unknown; the keys are {', '.join(SETTINGS)}.")
    if not SETTINGS[key].accepts(value):
        raise ConfigError(f"The context key {key} must be {SETTINGS[key].allowed}, not {value!r}.")
