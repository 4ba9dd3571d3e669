"""What can be chosen at deployment: one frozen, validated object made from the CDK context and the environment.

Touches nothing; nothing else in this package reads the context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cdk.settings import OWN_DOMAIN, SETTINGS
from shared.models import video_models

LOCAL_ORIGIN = "http://localhost:8400"
VARIABLE_PREFIX = "REELWRIGHT_"


class ConfigError(ValueError):
    """A context key is unknown or its value is not allowed; the message is one sentence for the operator."""


@dataclass(frozen=True)
class DeployConfig:
    """The deployment's choices; each field's context key and allowed values are in `SETTINGS`, empty means not given.

    A resource that is named here exists already and is used; what is not named is created.
    """

    architecture: str = "arm64"
    site_origin: str = ""
    planner_model: str = "gpt-6-luna"
    default_video_model: str = video_models.DEFAULT_MODEL
    default_language: str = "en-US"
    log_retention: str = "30"
    max_budget_usd: str = "50"
    user_daily_budget_usd: str = "100"
    daily_budget_usd: str = "500"
    user_hourly_starts: str = "100"
    daily_spend_alarm_usd: str = "100"
    alert_email: str = ""
    table_name: str = ""
    table_index: str = ""
    bucket_name: str = ""
    user_pool_id: str = ""
    user_pool_client_id: str = ""
    rest_api_id: str = ""
    rest_api_root: str = ""
    routes: str = "all"
    web_acl: str = "false"
    site: str = "auto"
    site_certificate: str = ""

    @classmethod
    def from_context(cls, context: Mapping[str, object], environment: Mapping[str, str] | None = None) -> DeployConfig:
        """Return the choices in a CDK context and, for keys that it lacks, in variables such as REELWRIGHT_TABLE_NAME.

        Raises ConfigError when a key is unknown, a value not allowed, or a key lacks the one that it goes with. The
        command line passes every value as text and cdk.json may hold numbers, so values are compared as text.
        """
        values = {key: _text(value) for key, value in context.items() if not _is_cdks_own(key)}
        rows = [(f"context key {key}", key, value) for key, value in values.items()]
        rows += [row for row in _from(environment or {}) if row[1] not in values]
        for label, key, value in rows:
            _check(label, key, value)
        _check_together({key: value for _, key, value in rows})
        return cls(**{SETTINGS[key].field: value for _, key, value in rows})


def variable(key: str) -> str:
    """Return the environment variable that stands for a context key: tableName is REELWRIGHT_TABLE_NAME."""
    return VARIABLE_PREFIX + "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in key)


def _text(value: object) -> str:
    # JSON's true is Python's True.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from(environment: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    keys = {variable(key): key for key in SETTINGS}
    for name, value in environment.items():
        if name.startswith(VARIABLE_PREFIX) and value:
            yield f"environment variable {name}", keys.get(name, ""), value


def _is_cdks_own(key: str) -> bool:
    # Feature flags, look-ups and the tool's own options all carry a colon.
    return ":" in key


def _check(label: str, key: str, value: str) -> None:
    if key not in SETTINGS:
        raise ConfigError(f"The {label} is unknown; the keys are {', '.join(SETTINGS)}.")
    if not SETTINGS[key].accepts(value):
        raise ConfigError(f"The {label} must be {SETTINGS[key].expectation}, not {value!r}.")


def _check_together(values: Mapping[str, str]) -> None:
    for key in sorted(values):
        companion = SETTINGS[key].needs
        if companion and companion not in values:
            raise ConfigError(f"The context key {key} must come with {companion}, which says what it belongs to.")
    origin = values.get("siteOrigin", "")
    if "siteCertificateArn" in values and not OWN_DOMAIN.fullmatch(origin):
        form = "https:// and a domain such as video.example.com, without a port"
        raise ConfigError(f"With siteCertificateArn the context key siteOrigin must be {form}, not {origin!r}.")
