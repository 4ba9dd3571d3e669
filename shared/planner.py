"""The conversation with the planning model that `plan` and `generate_scene` share.

Touches OpenAI's Responses API; an answer is a validated model and what it cost in USD.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared import pricing
from shared.errors import (
    CredentialsRejected,
    PlanInvalid,
    PlannerRefused,
    PlannerUnavailable,
    SettingMissing,
)
from shared.secrets import SecretStore

Reply = TypeVar("Reply", bound=BaseModel)
# Seconds for one request, and how often the SDK itself tries again; Step Functions retries above that.
TIMEOUT = 60
RETRIES = 1


class Planner:
    """The planning model called `model`, with the key of the deployment's secret."""

    def __init__(self, model: str, secrets: SecretStore) -> None:
        self._model = model
        self._secrets = secrets

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Reply]) -> tuple[Reply, float]:
        """Return the model's answer to `document` as a `reply`, and its cost in USD.

        Raises PlannerUnavailable when trying later may work, PlannerRefused, PlanInvalid when the answer was cut off or
        malformed twice, CredentialsRejected, and SettingMissing when the key or the model is missing.
        """
        try:
            return self._ask_twice(instructions, document, reply)
        except CredentialsRejected:
            # The secret may have been rotated since this process read it.
            self._secrets.refresh()
            return self._ask_twice(instructions, document, reply)

    def _ask_twice(self, instructions: str, document: dict[str, Any], reply: type[Reply]) -> tuple[Reply, float]:
        try:
            return self._ask_once(instructions, document, reply)
        except ValidationError:
            # An answer that was cut off surfaces as pydantic's error, not as the SDK's.
            pass
        try:
            return self._ask_once(instructions, document, reply)
        except ValidationError as error:
            raise PlanInvalid("The planning model's answer was cut off or malformed, twice.") from error

    def _ask_once(self, instructions: str, document: dict[str, Any], reply: type[Reply]) -> tuple[Reply, float]:
        import openai

        try:
            answer = self._client().responses.parse(
                model=self._model,
                instructions=instructions,
                input=[{"role": "user", "content": json.dumps(document, ensure_ascii=False)}],
                text_format=reply,
            )
        except openai.APIStatusError as error:
            kind, words = _MEANINGS.get(error.status_code, (PlannerUnavailable, "The planning model is not available"))
            raise kind(f"{words} ({error.status_code}).") from error
        except openai.APIConnectionError as error:
            raise PlannerUnavailable("The planning model could not be reached in time.") from error
        if answer.output_parsed is None:
            raise PlannerRefused("The planning model refused to answer.")
        usage = answer.usage
        tokens = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
        return answer.output_parsed, pricing.planning(self._model, *tokens)

    def _client(self) -> Any:
        import openai

        key = self._secrets.get().openai_api_key.get_secret_value()
        if not key:
            raise SettingMissing("The secret's field openai_api_key is empty.")
        return openai.OpenAI(api_key=key, timeout=TIMEOUT, max_retries=RETRIES)


_MEANINGS = {
    400: (PlanInvalid, "The planning model rejected the request"),
    401: (CredentialsRejected, "OpenAI rejected the API key"),
    403: (CredentialsRejected, "OpenAI refused the API key"),
    404: (SettingMissing, "OpenAI does not know the planning model"),
}
