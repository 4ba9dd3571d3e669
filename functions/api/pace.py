"""How many generations a user may start in an hour: each start is counted before anything is written or begun.

Touches the table of idempotency keys and accounts: one item for each user and hour, which DynamoDB drops later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.errors import TableUnavailable
from shared.http.refusals import TooManyStarts

HOUR = 3600
# The function's policy allows items that begin with this, and no others (cdk/grants.py).
OF_STARTS = "starts#"


@dataclass(frozen=True)
class Pace:
    """The table of counts, and the most starts of a user in an hour."""

    table: str
    most: int
    now: Callable[[], float] = time.time

    def count(self, user_id: str) -> None:
        """Count a start of the user's; raise TooManyStarts when the hour has no room, or TableUnavailable."""
        hour, passed_seconds = divmod(int(self.now()), HOUR)
        client = clients.dynamodb()
        try:
            client.update_item(
                TableName=self.table,
                Key={"id": {"S": f"{OF_STARTS}{user_id}#{hour}"}},
                UpdateExpression="ADD starts :one SET expiration = :expiration",
                ConditionExpression="attribute_not_exists(starts) OR starts < :most",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": str(self.most)},
                    ":expiration": {"N": str((hour + 2) * HOUR)},
                },
            )
        except client.exceptions.ConditionalCheckFailedException as error:
            raise TooManyStarts(self.most, HOUR - passed_seconds) from error
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The count of starts could not be reached.") from error
