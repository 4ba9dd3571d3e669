"""Before a deployment: what is missing is named, with the command that gets it."""

# pyright: reportUnknownMemberType=false
# boto3's factory has an overload for each service, most of them untyped here.

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from cdk.deploy import BOOTSTRAPPED, CLI, NotReady, check, main
from tests.infra.conftest import ROOT


@pytest.fixture(name="account")
def account_in_moto() -> Iterator[None]:
    with mock_aws():
        yield


def test_a_missing_region_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(NotReady, match="No AWS Region is set: export AWS_REGION="):
        check()


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(NotReady, match="No AWS credentials that work; sign in or set AWS_PROFILE: Unable to locate"):
        check()


@pytest.mark.usefixtures("account")
def test_an_account_that_is_not_bootstrapped_is_named_and_nothing_is_started(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 1
    out, error = capfd.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert "Account 123456789012 is not bootstrapped in us-east-1" in error
    assert f"{CLI} bootstrap aws://123456789012/us-east-1" in error
    assert (ROOT / CLI).is_file()


@pytest.mark.usefixtures("account")
def test_a_bootstrapped_account_is_ready() -> None:
    boto3.client("ssm").put_parameter(Name=BOOTSTRAPPED, Value="30", Type="String")
    check()
