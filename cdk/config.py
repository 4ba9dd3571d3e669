"""What can be chosen at deployment: one frozen, validated model of the CDK context and the environment.

Touches nothing; nothing else in this package reads the context.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from shared.contracts import LANGUAGE_PATTERN
from shared.models import video_models

LOCAL_ORIGIN = "http://localhost:8400"
LOCAL_SENDER = "reelwright@example.com"
VARIABLE_PREFIX = "REELWRIGHT_"
# CloudWatch keeps logs for certain numbers of days only; the values are CDK's names for them.
RETENTION = {
    "1": "ONE_DAY",
    "7": "ONE_WEEK",
    "14": "TWO_WEEKS",
    "30": "ONE_MONTH",
    "90": "THREE_MONTHS",
    "365": "ONE_YEAR",
}
# CloudFront serves an own domain by HTTPS at its usual port only.
_OWN_DOMAIN = re.compile(r"https://([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
# A key that cannot go without another, which says what it belongs to.
_COMPANIONS = {
    "table_index": "table_name",
    "user_pool_client_id": "user_pool_id",
    "rest_api_id": "rest_api_root_resource_id",
    "rest_api_root_resource_id": "rest_api_id",
    "site_certificate_arn": "site_origin",
}


class ConfigError(ValueError):
    """A context key is unknown or its value is not allowed; the message is one sentence for the operator."""


def _like(expectation: str, pattern: str, default: str = "") -> Any:
    return Field(default, pattern=f"^(?:{pattern})$", description=expectation)


def _one_of(default: str, *values: str) -> Any:
    return _like(f"one of {', '.join(values)}", "|".join(map(re.escape, values)), default)


def _usd(default: int, what: str, least: float, most: float) -> Any:
    description = f"{what} from {least:g} to {most:g}"
    return Field(Decimal(default), ge=least, le=most, decimal_places=4, description=description)


class DeployConfig(BaseModel):
    """The deployment's choices: a field `table_name` is the context key tableName, empty means not given.

    A resource that is named here exists already and is used; what is not named is created. A description says in words
    what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    architecture: str = _one_of("arm64", "arm64", "x86_64")
    site_origin: str = _like(
        "an origin such as https://video.example.com, without a path", r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?"
    )
    planner_model: str = _like("the name of an OpenAI model", r"[A-Za-z0-9._:-]{1,100}", "gpt-6-luna")
    default_video_model: str = _one_of(video_models.DEFAULT_MODEL, *video_models.MODELS)
    default_language: str = _like(
        "the language of recordings with little speech, such as en-US", LANGUAGE_PATTERN, "en-US"
    )
    log_retention_days: str = _one_of("30", *RETENTION)
    max_budget_usd: Decimal = _usd(50, "the most that one video may cost, in USD,", 0.1, 1000)
    user_daily_budget_usd: Decimal = _usd(100, "the USD that one user may spend a day,", 0.1, 100_000)
    daily_budget_usd: Decimal = _usd(500, "the USD that all users may spend a day,", 0.1, 100_000)
    user_hourly_starts: int = Field(
        default=100, ge=1, le=100_000, description="how many videos one user may start in an hour, from 1 to 100000"
    )
    orders_per_minute: str = _like(
        "a number, or a model and a number such as veo-3.1-fast-generate-001=100 with commas between",
        r"([a-z0-9.-]{1,60}=)?[0-9]{1,5}(,[a-z0-9.-]{1,60}=[0-9]{1,5})*",
    )
    daily_spend_alarm_usd: Decimal = _usd(100, "the USD a day that ring an alarm,", 1, 100_000)
    alert_email: str = _like("one e-mail address", r"[^@\s,;]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
    mail_from: str = _like(
        "the e-mail address, verified in SES, that users' e-mails come from",
        r"""[^@\s,;<>"]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}""",
    )
    signing_secret_arn: str = _like(
        "the whole ARN of a secret of Secrets Manager, with the six characters at its end",
        r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}",
    )
    table_name: str = _like("the name of a DynamoDB table, not its ARN", r"[A-Za-z0-9_.-]{3,255}")
    table_index: str = _like(
        "the name of the table's index with the keys user_id and created_at", r"[A-Za-z0-9_.-]{3,255}"
    )
    # AWS's certificate, and so every presigned URL, fits names without a dot only.
    bucket_name: str = _like("the name of an S3 bucket without dots, not its ARN", r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
    # The end has nine characters wherever one has been seen; Cognito promises no number.
    user_pool_id: str = _like(
        "the id of a Cognito user pool such as us-east-1_Ab1Cd2Ef3", r"[a-z]{2}(-[a-z]+)+-[0-9]_[A-Za-z0-9]{8,12}"
    )
    user_pool_client_id: str = _like("the id of a client of the user pool", r"[a-z0-9]{20,128}")
    rest_api_id: str = _like("the id of a REST API such as a1b2c3d4e5, not its ARN", r"[a-z0-9]{5,20}")
    rest_api_root_resource_id: str = _like("the id of the REST API's root resource", r"[a-z0-9]{5,20}")
    routes: str = _one_of("all", "all", "ai-video")
    web_acl: bool = Field(default=False, description="one of true, false")
    site: str = _one_of("auto", "auto", "on", "off")
    site_certificate_arn: str = _like(
        "the ARN of a certificate of ACM in us-east-1, where CloudFront looks for it",
        r"arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}",
    )

    @classmethod
    def from_context(cls, context: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Self:
        """Return the choices in a CDK context and, for keys that it lacks, in variables such as REELWRIGHT_TABLE_NAME.

        Raises ConfigError when a key is unknown, a value not allowed, or a key lacks the one that it goes with. The
        command line passes every value as text and cdk.json may hold numbers, so values are read as text.
        """
        # Feature flags, look-ups and CDK's own options all carry a colon.
        values = {key: _text(value) for key, value in context.items() if ":" not in key}
        labels = {key: f"context key {key}" for key in values}
        variables = {variable(key): key for key in cls.context_keys()}
        for name, value in (environment or {}).items():
            key = variables.get(name, name)
            if name.startswith(VARIABLE_PREFIX) and value and key not in values:
                values[key] = value
                labels[key] = f"environment variable {name}"
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError(_sentence(error, labels)) from error

    @classmethod
    def context_keys(cls) -> list[str]:
        """Return the context keys."""
        return [to_camel(name) for name in cls.model_fields]

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        for name, companion in _COMPANIONS.items():
            if getattr(self, name) and not getattr(self, companion):
                pair = f"{to_camel(name)} must come with {to_camel(companion)}"
                raise ValueError(f"The context key {pair}, which says what it belongs to.")
        if self.site_certificate_arn and not _OWN_DOMAIN.fullmatch(self.site_origin):
            form = "https:// and a domain such as video.example.com, without a port"
            raise ValueError(
                f"With siteCertificateArn the context key siteOrigin must be {form}, not {self.site_origin!r}."
            )
        return self


def variable(key: str) -> str:
    """Return the environment variable that stands for a context key: tableName is REELWRIGHT_TABLE_NAME."""
    return VARIABLE_PREFIX + "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in key)


def _text(value: object) -> str:
    # JSON's true is Python's True.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sentence(error: ValidationError, labels: Mapping[str, str]) -> str:
    """Return what is wrong first, in words of our own; `labels` say where each key comes from."""
    first: Any = error.errors(include_url=False)[0]
    if not first["loc"]:
        return str(first["ctx"]["error"])
    key = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"The {labels[key]} is unknown; the keys are {', '.join(DeployConfig.context_keys())}."
    fields = {to_camel(name): field for name, field in DeployConfig.model_fields.items()}
    return f"The {labels[key]} must be {fields[key].description}, not {first['input']!r}."
