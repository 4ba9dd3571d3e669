"""Idempotency keys: the same key gives the same answer, and the work is done once.

Touches a small table of its own, whose items DynamoDB drops when their time is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.aws import clients
from shared.aws.dynamodb import meaning
from shared.http.refusals import IdempotencyKeyReused, RequestInFlight

Answer = dict[str, Any]


@dataclass(frozen=True)
class KeyedRequest:
    """One request, or one item of a batch, under a key: whose, which, and what was asked (method, path and body)."""

    user_id: str
    key: str
    question: Answer


@dataclass(frozen=True)
class Once:
    """The table of keys."""

    table: str

    def answer(self, call: KeyedRequest, seconds: int, context: LambdaContext, act: Callable[[], Answer]) -> Answer:
        """Return what `act` returns, or what it returned for this key in the last `seconds`.

        Raises RequestInFlight while the first call is at work, IdempotencyKeyReused when it asked for something else,
        and whatever `act` raises: a refusal is not kept, so the same key may be tried again.
        """
        config = IdempotencyConfig(
            event_key_jmespath="[user, key]",
            payload_validation_jmespath="asked",
            hash_function="sha256",
            expires_after_seconds=seconds,
            lambda_context=context,
        )
        store = DynamoDBPersistenceLayer(table_name=self.table, boto3_client=clients.dynamodb())

        # The function's policy allows items that begin with this prefix, and no others (cdk/granting/grants.py).
        @idempotent_function(data_keyword_argument="call", persistence_store=store, config=config, key_prefix="api")
        def act_once(*, call: Answer) -> Answer:  # noqa: ARG001 - the decorator reads it
            return act()

        try:
            return act_once(call={"user": call.user_id, "key": call.key, "asked": call.question})
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
            raise RequestInFlight("The first request with this Idempotency-Key is still being answered.") from error
        except IdempotencyValidationError as error:
            raise IdempotencyKeyReused("This Idempotency-Key was already used for a different request.") from error
        except IdempotencyPersistenceLayerError as error:
            with meaning("idempotency keys"):
                raise error.__cause__ or error from error
