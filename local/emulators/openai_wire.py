"""Read a request of the Responses API and write its replies, in OpenAI's shapes.

Touches nothing.
"""

import time
import uuid
from typing import Any, NamedTuple

from local.emulators.server import Json, Reply


class OpenAIError(NamedTuple):
    """An HTTP status with OpenAI's type and code for it, and what it says."""

    status: int
    type: str
    code: str | None
    message: str


FAILURES = {
    "throttle": OpenAIError(
        429, "requests", "rate_limit_exceeded", "Rate limit reached for requests. Please try again later."
    ),
    "server_error": OpenAIError(
        500, "server_error", None, "The server had an error while processing your request. Sorry about that!"
    ),
    "unauthenticated": OpenAIError(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
}


class Usage(NamedTuple):
    """Tokens read and written."""

    read: int
    written: int


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return max(1, len(text) // 4)


def failure(error: OpenAIError) -> Reply:
    """The reply in OpenAI's error shape."""
    return Reply(
        error.status,
        {"error": {"message": error.message, "type": error.type, "param": None, "code": error.code}},
    )


def invalid(message: str) -> Reply:
    """The reply to a request that breaks the API's rules."""
    return failure(OpenAIError(400, "invalid_request_error", None, message))


def user_text(body: Json) -> str:
    """The text of the last user message. Raises ValueError when there is none."""
    given: Any = body.get("input", "")
    if isinstance(given, str):
        return given
    messages: list[Json] = given
    for message in reversed(messages):
        if message.get("role") == "user":
            return _text(message.get("content"))
    raise ValueError("the input has no user message")


def all_text(body: Json) -> str:
    """Everything the model would read."""
    given: Any = body.get("input", "")
    messages: list[Json] = [] if isinstance(given, str) else given
    parts = [given] if isinstance(given, str) else [_text(message.get("content")) for message in messages]
    return "\n".join([str(body.get("instructions") or ""), *parts])


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts: list[Json] = content or []
    return "".join(str(part.get("text", "")) for part in parts)


def said(text: str) -> Json:
    """The content of a message that says something."""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def refused(text: str) -> Json:
    """The content of a message that declines."""
    return {"type": "refusal", "refusal": text}


def response(body: Json, content: Json, usage: Usage, complete: bool = True) -> Json:
    """The whole response object; an incomplete one ran out of output tokens."""
    status = "completed" if complete else "incomplete"
    message = {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": [content],
    }
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
        "output": [message],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": body.get("text"),
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(usage),
    }


def _usage(usage: Usage) -> Json:
    return {
        "input_tokens": usage.read,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": usage.written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.read + usage.written,
    }
