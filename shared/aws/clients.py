"""The AWS clients, made when first asked for: the only place that names boto3's factory.

Touches the network through the clients it returns; endpoint and region come from the SDK's own variables.
"""

# boto3's factory has an overload for each service, most of them untyped here.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_secretsmanager.client import SecretsManagerClient
    from mypy_boto3_sesv2.client import SESV2Client
    from mypy_boto3_stepfunctions.client import SFNClient
    from mypy_boto3_transcribe.client import TranscribeServiceClient


@cache
def s3() -> S3Client:
    """Return the process's S3 client, made so that its presigned URLs work in every Region.

    Newer Regions need signature version 4, and a bucket outside us-east-1 answers the global host with a redirect.
    """
    return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@cache
def dynamodb() -> DynamoDBClient:
    """Return the process's DynamoDB client."""
    return boto3.client("dynamodb")


@cache
def secretsmanager() -> SecretsManagerClient:
    """Return the process's Secrets Manager client."""
    return boto3.client("secretsmanager")


@cache
def stepfunctions() -> SFNClient:
    """Return the process's Step Functions client."""
    return boto3.client("stepfunctions")


@cache
def transcribe() -> TranscribeServiceClient:
    """Return the process's Transcribe client."""
    return boto3.client("transcribe")


@cache
def events() -> EventBridgeClient:
    """Return the process's EventBridge client."""
    return boto3.client("events")


@cache
def cognito_idp() -> CognitoIdentityProviderClient:
    """Return the process's Cognito client."""
    return boto3.client("cognito-idp")


@cache
def sesv2() -> SESV2Client:
    """Return the process's SES client."""
    return boto3.client("sesv2")
