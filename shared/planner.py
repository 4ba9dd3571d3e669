"""The conversation with the planning model that `plan` and `generate_scene` share.

Touches OpenAI's Responses API; every answer that is charged is told of before it is judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from shared import metrics, pricing
from shared.errors import (
    CredentialsRejected,
    PlanInvalid,
    PlannerRefused,
    PlannerUnavailable,
    SettingMissing,
)
from shared.metric_names import PROVIDER_THROTTLES, USD_SPENT
from shared.secrets import SecretStore

Reply = TypeVar("Reply", bound=BaseModel)
# Is told of an answer's id and its price in USD, whether the answer can be used or not.
Paid = Callable[[str, float], None]
# Seconds for one request, and how often the SDK itself tries again; Step Functions retries above that.
TIMEOUT = 40
RETRIES = 1
TOO_MANY_REQUESTS = 429


class _Usage(BaseModel):
    input_tokens: int
    output_tokens: int


class _Answer(BaseModel):
    """What is charged for, by the Responses API's `response` object."""

    id: str = ""
    usage: _Usage | None = None


class _Malformed(Exception):
    """The answer is no valid reply; asking again may help."""


class Planner:
    """The planning model called `model`, with the key of the deployment's secret."""

    def __init__(self, model: str, secrets: SecretStore, timeout: float = TIMEOUT) -> None:
        """`timeout` is the seconds that one request may take."""
        self._model = model
        self._secrets = secrets
        self._timeout = timeout

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Reply], paid: Paid) -> Reply:
        """Return the model's answer to `document` as a `reply`; `paid` is told of every answer, a useless one too.

        Raises PlannerUnavailable when trying later may work, PlannerRefused, PlanInvalid when the answer was cut off or
        malformed twice, CredentialsRejected, and SettingMissing when the key or the model is missing.
        """
        try:
            return self._ask_twice(instructions, document, reply, paid)
        except CredentialsRejected:
            # The secret may have been rotated since this process read it.
            self._secrets.refresh()
            return self._ask_twice(instructions, document, reply, paid)

    def _ask_twice(self, instructions: str, document: dict[str, Any], reply: type[Reply], paid: Paid) -> Reply:
        try:
            return self._ask_once(instructions, document, reply, paid)
        except _Malformed:
            pass
        try:
            return self._ask_once(instructions, document, reply, paid)
        except _Malformed as error:
            raise PlanInvalid("The planning model's answer was cut off or malformed, twice.") from error

    def _ask_once(self, instructions: str, document: dict[str, Any], reply: type[Reply], paid: Paid) -> Reply:
        raw = self._sent(instructions, document, reply)
        try:
            answer = _Answer.model_validate_json(raw.text)
        except ValueError as error:
            raise _Malformed from error
        self._bill(answer, paid)
        try:
            parsed = raw.parse()
        except (ValueError, AttributeError) as error:
            # An answer that was cut off is pydantic's ValidationError, one that is no response at all either of these.
            raise _Malformed from error
        if parsed.output_parsed is None:
            if _refused(parsed):
                raise PlannerRefused("The planning model refused to answer.")
            raise _Malformed
        return parsed.output_parsed

    def _sent(self, instructions: str, document: dict[str, Any], reply: type[BaseModel]) -> Any:
        import openai

        try:
            with self._client() as client:
                return client.responses.with_raw_response.parse(
                    model=self._model,
                    instructions=instructions,
                    input=[{"role": "user", "content": json.dumps(document, ensure_ascii=False)}],
                    text_format=reply,
                )
        except openai.APIStatusError as error:
            if error.status_code == TOO_MANY_REQUESTS:
                metrics.emit(PROVIDER_THROTTLES, 1)
            kind, words = _MEANINGS.get(error.status_code, (PlannerUnavailable, "The planning model is not available"))
            raise kind(f"{words} ({error.status_code}).") from error
        except openai.APIConnectionError as error:
            raise PlannerUnavailable("The planning model could not be reached in time.") from error

    def _bill(self, answer: _Answer, paid: Paid) -> None:
        if answer.usage:
            cost = pricing.planning(self._model, answer.usage.input_tokens, answer.usage.output_tokens)
            metrics.emit(USD_SPENT, cost)
            paid(answer.id or "unnamed", cost)

    def _client(self) -> Any:
        import openai

        key = self._secrets.get().openai_api_key.get_secret_value().strip()
        if not (key and key.isascii()):
            raise SettingMissing("The secret's field openai_api_key is empty or not an API key.")
        return openai.OpenAI(api_key=key, timeout=self._timeout, max_retries=RETRIES)


def _refused(answer: Any) -> bool:
    """Return whether an answer without a value was a refusal rather than cut off before its first word."""
    parts = [part for item in answer.output or () for part in getattr(item, "content", None) or ()]
    cut_off = answer.incomplete_details
    return any(part.type == "refusal" for part in parts) or bool(cut_off and cut_off.reason == "content_filter")


_MEANINGS = {
    400: (PlanInvalid, "The planning model rejected the request"),
    401: (CredentialsRejected, "OpenAI rejected the API key"),
    403: (CredentialsRejected, "OpenAI refused the API key"),
    404: (SettingMissing, "OpenAI does not know the planning model"),
}
