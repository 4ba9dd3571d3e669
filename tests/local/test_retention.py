"""What a store lets go of: items whose time to live is over, and objects that the bucket's rules expire."""

from __future__ import annotations

import time
from typing import Any

from local.cloud import EmbeddedCloud
from local.store.retention import Retention

DAY = 86_400.0


def names(cloud: EmbeddedCloud, kind: str) -> str:
    return cloud.resources[kind]


def test_what_is_over_is_deleted_and_nothing_else(small_cloud: EmbeddedCloud) -> None:
    dynamodb = small_cloud.client("dynamodb")
    s3 = small_cloud.client("s3")
    table = names(small_cloud, "Table")
    bucket = names(small_cloud, "Bucket")
    now = time.time()
    for key, expires in (("over", now - 10), ("soon", now + DAY), ("never", None)):
        item: dict[str, Any] = {"video_id": {"S": key}}
        dynamodb.put_item(
            TableName=table, Item=item if expires is None else {**item, "expires_at": {"N": str(int(expires))}}
        )
    for key in ("ai-temp/a", "ai-temp/b", "ai-generated/a"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    calls: list[str] = []

    def left_after(days: float) -> tuple[set[str], set[str]]:
        Retention(small_cloud.client, lambda: calls.append("forgotten"), lambda: now + days * DAY).sweep()
        items = {item["video_id"]["S"] for item in dynamodb.scan(TableName=table)["Items"]}
        return items, {row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]}

    everything = {"ai-temp/a", "ai-temp/b", "ai-generated/a"}
    assert left_after(0) == ({"soon", "never"}, everything)
    assert left_after(6.9) == ({"never"}, everything)
    assert left_after(7.1) == ({"never"}, {"ai-generated/a"})
    assert calls == ["forgotten"] * 3
