"""What jobs that are over have left in the bucket and in the accounts, and what of it is not as promised.

Touches the bucket and the table of accounts of a studio's cloud.
"""

from __future__ import annotations

from collections import defaultdict

from local.system import Studio
from shared.budget.accounts import Limits, account_ids
from shared.video.record import VideoRecord
from tests.chaos import audit

# The table of accounts, by its id in the template.
ACCOUNTS = "IdempotencyTable"


def aside(studio: Studio, record: VideoRecord) -> float:
    """Return the USD that the account of the record's generation has set aside."""
    data = record.ai_generation_data
    key = {"id": {"S": account_ids(record.user_id, data.generation_id if data else "", "")[0]}}
    client = studio.cloud.client("dynamodb")
    item = client.get_item(TableName=studio.cloud.resources[ACCOUNTS], Key=key).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


def accounts(studio: Studio, records: list[VideoRecord], limits: Limits) -> list[str]:
    """Return a sentence for each account of a day that is not as promised."""
    client, table = studio.cloud.client("dynamodb"), studio.cloud.resources[ACCOUNTS]
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    items = [item for page in pages for item in page["Items"] if "spent" in item]
    spent = {item["id"]["S"]: float(item["spent"]["N"]) for item in items}
    sales, sold = studio.veo.ledger.clips(), defaultdict[str, float](float)
    for record in records:
        sold[record.user_id] += audit.bill(record, sales).sold
    return audit.overdrawn(spent, sold, limits)


def objects(studio: Studio, records: list[VideoRecord]) -> list[str]:
    """Return a sentence for each object that no rule of the bucket's lifecycle, and no record, accounts for."""
    client, bucket = studio.cloud.client("s3"), studio.cloud.outputs["BucketName"]
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    expiring = tuple(rule["Filter"]["Prefix"] for rule in rules if rule.get("Filter", {}).get("Prefix"))
    known = {record.video_id for record in records}
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [row["Key"] for page in pages for row in page.get("Contents", [])]
    lost = [key for key in keys if not key.startswith(expiring) and not known & set(key.split("/"))]
    unfinished = client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    aborted = any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    return [f"{key} belongs to no video" for key in lost] + ["unfinished uploads stay"] * bool(
        unfinished and not aborted
    )
