"""Let go of what AWS would let go of: items whose time to live is over, and objects that a bucket's rules expire.

Touches the tables and buckets of the stack by AWS's own calls, once an hour.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.shelf.database import NotWrittenError

PERIOD = 3600.0
_DAY = 86_400.0
# How many objects one call may delete.
_MOST = 1000


@dataclass(frozen=True)
class Retention:
    """`client` makes the boto3 client of a service, `forget` drops what the store itself remembers for too long.

    `now` is the clock, in Unix seconds.
    """

    client: Callable[[str], Any]
    forget: Callable[[], None]
    now: Callable[[], float] = time.time

    def run(self, closing: threading.Event) -> None:
        """Sweep now and every hour until `closing` is set; a sweep that fails is made up for by the next."""
        while not closing.is_set():
            try:
                self.sweep()
            except (ClientError, BotoCoreError, NotWrittenError) as error:
                if not closing.is_set():
                    logging.getLogger(__name__).warning("Nothing was let go of this time: %s", error)
            closing.wait(PERIOD)

    def sweep(self) -> None:
        """Delete what is over. Raises the clients' errors and NotWrittenError."""
        for table in self.client("dynamodb").list_tables()["TableNames"]:
            self._items(table)
        for bucket in self.client("s3").list_buckets()["Buckets"]:
            for prefix, days in self._rules(bucket["Name"]):
                self._objects(bucket["Name"], prefix, days)
        self.forget()

    def _items(self, table: str) -> None:
        dynamodb = self.client("dynamodb")
        attribute = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"].get("AttributeName")
        if not attribute:
            return
        schema = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
        over = {
            "FilterExpression": "#ttl < :now",
            "ExpressionAttributeNames": {"#ttl": attribute},
            "ExpressionAttributeValues": {":now": {"N": str(int(self.now()))}},
        }
        for page in dynamodb.get_paginator("scan").paginate(TableName=table, **over):
            for item in page["Items"]:
                key = {row["AttributeName"]: item[row["AttributeName"]] for row in schema}
                self._delete_if(table, key, over)

    def _delete_if(self, table: str, key: Mapping[str, Any], over: Mapping[str, Any]) -> None:
        dynamodb = self.client("dynamodb")
        condition = {**over, "ConditionExpression": over["FilterExpression"]}
        del condition["FilterExpression"]
        try:
            dynamodb.delete_item(TableName=table, Key=key, **condition)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            # It was written anew a moment ago.
            return

    def _rules(self, bucket: str) -> Iterator[tuple[str, float]]:
        s3 = self.client("s3")
        try:
            rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchLifecycleConfiguration":
                return
            raise
        for rule in rules:
            days = rule.get("Expiration", {}).get("Days")
            if days and rule["Status"] == "Enabled":
                yield rule.get("Prefix") or rule.get("Filter", {}).get("Prefix", ""), float(days)

    def _objects(self, bucket: str, prefix: str, days: float) -> None:
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        rows = [row for page in pages for row in page.get("Contents", [])]
        old = [row["Key"] for row in rows if row["LastModified"].timestamp() < self.now() - days * _DAY]
        for at in range(0, len(old), _MOST):
            keys = [{"Key": key} for key in old[at : at + _MOST]]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
