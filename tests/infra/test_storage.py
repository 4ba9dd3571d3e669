"""What holds data: it is private, it can be brought back, and it outlives the stack."""

from __future__ import annotations

import json

import pytest

from cdk.config import LOCAL_ORIGIN
from shared.aws.secrets import Secrets
from tests.infra.conftest import Template


def test_the_table_has_the_records_keys_and_the_users_index(template: Template) -> None:
    table = template.of_type("AWS::DynamoDB::Table")["VideoTable"]
    assert table["KeySchema"] == [{"AttributeName": "video_id", "KeyType": "HASH"}]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "user_id-created_at-index"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["user_id", "created_at"]
    assert {a["AttributeType"] for a in table["AttributeDefinitions"]} == {"S"}


@pytest.mark.parametrize("name", ["VideoTable", "AccountTable"])
def test_a_table_can_be_brought_back_and_costs_by_use(template: Template, name: str) -> None:
    table = template.of_type("AWS::DynamoDB::Table")[name]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is True


def test_an_account_goes_when_its_time_is_over(template: Template) -> None:
    table = template.of_type("AWS::DynamoDB::Table")["AccountTable"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiration", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_idempotency_keys_go_by_themselves_and_with_the_stack(template: Template) -> None:
    table = template.of_type("AWS::DynamoDB::Table")["IdempotencyTable"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiration", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert (table["BillingMode"], table["SSESpecification"]) == ("PAY_PER_REQUEST", {"SSEEnabled": True})
    assert template.resources["IdempotencyTable"]["DeletionPolicy"] == "Delete"


def test_the_bucket_is_private_encrypted_and_versioned(template: Template) -> None:
    bucket = template.properties_of("MediaBucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_bucket_refuses_plain_http(template: Template) -> None:
    (statement,) = template.properties_of("MediaBucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_temporary_files_old_versions_and_broken_uploads_go(template: Template) -> None:
    rules = {rule["Id"]: rule for rule in template.properties_of("MediaBucket")["LifecycleConfiguration"]["Rules"]}
    temporary = rules["ExpireTemporaryFiles"]
    everywhere = rules["DropOldVersionsAndUnfinishedUploads"]
    assert (temporary["Prefix"], temporary["ExpirationInDays"]) == ("ai-temp/", 7)
    assert "Prefix" not in everywhere
    assert "ExpirationInDays" not in everywhere
    assert everywhere["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert everywhere["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_only_the_page_may_use_the_bucket_from_a_browser(template: Template) -> None:
    (rule,) = template.properties_of("MediaBucket")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == [LOCAL_ORIGIN]
    assert rule["AllowedMethods"] == ["GET", "HEAD", "POST"]


def test_the_secret_is_made_with_the_fields_the_code_reads_and_no_value(template: Template) -> None:
    secret = template.of_type("AWS::SecretsManager::Secret")["ProviderKeys"]
    assert "SecretString" not in secret
    fields = json.loads(secret["GenerateSecretString"]["SecretStringTemplate"])
    assert set(fields) == set(Secrets.model_fields)
    assert {name for name, value in fields.items() if value} == {"vertex_ai_location"}
    assert Secrets.model_validate({**fields, "_generated": "x"}).openai_api_key.get_secret_value() == ""


@pytest.mark.parametrize(
    "name", ["VideoTable", "AccountTable", "MediaBucket", "ProviderKeys", "WebhookSecret", "UserPool"]
)
def test_data_outlives_the_stack(template: Template, name: str) -> None:
    assert template.resources[name]["DeletionPolicy"] == "Retain"
    assert template.resources[name]["UpdateReplacePolicy"] == "Retain"
