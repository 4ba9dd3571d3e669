"""What OpenAI's Responses API refuses in a request, and how much each reasoning effort thinks.

Touches nothing.
"""

from __future__ import annotations

from typing import Any

from local.emulators.messages import Json
from local.emulators.openai.wire import OpenAIError, effort

_NO_MINIMAL = ("none", "low", "medium", "high", "xhigh", "max")
# OpenAI's model pages, read 2026-11-26; a model that is not here takes all that the newer ones do.
EFFORTS = {
    "gpt-6-luna": _NO_MINIMAL,
    "gpt-5.6-luna": _NO_MINIMAL,
    "gpt-6.1-terra": _NO_MINIMAL,
    "gpt-6-sol": _NO_MINIMAL,
    "gpt-6.1-sol": ("low", "medium", "high", "xhigh", "max"),
}
# Tokens of thought by effort: about what a plan of half a minute takes.
_THOUGHT = {"none": 0, "minimal": 100, "low": 600, "medium": 2_500, "high": 6_000, "xhigh": 12_000, "max": 25_000}
_NAMES = """
background conversation include input instructions max_output_tokens max_tool_calls metadata model parallel_tool_calls
previous_response_id prompt prompt_cache_key reasoning safety_identifier service_tier store stream stream_options text
tool_choice tools top_logprobs truncation user
"""
_PARAMETERS = frozenset(_NAMES.split())
# Models that think take no sampling parameters.
_SAMPLING = frozenset({"temperature", "top_p"})
FEWEST_TOKENS = 16
MOST_TOKENS = 128_000


def refusal(body: Json) -> OpenAIError | None:
    """Return the error that the request's parameters deserve, or None."""
    for name in body:
        if name in _SAMPLING:
            return _wrong(
                "unsupported_parameter", name, f"Unsupported parameter: {name!r} is not supported with this model."
            )
        if name not in _PARAMETERS:
            return _wrong("unknown_parameter", name, f"Unknown parameter: {name!r}.")
    return _wrong_store(body.get("store", True)) or _wrong_effort(body) or _wrong_cap(body.get("max_output_tokens"))


def reasoning_tokens(body: Json) -> int:
    """Return how many tokens of thought come before the answer."""
    return _THOUGHT[effort(body)]


def cap(body: Json) -> int:
    """Return the most tokens that may come out, thinking included."""
    return int(body.get("max_output_tokens") or MOST_TOKENS)


def _wrong_store(store: Any) -> OpenAIError | None:
    words = f"Invalid type for 'store': expected a boolean, but got {store!r} instead."
    return None if isinstance(store, bool) else _wrong("invalid_type", "store", words)


def _wrong_effort(body: Json) -> OpenAIError | None:
    model = str(body["model"])
    level = effort(body)
    efforts = EFFORTS.get(model, _NO_MINIMAL)
    if level in efforts:
        return None
    choices = ", ".join(f"{each!r}" for each in efforts[:-1])
    words = f"Unsupported value: {level!r} is not supported with the {model!r} model. "
    words += f"Supported values are: {choices}, and {efforts[-1]!r}."
    return _wrong("unsupported_value", "reasoning.effort", words)


def _wrong_cap(value: Any) -> OpenAIError | None:
    if value is None or (isinstance(value, int) and FEWEST_TOKENS <= value <= MOST_TOKENS):
        return None
    words = f"Invalid 'max_output_tokens': expected an integer of {FEWEST_TOKENS} to {MOST_TOKENS}, but got {value!r}."
    return _wrong("invalid_value", "max_output_tokens", words)


def _wrong(code: str, parameter: str, words: str) -> OpenAIError:
    return OpenAIError(400, "invalid_request_error", code, words, parameter)
