"""A plan of an hour of talk, asked for as the plan stage asks, and timed.

Touches OpenAI's Responses API by the functions' own code.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field

from cdk.verify.answers import Answer, failure_answer
from shared.aws.secrets import SecretStore
from shared.budget import pricing
from shared.contracts import Options
from shared.errors import ReelwrightError
from shared.models.plan_question import INSTRUCTIONS, PlannerReply, request
from shared.models.planner import Planner, Usage
from shared.models.planner_models import PLANNING

PLAN = "plan"
TALK_SECONDS = 3600
TARGET_SECONDS = 15
SCENE_SECONDS = 8
_WHO = "The ferryman|A surveyor|The baker|An old captain|The lighthouse keeper|A gardener|The clockmaker|A painter"
_DID = "walked along|looked out over|remembered|wrote a letter about|dreamt of|came back to|drew a map of|sang of"
_WHERE = "the harbour|the long valley|a stone bridge|the winter market|a field of rye|the empty square|the river"
_WHEN = "before the sun was up.|when the first snow fell.|after the storm had passed."


@dataclass(frozen=True)
class TalkSentence:
    """A sentence of the talk."""

    index: int
    seconds: float
    text: str
    speakers: tuple[str, ...] = ()


@dataclass
class Counted:
    """The bill of the requests, and what each answer took."""

    usd: float = 0
    usages: list[Usage] = field(default_factory=list[Usage])

    def asking(self, _request: str, /) -> None:
        """Nothing has to be set aside here: the operator has agreed to the most that it can cost."""

    def note_free(self, _request: str, /) -> None:
        """Nothing was set aside."""

    def note_cost(self, _request: str, _answer: str, usd: float, /) -> None:
        """Add up what was paid, whichever answer it was for."""
        self.usd += usd


def talk() -> list[TalkSentence]:
    """Return an hour of talk, no two sentences of it alike, in phrases of equal length."""
    parts = (part.split("|") for part in (_WHO, _DID, _WHERE, _WHEN))
    texts = [" ".join(words) for words in itertools.product(*parts)]
    return [TalkSentence(index, TALK_SECONDS / len(texts), text) for index, text in enumerate(texts)]


def time_the_plan(model: str, secrets: SecretStore) -> Answer:
    """Return whether `model` planned the talk within the planner's time and the money that is set aside for it."""
    bill = Counted()
    phrases = talk()
    planner = Planner(model, secrets, PLANNING, bill.usages.append)
    question = request(phrases, Options(target_duration=TARGET_SECONDS), TARGET_SECONDS, SCENE_SECONDS, "en-US")
    start = time.monotonic()
    try:
        reply = planner.ask(INSTRUCTIONS, question, PlannerReply, bill)
    except ReelwrightError as error:
        took = f"after {time.monotonic() - start:.0f} s of at most {PLANNING.seconds:g}"
        return Answer(failure_answer(error).kind, f"{took}: {failure_answer(error).words}")
    return Answer(_kind(reply, bill, model, len(phrases)), _words(time.monotonic() - start, bill))


def _kind(reply: PlannerReply, bill: Counted, model: str, phrases: int) -> str:
    if not reply.scenes or any(not 0 <= s.first_phrase <= s.last_phrase < phrases for s in reply.scenes):
        return "scenes that are not in the talk"
    if any(usage.output_tokens_details.reasoning_tokens is None for usage in bill.usages) or not bill.usages:
        return "no usage"
    return PLAN if bill.usd <= pricing.planning_ceiling(model, TALK_SECONDS) else "dearer than what is set aside"


def _words(seconds: float, bill: Counted) -> str:
    took = f"{seconds:.0f} s for {len(bill.usages)} answer(s), {PLANNING.seconds:g} s each at most"
    into, out = (sum(getattr(usage, name) for usage in bill.usages) for name in ("input_tokens", "output_tokens"))
    reasoning = sum(usage.output_tokens_details.reasoning_tokens or 0 for usage in bill.usages)
    return f"{took}; {into} tokens read, {out} written, {reasoning} of them thinking; {bill.usd:.4f} USD"
