"""Stand in for OpenAI's Responses API: plan a film, choose moments, or rephrase a prompt, from the real text.

Touches one loopback port.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable

from local.emulators.ledger import TEXT, Entry
from local.emulators.messages import EmulatorReply, EmulatorRequest, HangUpError, Json
from local.emulators.openai import moments, rules, wire
from local.emulators.openai.planner import plan
from local.emulators.openai.planner_question import PlannerQuestion
from local.emulators.openai.rephraser import gentler
from local.emulators.openai.wire import OpenAIError, TokenUsage, tokens
from local.emulators.server import Emulator

RESPOND = "respond"
# Of these, the last breaks off when the answer is made, and charged.
HANG_UPS = frozenset({"hang_up", "timeout"})
HANG_UP_AFTER = "hang_up_after"
# The answer takes more tokens than it may: in its middle, or before its first word.
CUT_OFF = frozenset({"truncated", "overthought"})
# The stand-in knows no languages: it translates on order alone, by marking each line; or it leaves the last line out.
TRANSLATE = "translate"
MISCOUNT = "miscount"
SPOILS = frozenset({"refusal", *CUT_OFF, "invalid", "invalid_plan", TRANSLATE, MISCOUNT})
KINDS = {RESPOND: frozenset({*wire.FAILURES, *HANG_UPS, HANG_UP_AFTER, *SPOILS, "slow"})}
PATH = "/v1/responses"
TRANSLATION = "TranslationReply"
REFUSAL = "I'm sorry, but I can't help with that request."
BEYOND = 1_000_000


class OpenAIEmulator(Emulator):
    """The one call of the Responses API that gives structured output."""

    def __init__(self, port: int = 0, api_key: str | None = None) -> None:
        """`api_key` is the only key that is let in; without one a new key is."""
        super().__init__(KINDS, port)
        self.api_key = api_key or f"sk-local-{secrets.token_urlsafe(32)}"

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        """Return what OpenAI replies. Raises HangUpError to reply nothing."""
        if (request.method, request.path) != ("POST", PATH):
            return wire.failure(OpenAIError(404, "invalid_request_error", None, f"Invalid URL ({request.path})"))
        if not hmac.compare_digest(request.bearer.encode(), self.api_key.encode()):
            return wire.failure(wire.FAILURES["unauthenticated"])
        try:
            return self._respond(request.json())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            # The request was made by somebody else: whatever is wrong with its shape is a 400, never a crash.
            return wire.invalid(f"The request could not be understood: {error!r}")

    def _respond(self, body: Json) -> EmulatorReply:
        read = wire.all_text(body)
        fault = self.due(RESPOND, read)
        kind = fault.kind if fault else ""
        if fault and kind == "timeout":
            self.pause(fault.seconds)
        if kind in HANG_UPS:
            raise HangUpError
        if kind in wire.FAILURES:
            return wire.failure(wire.FAILURES[kind])
        if refusal := rules.refusal(body):
            return wire.failure(refusal)
        name = body["text"]["format"]["name"]
        if name not in _TASKS:
            return wire.invalid(f"Invalid schema: this stand-in knows {sorted(_TASKS)}, not {name!r}.")
        reply = _TASKS[name](json.loads(wire.user_text(body)))
        content = _refuse if name == TRANSLATION and not kind else _CONTENTS.get(kind, _honest)
        document, usage = _answer(body, content(reply), tokens(read), kind)
        self._sell(document, read, usage)
        if kind == HANG_UP_AFTER:
            raise HangUpError
        return EmulatorReply(200, document)

    def _sell(self, document: Json, read: str, usage: TokenUsage) -> None:
        sale = Entry(TEXT, document["model"], read, True, document["id"], 0.0, usage.read, usage.output_tokens)
        self.ledger.add(sale)


def _answer(body: Json, content: Json, read: int, kind: str) -> tuple[Json, TokenUsage]:
    """Return the response object and its tokens; what would take more of them than it may is cut off."""
    cap = rules.cap(body)
    reasoning = rules.reasoning_tokens(body)
    if kind == "overthought":
        reasoning = cap
    output_tokens = tokens(json.dumps(content))
    room = cap - reasoning
    if kind in CUT_OFF or output_tokens > room:
        part = {**content, "text": content["text"][: 4 * room]} if room > 0 and "text" in content else None
        usage = TokenUsage(read, cap, min(reasoning, cap))
        return wire.response(body, part, usage, complete=False), usage
    usage = TokenUsage(read, reasoning + output_tokens, reasoning)
    return wire.response(body, content, usage), usage


def _plan(question: Json) -> Json:
    return plan(PlannerQuestion.from_json(question))


def _rephrase(question: Json) -> Json:
    return {"prompt": gentler(str(question["prompt"]))}


def _translate(question: Json) -> Json:
    """Return each line with the language that it should be in."""
    return {"lines": [f"{question['other_language']} {line}" for line in question["lines"]]}


def _honest(reply: Json) -> Json:
    return wire.output_text(json.dumps(reply))


def _refuse(_: Json) -> Json:
    return wire.output_refusal(REFUSAL)


def _truncate(reply: Json) -> Json:
    text = json.dumps(reply)
    return wire.output_text(text[: len(text) // 2])


def _invalid(_: Json) -> Json:
    """Return an answer that fits no question: required fields are missing and there is no scene."""
    return _honest({"scenes": []})


def _invalid_plan(reply: Json) -> Json:
    """Return a plan of the right shape whose scenes overlap and run beyond the recording."""
    scenes: list[Json] = reply.get("scenes", [])
    wrong = [{**scene, "first_phrase": 0, "last_phrase": BEYOND} for scene in scenes[:2] * 2]
    return _honest({**reply, "scenes": wrong[:2]} if scenes else reply)


def _miscount(reply: Json) -> Json:
    """Return a translation that lacks its last line."""
    return _honest({**reply, "lines": reply["lines"][:-1]} if "lines" in reply else reply)


_TASKS: dict[str, Callable[[Json], Json]] = {
    "PlannerReply": _plan,
    "RephraseReply": _rephrase,
    TRANSLATION: _translate,
    "MomentsReply": moments.choose,
    "RankingReply": moments.rank,
}
_CONTENTS: dict[str, Callable[[Json], Json]] = {
    "refusal": _refuse,
    "truncated": _truncate,
    "invalid": _invalid,
    "invalid_plan": _invalid_plan,
    MISCOUNT: _miscount,
}
