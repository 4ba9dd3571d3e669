"""What jobs that are over have left in the bucket and in the accounts, and what of it is not as promised.

Touches the bucket and the table of accounts of a studio's cloud.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from local.system import LocalSystem
from shared import media_keys
from shared.budget.accounts import Limits, account_ids
from shared.video.record import VideoRecord
from shared.video.tombstones import CLOSED_AFTER, LAST_AFTER, OF_ENDS, OF_TOMBSTONES, PERIOD, STANDS
from tests.chaos import audit

# The tables of accounts, and of lists of videos, by their ids in the template.
ACCOUNTS = "AccountTable"
LISTS = "IdempotencyTable"
# How far a length that was heard may be from the recording's, in seconds.
_NEAR = 0.5


def aside(studio: LocalSystem, record: VideoRecord) -> float:
    """Return the USD that the account of the record's generation has set aside."""
    data = record.ai_generation_data
    key = {"id": {"S": account_ids(record.user_id, data.generation_id if data else "", "")[0]}}
    client = studio.cloud.client("dynamodb")
    item = client.get_item(TableName=studio.cloud.resources[ACCOUNTS], Key=key).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


def accounts(studio: LocalSystem, records: list[VideoRecord], limits: Limits) -> list[str]:
    """Return a sentence for each account of a day that is not as promised."""
    balance_by_account = balances(studio)
    sales = studio.veo.ledger.clips()
    sales_by_user = defaultdict[str, float](float)
    for record in records:
        sales_by_user[record.user_id] += audit.bill(record, sales).sold_usd
    return audit.overdrawn(balance_by_account, sales_by_user, limits) + audit.held_for_nothing(
        records, balance_by_account
    )


def balances(studio: LocalSystem) -> dict[str, float]:
    """Return the USD that each account holds, by its id."""
    items = [item for item in _rows_of(studio, studio.cloud.resources[ACCOUNTS]) if "spent" in item]
    return {item["id"]["S"]: float(item["spent"]["N"]) for item in items}


def closing(studio: LocalSystem, records: list[VideoRecord]) -> list[str]:
    """Close the accounts as is done some time after the end; return a sentence for what was not as promised before."""
    punctual = [record for record in records if not audit.is_decided_late(record)]
    sentences = audit.held_for_nothing(punctual, balances(studio))
    at_their_end = [record for record in records if record.ai_generation_data and record.ai_generation_data.notice]
    for record in at_their_end:
        # As if the end had been told when no function can run any more.
        studio.cloud.client("dynamodb").update_item(
            TableName=studio.cloud.outputs["TableName"],
            Key={"video_id": {"S": record.video_id}},
            UpdateExpression="SET ai_generation_data.notice.since = :long_ago",
            ExpressionAttributeValues={":long_ago": {"N": "0"}},
        )
    on_lists = {video for item in _lists(studio, OF_ENDS) for video in item["videos"]["SS"]}
    missing = [record.video_id for record in at_their_end if record.video_id not in on_lists]
    sentences += [f"{video_id} is on no list of ends" for video_id in missing]
    _age_lists(studio, OF_ENDS, CLOSED_AFTER)
    _tick(studio)
    return sentences + _remaining_lists(studio, OF_ENDS)


def pin(studio: LocalSystem, record: VideoRecord, recording: Path, seconds: float) -> list[str]:
    """Return a sentence if what was used is not the `recording` that was first uploaded, which lasts `seconds`."""
    if record.deleted_at:
        return []
    stored_object = studio.cloud.client("s3").get_object(
        Bucket=studio.cloud.outputs["BucketName"], Key=record.recording_copy
    )
    is_kept = stored_object["Body"].read() == recording.read_bytes()
    is_heard = not record.duration or abs(record.duration - seconds) < _NEAR
    return ["another recording is kept"] * (not is_kept) + ["another recording was heard"] * (not is_heard)


