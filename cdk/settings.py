"""The keys of the CDK context: what each fills, what is allowed, and what it needs beside it.

Pure data and tests of text; touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.contracts import LANGUAGE_PATTERN
from shared.models import video_models

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


# CloudFront serves an own domain by HTTPS at its usual port only.
OWN_DOMAIN = re.compile(r"https://([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")


@dataclass(frozen=True)
class ContextSetting:
    """One context key: the field it fills, what is allowed in words, the test for it, and the key it cannot go without.

    `needs` names another key of `SETTINGS`.
    """

    field: str
    expectation: str
    accepts: Callable[[str], object]
    needs: str = ""


def _one_of(field: str, *values: str) -> ContextSetting:
    return ContextSetting(field, f"one of {', '.join(values)}", values.__contains__)


def _like(field: str, expectation: str, pattern: str, needs: str = "") -> ContextSetting:
    return ContextSetting(field, expectation, re.compile(pattern).fullmatch, needs)


def _number(field: str, what: str, least: float, most: float) -> ContextSetting:
    def accepts(value: str) -> bool:
        return bool(re.fullmatch(r"\d{1,7}(\.\d{1,4})?", value)) and least <= float(value) <= most

    return ContextSetting(field, f"{what} from {least:g} to {most:g}", accepts)


def _whole(field: str, what: str, least: int, most: int) -> ContextSetting:
    def accepts(value: str) -> bool:
        return bool(re.fullmatch(r"\d{1,7}", value)) and least <= int(value) <= most

    return ContextSetting(field, f"{what} from {least} to {most}", accepts)


SETTINGS: Mapping[str, ContextSetting] = {
    "architecture": _one_of("architecture", *ARCHITECTURES),
    "siteOrigin": _like(
        "site_origin",
        "an origin such as https://video.example.com, without a path",
        r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?",
    ),
    "plannerModel": _like("planner_model", "the name of an OpenAI model", r"[A-Za-z0-9._:-]{1,100}"),
    "defaultVideoModel": _one_of("default_video_model", *video_models.MODELS),
    "defaultLanguage": _like(
        "default_language", "the language of recordings with little speech, such as en-US", LANGUAGE_PATTERN
    ),
    "logRetentionDays": _one_of("log_retention", *RETENTION),
    "maxBudgetUsd": _number("max_budget_usd", "the most that one video may cost, in USD,", 0.1, 1000),
    "userDailyBudgetUsd": _number("user_daily_budget_usd", "the USD that one user may spend a day,", 0.1, 100_000),
    "dailyBudgetUsd": _number("daily_budget_usd", "the USD that all users may spend a day,", 0.1, 100_000),
    "userHourlyStarts": _whole("user_hourly_starts", "how many videos one user may start in an hour,", 1, 100_000),
    "dailySpendAlarmUsd": _number("daily_spend_alarm_usd", "the USD a day that ring an alarm,", 1, 100_000),
    "alertEmail": _like("alert_email", "one e-mail address", r"[^@\s,;]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    "tableName": _like("table_name", "the name of a DynamoDB table, not its ARN", r"[A-Za-z0-9_.-]{3,255}"),
    "tableIndex": _like(
        "table_index",
        "the name of the table's index with the keys user_id and created_at",
        r"[A-Za-z0-9_.-]{3,255}",
        needs="tableName",
    ),
    "bucketName": _like(
        "bucket_name",
        # AWS's certificate, and so every presigned URL, fits names without a dot only.
        "the name of an S3 bucket without dots, not its ARN",
        r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    ),
    "userPoolId": _like(
        "user_pool_id",
        "the id of a Cognito user pool such as us-east-1_Ab1Cd2Ef3",
        # The end has nine characters wherever one has been seen; Cognito promises no number.
        r"[a-z]{2}(-[a-z]+)+-[0-9]_[A-Za-z0-9]{8,12}",
    ),
    "userPoolClientId": _like(
        "user_pool_client_id", "the id of a client of the user pool", r"[a-z0-9]{20,128}", needs="userPoolId"
    ),
    "restApiId": _like(
        "rest_api_id",
        "the id of a REST API such as a1b2c3d4e5, not its ARN",
        r"[a-z0-9]{5,20}",
        needs="restApiRootResourceId",
    ),
    "restApiRootResourceId": _like(
        "rest_api_root", "the id of the REST API's root resource", r"[a-z0-9]{5,20}", needs="restApiId"
    ),
    "site": _one_of("site", "auto", "on", "off"),
    "siteCertificateArn": _like(
        "site_certificate",
        "the ARN of a certificate of ACM in us-east-1, where CloudFront looks for it",
        r"arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}",
        needs="siteOrigin",
    ),
    "webAcl": _one_of("web_acl", "false", "true"),
    "routes": _one_of("routes", "all", "ai-video"),
}
