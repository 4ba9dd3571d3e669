"""How many generations a user may start in an hour: each start is counted before anything is written or begun.

Touches the table of idempotency keys and accounts: one item for each user and hour, which DynamoDB drops later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.errors import TableUnavailable
from shared.http.refusals import Allowance, TooManyStarts

HOUR = 3600
# The function's policy allows items that begin with this, and no others (cdk/grants.py).
OF_STARTS = "starts#"


@dataclass(frozen=True)
class StartRate:
    """The table of counts, and the most starts of a user in an hour."""

    table: str
    most: int
    now: Callable[[], float] = time.time

    def count(self, user_id: str) -> Allowance:
        """Count a start and return what is left; raise TooManyStarts if nothing was, or TableUnavailable."""
        hour, passed_seconds = divmod(int(self.now()), HOUR)
        client = clients.dynamodb()
        try:
            reply = client.update_item(
                TableName=self.table,
                Key={"id": {"S": f"{OF_STARTS}{user_id}#{hour}"}},
                UpdateExpression="ADD starts :one SET expiration = :expiration",
                ConditionExpression="attribute_not_exists(starts) OR starts < :most",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": str(self.most)},
                    ":expiration": {"N": str((hour + 2) * HOUR)},
                },
                ReturnValues="UPDATED_NEW",
            )
        except client.exceptions.ConditionalCheckFailedException as error:
            raise TooManyStarts(Allowance(self.most, 0, HOUR - passed_seconds)) from error
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The count of starts could not be reached.") from error
        starts = int(reply.get("Attributes", {}).get("starts", {}).get("N", self.most))
        return Allowance(self.most, self.most - starts, HOUR - passed_seconds)


@dataclass(frozen=True)
class NotingPace(StartRate):
    """The same counts; what each start leaves is kept for its answer."""

    allowances: list[Allowance] = field(default_factory=list[Allowance])

    def count(self, user_id: str) -> Allowance:
        """Count and note a start; raises what Pace raises."""
        allowance = super().count(user_id)
        self.allowances.append(allowance)
        return allowance