def deletions(studio: LocalSystem, tombs: list[VideoRecord]) -> list[str]:
    """Let files come late to the videos that were deleted, sweep a day later, and return a sentence for what stays."""
    client = studio.cloud.client("s3")
    bucket = studio.cloud.outputs["BucketName"]
    videos = {tomb.video_id for tomb in tombs}
    for tomb in tombs:
        for prefix in media_keys.everything(tomb.user_id, tomb.video_id):
            client.put_object(Bucket=bucket, Key=f"{prefix}late", Body=b"late")
    age(studio, tombs)
    _tick(studio)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket)
    rows = [row for page in pages for row in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]
    sentences = [f"{row['Key']} of a deleted video stays" for row in rows if videos & set(row["Key"].split("/"))]
    records = _rows_of(studio, studio.cloud.outputs["TableName"])
    sentences += [f"the tombstone of {item['video_id']['S']} stays" for item in records if "deleted_at" in item]
    sentences += [f"a record of {video} stays" for video in videos & {item["video_id"]["S"] for item in records}]
    return sentences + [
        f"{item['id']['S']} still lists tombstones" for item in _lists(studio, OF_TOMBSTONES) if item.get("videos")
    ]


def _tick(studio: LocalSystem) -> None:
    tick = json.dumps({"id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})
    reply = studio.cloud.client("lambda").invoke(FunctionName=studio.cloud.resources["Settle"], Payload=tick)
    assert "FunctionError" not in reply, reply["Payload"].read()


def age(studio: LocalSystem, tombs: list[VideoRecord]) -> None:
    """Make tombstones as old as they may become, and what lists them."""
    client = studio.cloud.client("dynamodb")
    for tomb in tombs:
        assert tomb.deleted_at
        client.update_item(
            TableName=studio.cloud.outputs["TableName"],
            Key={"video_id": {"S": tomb.video_id}},
            UpdateExpression="SET deleted_at = :old",
            ExpressionAttributeValues={":old": {"N": str(tomb.deleted_at - STANDS - PERIOD)}},
        )
    _age_lists(studio, OF_TOMBSTONES, LAST_AFTER)


def _age_lists(studio: LocalSystem, prefix: str, periods: int) -> None:
    client = studio.cloud.client("dynamodb")
    table = studio.cloud.resources[LISTS]
    # The oldest first, so that none is overwritten by a younger one.
    for item in sorted(_lists(studio, prefix), key=lambda item: item["id"]["S"]):
        number = int(item["id"]["S"].removeprefix(prefix)) - periods
        client.delete_item(TableName=table, Key={"id": item["id"]})
        client.put_item(TableName=table, Item={**item, "id": {"S": f"{prefix}{number}"}})


def _remaining_lists(studio: LocalSystem, prefix: str) -> list[str]:
    return [f"{item['id']['S']} still lists videos" for item in _lists(studio, prefix) if item.get("videos")]


def _lists(studio: LocalSystem, prefix: str) -> list[dict[str, Any]]:
    rows = _rows_of(studio, studio.cloud.resources[LISTS])
    return [item for item in rows if item["id"]["S"].startswith(prefix)]


def _rows_of(studio: LocalSystem, table: str) -> list[dict[str, Any]]:
    pages = studio.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def objects(studio: LocalSystem, records: list[VideoRecord]) -> list[str]:
    """Return a sentence for each object that no rule of the bucket's lifecycle, and no record, accounts for."""
    client = studio.cloud.client("s3")
    bucket = studio.cloud.outputs["BucketName"]
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    expiring = tuple(rule["Filter"]["Prefix"] for rule in rules if rule.get("Filter", {}).get("Prefix"))
    video_ids = {record.video_id for record in records}
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [row["Key"] for page in pages for row in page.get("Contents", [])]
    orphans = [key for key in keys if not key.startswith(expiring) and not video_ids & set(key.split("/"))]
    uploads = client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    are_aborted = any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    return [f"{key} belongs to no video" for key in orphans] + ["unfinished uploads stay"] * bool(
        uploads and not are_aborted
    )
