"""The conversation with the planning model that `plan` and `generate_scene` share.

Touches OpenAI's Responses API; a bill is told of every request before it is sent, and of what became of it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from shared.aws.secrets import SecretStore
from shared.errors import (
    CredentialsRejected,
    PlanInvalid,
    PlannerAnswerLost,
    PlannerRefused,
    PlannerUnavailable,
    ReelwrightError,
    SettingMissing,
)
from shared.models import planner_failures
from shared.models.planner_models import EFFORTS, PLANNING, Manner, planner_model, request_cost
from shared.observability import metrics
from shared.observability.metric_names import PROVIDER_THROTTLES, USD_SPENT

Reply = TypeVar("Reply", bound=BaseModel)
CONNECT_SECONDS = 5
TOO_MANY_REQUESTS = 429


class Bill(Protocol):
    """Where the price of each request is noted, under the request's own id."""

    def asking(self, request: str, /) -> None:
        """The request is about to be sent: from now on it may be charged."""
        ...

    def note_free(self, request: str, /) -> None:
        """The request was surely not charged."""
        ...

    def note_cost(self, request: str, answer: str, usd: float, /) -> None:
        """The request was answered, usefully or not, and charged at `usd`; `answer` is the answer's id."""
        ...


class Usage(BaseModel):
    """What an answer took, in tokens; those that came out include those of thinking."""

    class Read(BaseModel):
        """Of the tokens read, those that were written to the cache."""

        cache_write_tokens: int = 0

    class Out(BaseModel):
        """Of the tokens that came out, those of thinking; none where the service does not tell."""

        reasoning_tokens: int | None = None

    input_tokens: int
    output_tokens: int
    input_tokens_details: Read = Read()
    output_tokens_details: Out = Out()


class _Incomplete(BaseModel):
    reason: str = ""


class _Answer(BaseModel):
    """What is charged for, by the Responses API's `response` object, and why it may have been cut off."""

    id: str = ""
    usage: Usage | None = None
    incomplete_details: _Incomplete | None = None


class _Malformed(Exception):
    """The answer is no valid reply; asking again may help."""


class _CutOff(_Malformed):
    """The answer took all the tokens that it may; thinking less may help."""


@dataclass(frozen=True)
class _Asked(Generic[Reply]):
    """What the model is asked, and the bill for it."""

    instructions: str
    document: dict[str, Any]
    reply: type[Reply]
    bill: Bill


