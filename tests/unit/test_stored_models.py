"""What moto has replaced or deleted is gone from memory, so that a cloud of many jobs holds what it stores."""

from __future__ import annotations

import gc

import pytest
from moto.dynamodb.models.dynamo_type import Item
from moto.s3.models import FakeKey

from shared.aws import clients
from tests.unit.cloud_fixtures import BUCKET, TABLE

WRITES = 20


@pytest.fixture(autouse=True)
def _cloud(cloud: None) -> None:
    del cloud


def _count(model: type) -> int:
    gc.collect()
    return sum(isinstance(item, model) for item in gc.get_objects())


def test_an_items_earlier_versions_are_forgotten() -> None:
    before = _count(Item)
    for number in range(WRITES):
        clients.dynamodb().update_item(
            TableName=TABLE,
            Key={"video_id": {"S": "a"}},
            UpdateExpression="SET writes = :n",
            ExpressionAttributeValues={":n": {"N": str(number)}},
        )
    assert _count(Item) == before + 1


@pytest.mark.parametrize("keys", [["same"] * WRITES, [f"key-{number}" for number in range(WRITES)]])
def test_an_object_that_was_replaced_or_deleted_is_forgotten(keys: list[str]) -> None:
    before = _count(FakeKey)
    for key in keys:
        clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"sound")
    assert _count(FakeKey) == before + len(set(keys))
    for key in set(keys):
        clients.s3().delete_object(Bucket=BUCKET, Key=key)
    assert _count(FakeKey) == before


def test_a_multipart_upload_leaves_its_object_alone() -> None:
    before = _count(FakeKey)
    upload = clients.s3().create_multipart_upload(Bucket=BUCKET, Key="whole")["UploadId"]
    part = clients.s3().upload_part(Bucket=BUCKET, Key="whole", UploadId=upload, PartNumber=1, Body=b"sound")
    clients.s3().complete_multipart_upload(
        Bucket=BUCKET,
        Key="whole",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    clients.s3().delete_object(Bucket=BUCKET, Key="whole")
    assert _count(FakeKey) == before
