"""What holds data: the tables of videos, accounts and idempotency keys, the bucket of media, the secret of the keys.

Defines a Secrets Manager secret, the table of accounts, and a table of videos and an S3 bucket where the operator names
none; all of these stay when the stack is deleted, the table of idempotency keys does not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as ddb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk.config import DeployConfig
from shared import media_keys
from shared.brand import own_keys
from shared.http.routes import PREFLIGHT_SECONDS

USER_INDEX = "user_id-created_at-index"
# The attribute at whose time, in Unix seconds, DynamoDB drops an item.
EXPIRATION = "expiration"
# CloudFormation generates the secret again when this changes, over whatever the operator has filled in.
SECRET_TEMPLATE = {
    "google_cloud_credentials": "",
    "openai_api_key": "",
    "vertex_ai_project_id": "",
    "vertex_ai_location": "us-central1",
}


@dataclass(frozen=True)
class Storage:
    """The resources that hold data; `index` lists a user's videos by time, empty when the table has no such index."""

    table: ddb.ITable
    index: str
    accounts: ddb.ITable
    keys: ddb.ITable
    bucket: s3.IBucket
    secret: secretsmanager.Secret


def add_storage(scope: Construct, config: DeployConfig, origin: str) -> Storage:
    """Return the storage, in which a page of `origin`, if any, reads and writes; what `config` names is not created."""
    bucket = cast("s3.IBucket", _bucket(scope, config, origin))
    if config.table_name:
        table = ddb.Table.from_table_name(scope, "VideoTable", config.table_name)
        return Storage(table, config.table_index, _accounts(scope), _keys(scope), bucket, _secret(scope))
    table = cast("ddb.ITable", _videos(scope))
    return Storage(table, USER_INDEX, _accounts(scope), _keys(scope), bucket, _secret(scope))


def _videos(scope: Construct) -> ddb.Table:
    table = _lasting_table(scope, "VideoTable", "video_id")
    table.add_global_secondary_index(
        index_name=USER_INDEX, partition_key=_text("user_id"), sort_key=_text("created_at")
    )
    return table


def _accounts(scope: Construct) -> ddb.ITable:
    # What was set aside and spent is as hard to come by again as the records that it was spent for.
    return cast("ddb.ITable", _lasting_table(scope, "AccountTable", "id", EXPIRATION))


def _lasting_table(scope: Construct, construct_id: str, key: str, expiration: str | None = None) -> ddb.Table:
    return ddb.Table(
        scope,
        construct_id,
        partition_key=_text(key),
        billing_mode=ddb.BillingMode.PAY_PER_REQUEST,
        point_in_time_recovery_specification=ddb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True),
        encryption=ddb.TableEncryption.AWS_MANAGED,
        time_to_live_attribute=expiration,
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )


def _keys(scope: Construct) -> ddb.ITable:
    # Answers to idempotency keys, counts and lists of a few days: nothing that a backup or a deleted stack should keep.
    table = ddb.Table(
        scope,
        "IdempotencyTable",
        partition_key=_text("id"),
        billing_mode=ddb.BillingMode.PAY_PER_REQUEST,
        encryption=ddb.TableEncryption.AWS_MANAGED,
        time_to_live_attribute=EXPIRATION,
        removal_policy=RemovalPolicy.DESTROY,
    )
    return cast("ddb.ITable", table)


def _text(name: str) -> ddb.Attribute:
    return ddb.Attribute(name=name, type=ddb.AttributeType.STRING)


def media_bucket_name(scope: Construct, config: DeployConfig) -> str:
    """Return the bucket's name, which is known before the bucket: its rules name the site, and the site names it.

    The end of the stack's id makes it another one after the stack was deleted and its bucket stayed.
    """
    stack_id = Fn.select(2, Fn.split("/", Stack.of(scope).stack_id))
    return config.bucket_name or f"reelwright-media-{Fn.select(4, Fn.split('-', stack_id))}"


def _bucket(scope: Construct, config: DeployConfig, origin: str) -> s3.IBucket | s3.Bucket:
    if config.bucket_name:
        return s3.Bucket.from_bucket_name(scope, "MediaBucket", config.bucket_name)
    return s3.Bucket(
        scope,
        "MediaBucket",
        bucket_name=media_bucket_name(scope, config),
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        encryption=s3.BucketEncryption.S3_MANAGED,
        versioned=True,
        cors=[_browser_access(origin)] if origin else None,
        lifecycle_rules=_lifecycle(),
        removal_policy=RemovalPolicy.RETAIN,
    )


def _browser_access(origin: str) -> s3.CorsRule:
    # Uploads are presigned form posts; results and captions are read by presigned URL.
    return s3.CorsRule(
        allowed_origins=[origin],
        allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.POST],
        allowed_headers=["*"],
        exposed_headers=["ETag"],
        max_age=PREFLIGHT_SECONDS,
    )


def _lifecycle() -> list[s3.LifecycleRule]:
    return [
        s3.LifecycleRule(
            id="ExpireTemporaryFiles",
            prefix=f"{media_keys.TEMPORARY}/",
            expiration=Duration.days(media_keys.TEMPORARY_DAYS),
        ),
        s3.LifecycleRule(
            id="ExpireUncheckedPictures",
            prefix=f"{own_keys.IMAGE_UPLOADS}/",
            expiration=Duration.days(own_keys.IMAGE_UPLOAD_DAYS),
        ),
        s3.LifecycleRule(
            id="DropOldVersionsAndUnfinishedUploads",
            noncurrent_version_expiration=Duration.days(7),
            abort_incomplete_multipart_upload_after=Duration.days(1),
            expired_object_delete_marker=True,
        ),
    ]


def _secret(scope: Construct) -> secretsmanager.Secret:
    # The template holds no value: AWS makes the secret with empty fields, and the operator fills them in the console.
    return secretsmanager.Secret(
        scope,
        "ProviderKeys",
        description="Keys of OpenAI and Google Cloud for Reelwright; fill in the empty fields, leave _generated.",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            secret_string_template=json.dumps(SECRET_TEMPLATE), generate_string_key="_generated"
        ),
        removal_policy=RemovalPolicy.RETAIN,
    )