class Planner:
    """The planning model called `model`, with the key of the deployment's secret."""

    # What people are told of who answers, where that is no model.
    stand_in: str = ""

    def __init__(
        self,
        model: str,
        secrets: SecretStore,
        manner: Manner = PLANNING,
        tally: Callable[[Usage], None] | None = None,
        stand_in: str = "",
    ) -> None:
        """`manner` is how it is asked; `tally` is told what each answer took."""
        self.model = model
        self.stand_in = stand_in
        self._secrets = secrets
        self._manner = manner
        self._tally = tally

    def in_manner(self, manner: Manner) -> Planner:
        """Return the same model, to be asked in another manner."""
        return Planner(self.model, self._secrets, manner, self._tally, self.stand_in)

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Reply], bill: Bill) -> Reply:
        """Return the model's answer to `document` as a `reply`; `bill` is told of every request, a useless one too.

        Raises PlannerUnavailable when trying later may work, PlannerAnswerLost when the request may have been charged,
        PlannerRefused, PlanInvalid when the answer was cut off or malformed twice, CreditExhausted,
        CredentialsRejected, and SettingMissing when the key or the model is missing.
        """
        question = _Asked(instructions, document, reply, bill)
        try:
            return self._ask_twice(question)
        except CredentialsRejected:
            # The secret may have been rotated since this process read it.
            self._secrets.refresh()
            return self._ask_twice(question)

    def _ask_twice(self, question: _Asked[Reply]) -> Reply:
        try:
            return self._ask_once(question, self._manner)
        except _CutOff:
            again = replace(self._manner, effort=EFFORTS[0])
        except _Malformed:
            again = self._manner
        try:
            return self._ask_once(question, again)
        except _Malformed as error:
            raise PlanInvalid("The planning model's answer was cut off or malformed, twice.") from error

    def _ask_once(self, question: _Asked[Reply], manner: Manner) -> Reply:
        raw = self._send_on_bill(question, manner)
        try:
            answer = raw.parse()
        except (ValueError, AttributeError) as error:
            # What is no plan is pydantic's ValidationError, one that is no response at all either of these.
            raise _Malformed from error
        if answer.output_parsed is None:
            if _is_refusal(answer):
                raise PlannerRefused("The planning model refused to answer.")
            raise _Malformed
        return answer.output_parsed

    def _send_on_bill(self, question: _Asked[Any], manner: Manner) -> Any:
        """Return the raw answer to one request, of whose price the bill is told."""
        request = uuid.uuid4().hex
        client = self._client(manner)
        question.bill.asking(request)
        try:
            raw = self._send(client, question, manner)
        except PlannerAnswerLost:
            raise
        except ReelwrightError:
            question.bill.note_free(request)
            raise
        try:
            answer = _Answer.model_validate_json(raw.text)
        except ValueError as error:
            raise _Malformed from error
        if answer.usage:
            question.bill.note_cost(request, answer.id or request, self._price(answer.usage))
        if answer.incomplete_details and answer.incomplete_details.reason == "max_output_tokens":
            raise _CutOff
        return raw

    def _send(self, client: Any, question: _Asked[Any], manner: Manner) -> Any:
        import openai

        try:
            with client:
                return client.responses.with_raw_response.parse(
                    model=self.model,
                    instructions=question.instructions,
                    input=[{"role": "user", "content": json.dumps(question.document, ensure_ascii=False)}],
                    text_format=question.reply,
                    reasoning={"effort": planner_model(self.model).effort(manner.effort)},
                    max_output_tokens=manner.tokens,
                    # OpenAI would keep the recording's words for a month.
                    store=False,
                )
        except openai.APIStatusError as error:
            refusal_error = planner_failures.refusal(error.status_code, error.code or "")
            if error.status_code == TOO_MANY_REQUESTS and isinstance(refusal_error, PlannerUnavailable):
                metrics.emit(PROVIDER_THROTTLES, 1)
            raise refusal_error from error
        except openai.APIConnectionError as error:
            raise planner_failures.broken_off(_was_sent(error)) from error

    def _price(self, usage: Usage) -> float:
        cache_writes = usage.input_tokens_details.cache_write_tokens
        if self._tally:
            self._tally(usage)
        cost = request_cost(self.model, usage.input_tokens, usage.output_tokens, cache_writes)
        metrics.emit(USD_SPENT, cost)
        return cost

    def _client(self, manner: Manner) -> Any:
        import openai

        key = self._secrets.get().openai_api_key.get_secret_value().strip()
        if not (key and key.isascii()):
            raise SettingMissing("The secret's field openai_api_key is empty or not an API key.")
        # The SDK sends no key of idempotency, so a request that it repeats may be charged twice.
        timeout = openai.Timeout(manner.seconds, connect=min(CONNECT_SECONDS, manner.seconds))
        return openai.OpenAI(api_key=key, timeout=timeout, max_retries=0)


def _is_refusal(answer: Any) -> bool:
    """Return whether an answer without a value was a refusal rather than cut off before its first word."""
    parts = [part for item in answer.output or () for part in getattr(item, "content", None) or ()]
    cut_off = answer.incomplete_details
    return any(part.type == "refusal" for part in parts) or bool(cut_off and cut_off.reason == "content_filter")


def _was_sent(error: Exception) -> bool:
    """Return whether the service may have got the request, by what the SDK's error was caused by."""
    import httpx2

    return not isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
