"""What jobs that are over have left in the bucket and in the accounts, and what of it is not as promised.

Touches the bucket and the table of accounts of a system's cloud.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.system import LocalSystem
from shared import media_keys
from shared.budget.account_names import account_ids
from shared.budget.accounts import Limits
from shared.errors import SweepUnfinished
from shared.video.record import VideoRecord
from shared.video.timestamps import moment
from shared.video.tombstones import CLOSED_AFTER, LAST_AFTER, OF_ENDS, OF_TOMBSTONES, PERIOD, STANDS
from tests.chaos import audit

# The tables of accounts, and of lists of videos, by their ids in the template.
ACCOUNTS = "AccountTable"
LISTS = "IdempotencyTable"
# So many calls end what is due; each of them gets further. Lambda itself repeats one of its service's own twice.
TICKS = 12
# How far a length that was heard may be from the recording's, in seconds.
_NEAR = 0.5


def aside(system: LocalSystem, record: VideoRecord) -> float:
    """Return the USD that the account of the record's generation has set aside."""
    data = record.ai_generation_data
    key = {"id": {"S": account_ids(record.user_id, data.generation_id if data else "", "")[0]}}
    client = system.cloud.client("dynamodb")
    item = client.get_item(TableName=system.cloud.resources[ACCOUNTS], Key=key).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


def accounts(system: LocalSystem, records: list[VideoRecord], limits: Limits) -> list[str]:
    """Return a sentence for each account of a day that is not as promised."""
    balance_by_account = balances(system)
    sales = system.veo.ledger.entries
    sales_by_user = defaultdict[str, float](float)
    for record in records:
        sales_by_user[record.user_id] += audit.bill(record, sales).sold_usd
    return audit.overdrawn(balance_by_account, sales_by_user, limits) + audit.held_for_nothing(
        records, balance_by_account
    )


def balances(system: LocalSystem) -> dict[str, float]:
    """Return the USD that each account holds, by its id."""
    items = [item for item in _rows_of(system, system.cloud.resources[ACCOUNTS]) if "spent" in item]
    return {item["id"]["S"]: float(item["spent"]["N"]) for item in items}


def closing(system: LocalSystem, records: list[VideoRecord]) -> list[str]:
    """Close the accounts as is done some time after the end; return a sentence for what was not as promised before."""
    punctual = [record for record in records if not audit.is_decided_late(record)]
    sentences = audit.held_for_nothing(punctual, balances(system))
    with_notice = [record for record in records if record.ai_generation_data and record.ai_generation_data.notice]
    for record in with_notice:
        # As if the end had been told when no function can run any more.
        system.cloud.client("dynamodb").update_item(
            TableName=system.cloud.outputs["TableName"],
            Key={"video_id": {"S": record.video_id}},
            UpdateExpression="SET ai_generation_data.notice.since = :long_ago",
            ExpressionAttributeValues={":long_ago": {"N": "0"}},
        )
    at_their_end = [record for record in records if record.ai_generation_status == "awaiting_review"] + with_notice
    on_lists = {video for item in _lists(system, OF_ENDS) for video in item.get("videos", {"SS": []})["SS"]}
    missing = [record.video_id for record in at_their_end if record.video_id not in on_lists and not _is_old(record)]
    sentences += [f"{video_id} is on no list of ends" for video_id in missing]
    _age_lists(system, OF_ENDS, CLOSED_AFTER)
    _tick(system)
    return sentences + _remaining_lists(system, OF_ENDS)


def _is_old(record: VideoRecord) -> bool:
    """Return whether the schedule itself may have closed the record's accounts by now, in a run that takes so long."""
    changed_at = moment(record.updated_at or "")
    # A list ends with its period, so that its last end waits for one period less than its first.
    return changed_at is not None and (datetime.now(UTC) - changed_at).total_seconds() > (CLOSED_AFTER - 1) * PERIOD


def pin(system: LocalSystem, record: VideoRecord, recording: Path, seconds: float) -> list[str]:
    """Return a sentence if what was used is not the `recording` that was first uploaded, which lasts `seconds`."""
    if record.deleted_at:
        return []
    stored_object = system.cloud.client("s3").get_object(
        Bucket=system.cloud.outputs["BucketName"], Key=record.recording_copy
    )
    is_kept = stored_object["Body"].read() == recording.read_bytes()
    is_heard = not record.duration or abs(record.duration - seconds) < _NEAR
    return ["another recording is kept"] * (not is_kept) + ["another recording was heard"] * (not is_heard)


