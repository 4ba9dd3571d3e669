"""Read a request of the Responses API and write its replies, in OpenAI's shapes.

Touches nothing.
"""

from __future__ import annotations

import time
import uuid
from typing import Any, NamedTuple

from local.emulators.messages import EmulatorReply, Json


class OpenAIError(NamedTuple):
    """An HTTP status with OpenAI's type and code for it, and what it says."""

    status: int
    type: str
    code: str | None
    message: str
    param: str | None = None


FAILURES = {
    "throttle": OpenAIError(
        429, "requests", "rate_limit_exceeded", "Rate limit reached for requests. Please try again later."
    ),
    "insufficient_quota": OpenAIError(
        429,
        "insufficient_quota",
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "server_error": OpenAIError(
        500, "server_error", None, "The server had an error while processing your request. Sorry about that!"
    ),
    "unauthenticated": OpenAIError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
}


class TokenUsage(NamedTuple):
    """Tokens read, tokens that came out, and how many of these were thinking."""

    read: int
    output_tokens: int
    reasoning_tokens: int = 0


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return max(1, len(text) // 4)


def failure(error: OpenAIError) -> EmulatorReply:
    """Return the reply in OpenAI's error shape."""
    return EmulatorReply(
        error.status,
        {"error": {"message": error.message, "type": error.type, "param": error.param, "code": error.code}},
    )


def invalid(message: str) -> EmulatorReply:
    """Return the reply to a request that breaks the API's rules."""
    return failure(OpenAIError(400, "invalid_request_error", None, message))


def user_text(body: Json) -> str:
    """Return the text of the last user message. Raises ValueError when there is none."""
    messages_or_text: Any = body.get("input", "")
    if isinstance(messages_or_text, str):
        return messages_or_text
    messages: list[Json] = messages_or_text
    for message in reversed(messages):
        if message.get("role") == "user":
            return _text(message.get("content"))
    raise ValueError("the input has no user message")


def all_text(body: Json) -> str:
    """Return everything the model would read."""
    messages_or_text: Any = body.get("input", "")
    messages: list[Json] = [] if isinstance(messages_or_text, str) else messages_or_text
    parts = (
        [messages_or_text]
        if isinstance(messages_or_text, str)
        else [_text(message.get("content")) for message in messages]
    )
    return "\n".join([str(body.get("instructions") or ""), *parts])


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts: list[Json] = content or []
    return "".join(str(part.get("text", "")) for part in parts)


def output_text(text: str) -> Json:
    """Return the content of a message that says something."""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def output_refusal(text: str) -> Json:
    """Return the content of a message that declines."""
    return {"type": "refusal", "refusal": text}


def response(body: Json, content: Json | None, usage: TokenUsage, complete: bool = True) -> Json:
    """Return the whole response object; an incomplete one ran out of output tokens, before its first word or later."""
    status = "completed" if complete else "incomplete"
    return {
        "id": f"resp_{uuid.uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None if complete else {"reason": "max_output_tokens"},
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": body.get("metadata") or {},
        "model": body["model"],
        "output": [*_thinking(usage), *_message(content, status)],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": effort(body), "summary": None},
        "store": body.get("store", True),
        "temperature": 1.0,
        "text": body.get("text"),
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(usage),
    }


def effort(body: Json) -> str:
    """Return the reasoning effort of a request, which is medium unless it says otherwise."""
    reasoning: Json = body.get("reasoning") or {}
    return str(reasoning.get("effort") or "medium")


def _thinking(usage: TokenUsage) -> list[Json]:
    return [{"id": f"rs_{uuid.uuid4().hex}", "type": "reasoning", "summary": []}] if usage.reasoning_tokens else []


def _message(content: Json | None, status: str) -> list[Json]:
    if content is None:
        return []
    message = {"id": f"msg_{uuid.uuid4().hex}", "type": "message", "status": status, "role": "assistant"}
    return [{**message, "content": [content]}]


def _usage(usage: TokenUsage) -> Json:
    return {
        "input_tokens": usage.read,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.read + usage.output_tokens,
    }
