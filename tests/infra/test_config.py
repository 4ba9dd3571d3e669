"""The choices of a deployment: what is right arrives, what is wrong is named in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdk.app import build, default_context
from cdk.config import ConfigError, DeployConfig, variable
from tests.infra.conftest import ROOT
from tests.unit.test_wrong_values import LIBRARYS

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_the_defaults_pass_their_own_check() -> None:
    config = DeployConfig()
    context = {key: value for key, value in config.model_dump(by_alias=True).items() if value != ""}
    assert DeployConfig.from_context(context) == config == DeployConfig.from_context({})
    assert len(context) >= len(DeployConfig.context_keys()) // 2


def test_numbers_and_text_are_the_same_and_cdks_own_keys_are_left_alone() -> None:
    context: dict[str, object] = {"logRetentionDays": 7, "aws:cdk:bundling-stacks": [], "@aws-cdk/core:flag": True}
    assert DeployConfig.from_context(context) == DeployConfig(log_retention_days="7")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("architecture", "mips", "architecture must be one of arm64, x86_64, not 'mips'"),
        ("siteOrigin", "https://example.com/path", "siteOrigin must be an origin such as"),
        ("siteOrigin", "*", "siteOrigin must be an origin such as"),
        ("siteOrigin", "https://a.example'", "siteOrigin must be an origin such as"),
        ("plannerModel", "", "plannerModel must be the name of an OpenAI model, not ''"),
        ("defaultVideoModel", "veo-2.0-generate-001", "must be one of veo-3.1-fast-generate-001,"),
        ("logRetentionDays", 31, "logRetentionDays must be one of 1, 7, 14, 30, 90, 365, not '31'"),
        ("architekture", "arm64", "architekture is unknown; the keys are architecture,"),
        ("maxBudgetUsd", 0, "maxBudgetUsd must be the most that one video may cost, in USD, from 0.1 to 1000, not '0'"),
        ("maxBudgetUsd", 1000.01, "from 0.1 to 1000, not '1000.01'"),
        ("maxBudgetUsd", "nan", "from 0.1 to 1000, not 'nan'"),
        ("maxBudgetUsd", "Infinity", "from 0.1 to 1000, not 'Infinity'"),
        ("maxBudgetUsd", "0.12345", "from 0.1 to 1000, not '0.12345'"),
        ("userHourlyStarts", "1.5", "how many videos one user may start in an hour, from 1 to 100000, not '1.5'"),
        ("userHourlyStarts", True, "from 1 to 100000, not 'true'"),
        ("webAcl", "maybe", "webAcl must be one of true, false, not 'maybe'"),
        ("tableName", "videos\n", "the name of a DynamoDB table, not its ARN"),
        (
            "dailySpendAlarmUsd",
            "lots",
            "dailySpendAlarmUsd must be the USD a day that ring an alarm, from 1 to 100000,",
        ),
        ("alertEmail", "ops@example.com,boss@example.com", "alertEmail must be one e-mail address, not"),
        (
            "signingSecretArn",
            "reelwright/signing",
            "signingSecretArn must be the whole ARN of a secret of Secrets Manager",
        ),
        ("mailFrom", "Video <video@example.com>", "mailFrom must be the e-mail address, verified in SES, that"),
        ("tableName", "arn:aws:dynamodb:eu-west-1:123456789012:table/x", "the name of a DynamoDB table, not its ARN"),
        ("tableIndex", "by-user", "tableIndex must come with tableName"),
        ("bucketName", "arn:aws:s3:::x", "the name of an S3 bucket without dots, not its ARN"),
        ("bucketName", "media.example.com", "the name of an S3 bucket without dots"),
        ("bucketName", "Upper", "the name of an S3 bucket without dots, not its ARN"),
        ("userPoolId", "Ab1Cd2Ef3", "the id of a Cognito user pool such as us-east-1_"),
        ("userPoolId", "x_y", "the id of a Cognito user pool such as us-east-1_"),
        ("userPoolId", "us-east-1_Ab1Cd2Ef3/x", "the id of a Cognito user pool such as us-east-1_"),
        ("userPoolId", "us-east_Ab1Cd2Ef3", "the id of a Cognito user pool such as us-east-1_"),
        ("userPoolClientId", "1h57kf5cpq17m0eml12example", "userPoolClientId must come with userPoolId"),
        ("restApiId", "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5", "the id of a REST API such as"),
        ("restApiId", "a1b2c3d4e5", "restApiId must come with restApiRootResourceId"),
        ("restApiRootResourceId", "/", "the id of the REST API's root resource"),
        ("routes", "none", "routes must be one of all, ai-video, not 'none'"),
    ],
)
def test_a_wrong_choice_is_named(key: str, value: object, words: str) -> None:
    with pytest.raises(ConfigError) as failure:
        DeployConfig.from_context({key: value})
    message = str(failure.value)
    assert words in message
    assert message.endswith(".")
    assert not LIBRARYS.search(message.partition(", not ")[0])
    assert message.count(". ") == 0


@pytest.mark.parametrize("pool", ["us-east-1_Ab1Cd2Ef3", "us-gov-west-1_000000000", "ap-southeast-2_abcdefghi"])
def test_a_pool_of_any_region_is_taken(pool: str) -> None:
    assert DeployConfig.from_context({"userPoolId": pool}).user_pool_id == pool


@pytest.mark.parametrize(
    "origin", ["http://video.example.com", "https://video.example.com:8443", "https://localhost", "https://-.example.a"]
)
def test_an_own_domain_has_no_port_and_is_reached_by_tls(origin: str) -> None:
    with pytest.raises(ConfigError) as failure:
        DeployConfig.from_context({"siteOrigin": origin, "siteCertificateArn": CERTIFICATE})
    assert str(failure.value) == (
        "With siteCertificateArn the context key siteOrigin must be https:// and a domain such as video.example.com, "
        f"without a port, not {origin!r}."
    )
    # A page that somebody else serves may be anywhere.
    assert DeployConfig.from_context({"siteOrigin": origin}).site_origin == origin
    context = {"siteOrigin": "https://video.example.com", "siteCertificateArn": CERTIFICATE}
    assert DeployConfig.from_context(context).site_certificate_arn == CERTIFICATE


def test_a_variable_stands_for_a_key_that_the_context_lacks() -> None:
    environment = {"REELWRIGHT_TABLE_NAME": "from_environment", "REELWRIGHT_BUCKET_NAME": "", "PATH": "/bin"}
    assert DeployConfig.from_context({}, environment) == DeployConfig(table_name="from_environment")
    assert DeployConfig.from_context({"tableName": "given"}, environment) == DeployConfig(table_name="given")
    assert variable("restApiRootResourceId") == "REELWRIGHT_REST_API_ROOT_RESOURCE_ID"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("REELWRIGHT_ARCHITECTURE", "The environment variable REELWRIGHT_ARCHITECTURE must be one of arm64, x86_64"),
        ("REELWRIGHT_TABEL_NAME", "The environment variable REELWRIGHT_TABEL_NAME is unknown; the keys are"),
    ],
)
def test_a_wrong_variable_is_named(name: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        DeployConfig.from_context({}, {name: "mips"})


def test_every_choice_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [key for key in DeployConfig.context_keys() if f"`{key}`" not in handbook] == []


def test_a_choice_reaches_the_config_through_cdk(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="architecture must be"):
        build({**default_context(), "architecture": "mips"}, tmp_path)


def test_the_program_ends_with_the_sentence_alone_and_needs_no_node_of_the_systems(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "HOME": os.environ["HOME"], "CDK_CONTEXT_JSON": '{"architecture": "mips"}'}
    process = subprocess.run(
        [sys.executable, "-m", "cdk.app", "--template-only"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert process.stderr == "The context key architecture must be one of arm64, x86_64, not 'mips'.\n"