def deletions(system: LocalSystem, tombs: list[VideoRecord]) -> list[str]:
    """Let files come late to the videos that were deleted, sweep a day later, and return a sentence for what stays."""
    client = system.cloud.client("s3")
    bucket = system.cloud.outputs["BucketName"]
    videos = {tomb.video_id for tomb in tombs}
    for tomb in tombs:
        for prefix in media_keys.everything(tomb.user_id, tomb.video_id):
            client.put_object(Bucket=bucket, Key=f"{prefix}late", Body=b"late")
    age(system, tombs)
    _tick(system)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket)
    rows = [row for page in pages for row in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]
    sentences = [f"{row['Key']} of a deleted video stays" for row in rows if videos & set(row["Key"].split("/"))]
    records = _rows_of(system, system.cloud.outputs["TableName"])
    sentences += [f"the tombstone of {item['video_id']['S']} stays" for item in records if "deleted_at" in item]
    sentences += [f"a record of {video} stays" for video in videos & {item["video_id"]["S"] for item in records}]
    return sentences + [
        f"{item['id']['S']} still lists tombstones" for item in _lists(system, OF_TOMBSTONES) if item.get("videos")
    ]


def _tick(system: LocalSystem) -> None:
    """Call settle as its schedule does, which calls again when a call has failed: there may be no time for all."""
    tick = json.dumps({"id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})
    errors = list[str]()
    for _ in range(TICKS):
        reply = system.cloud.client("lambda").invoke(FunctionName=system.cloud.resources["Settle"], Payload=tick)
        if "FunctionError" not in reply:
            return
        errors.append(json.loads(reply["Payload"].read())["errorType"])
        assert errors[-1] == SweepUnfinished.__name__, errors
    raise AssertionError(f"settle did not end in {TICKS} calls")


def age(system: LocalSystem, tombs: list[VideoRecord]) -> None:
    """Make tombstones as old as they may become, and what lists them."""
    client = system.cloud.client("dynamodb")
    for tomb in tombs:
        assert tomb.deleted_at
        client.update_item(
            TableName=system.cloud.outputs["TableName"],
            Key={"video_id": {"S": tomb.video_id}},
            UpdateExpression="SET deleted_at = :old",
            ExpressionAttributeValues={":old": {"N": str(tomb.deleted_at - STANDS - PERIOD)}},
        )
    _age_lists(system, OF_TOMBSTONES, LAST_AFTER)


def _age_lists(system: LocalSystem, prefix: str, periods: int) -> None:
    client = system.cloud.client("dynamodb")
    table = system.cloud.resources[LISTS]
    # The oldest first, so that none is overwritten by a younger one.
    for item in sorted(_lists(system, prefix), key=lambda item: item["id"]["S"]):
        number = int(item["id"]["S"].removeprefix(prefix)) - periods
        client.delete_item(TableName=table, Key={"id": item["id"]})
        client.put_item(TableName=table, Item={**item, "id": {"S": f"{prefix}{number}"}})


def _remaining_lists(system: LocalSystem, prefix: str) -> list[str]:
    return [f"{item['id']['S']} still lists videos" for item in _lists(system, prefix) if item.get("videos")]


def _lists(system: LocalSystem, prefix: str) -> list[dict[str, Any]]:
    rows = _rows_of(system, system.cloud.resources[LISTS])
    return [item for item in rows if item["id"]["S"].startswith(prefix)]


def _rows_of(system: LocalSystem, table: str) -> list[dict[str, Any]]:
    pages = system.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def missing(system: LocalSystem, records: list[VideoRecord]) -> list[str]:
    """Return a sentence for each finished video whose file is not there, whatever it was made of has gone."""
    keys = stored_keys(system)
    there = [record for record in records if record.ai_generation_status == "completed" and not record.deleted_at]
    files = {record.video_id: media_keys.key_of(_film(record)) for record in there}
    return [f"the video of {video_id} is not there" for video_id, key in files.items() if key not in keys]


def _film(record: VideoRecord) -> str:
    return record.ai_generation_data.final_video_url if record.ai_generation_data else ""


def stored_keys(system: LocalSystem) -> set[str]:
    """Return the keys of all objects in the bucket."""
    paginator = system.cloud.client("s3").get_paginator("list_objects_v2")
    pages = paginator.paginate(Bucket=system.cloud.outputs["BucketName"])
    return {row["Key"] for page in pages for row in page.get("Contents", [])}


def objects(system: LocalSystem, records: list[VideoRecord]) -> list[str]:
    """Return a sentence for each object that no rule of the bucket's lifecycle, and no record, accounts for."""
    client = system.cloud.client("s3")
    bucket = system.cloud.outputs["BucketName"]
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    expiring = tuple(rule["Filter"]["Prefix"] for rule in rules if rule.get("Filter", {}).get("Prefix"))
    video_ids = {record.video_id for record in records}
    lasting_keys = [key for key in sorted(stored_keys(system)) if not key.startswith(expiring)]
    orphans = [key for key in lasting_keys if not video_ids & set(key.split("/"))]
    uploads = client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    are_aborted = any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    return [f"{key} belongs to no video" for key in orphans] + ["unfinished uploads stay"] * bool(
        uploads and not are_aborted
    )
