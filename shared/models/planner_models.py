"""The planning models of OpenAI: what each costs, and how much thought it can be asked for.

Pure data and functions; touches nothing. Prices and efforts are those of OpenAI's model pages, read 2026-11-26.
"""

from __future__ import annotations

from dataclasses import dataclass

# Every reasoning effort that OpenAI's API names, from the least.
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_ALL_BUT_MINIMAL = ("none", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True)
class PlannerModel:
    """A model; `into` and `out` are USD per million tokens, thinking is `out`; `efforts` are what it takes."""

    id: str
    into: float
    out: float
    efforts: tuple[str, ...] = _ALL_BUT_MINIMAL

    def effort(self, least: str) -> str:
        """Return the effort to ask for: `least`, or the next higher one that the model takes."""
        return min((each for each in self.efforts if _rank(each) >= _rank(least)), key=_rank)


def _rank(effort: str) -> int:
    return EFFORTS.index(effort)


MODELS = {
    model.id: model
    for model in (
        PlannerModel("gpt-6-luna", 0.10, 0.50),
        PlannerModel("gpt-5.6-luna", 0.20, 1.20),
        PlannerModel("gpt-6.1-terra", 1.00, 5.00),
        PlannerModel("gpt-6-sol", 2.00, 10.00),
        PlannerModel("gpt-6.1-sol", 2.00, 10.00, ("low", "medium", "high", "xhigh", "max")),
    )
}
DEFAULT_PLANNER = "gpt-6-luna"
# OpenAI, read 2026-11-26 at developers.openai.com (gpt-6-luna): a request of more input tokens costs this many times as
# much, in and out; a token that is written to the prompt cache costs more than one that is only read.
LONG_REQUEST_TOKENS = 272_000
LONG_INTO = 2.0
LONG_OUT = 1.5
CACHE_WRITE = 1.25
# The most that one answer may take of what is paid for: a plan of the most scenes, and the thinking before it.
PLAN_TOKENS = 16_000
# The same of a prompt that is rephrased.
REPHRASE_TOKENS = 2_000
# The same of captions in another language: a minute of fast speech in a script of many tokens, and little thought.
TRANSLATION_TOKENS = 6_000


@dataclass(frozen=True)
class Manner:
    """How the model is asked: seconds for one request, tokens that an answer may take, thought included, and effort."""

    seconds: float
    tokens: int
    effort: str


# A long transcript is thought about for one and a half minutes, or two.
PLANNING = Manner(180, PLAN_TOKENS, "low")
# Two requests at the most, so that they and the order's minute fit into the function's two.
REPHRASING = Manner(20, REPHRASE_TOKENS, EFFORTS[0])
# Two requests at the most, so that they and a plan that took its longest fit into the function's seven minutes.
TRANSLATING = Manner(25, TRANSLATION_TOKENS, "low")


def planner_model(name: str) -> PlannerModel:
    """Return the model called `name`; an unlisted one costs as the dearest, and takes the efforts that all take."""
    dearest = max(MODELS.values(), key=lambda model: (model.out, model.into))
    common = tuple(effort for effort in EFFORTS if all(effort in model.efforts for model in MODELS.values()))
    return MODELS.get(name, PlannerModel(name, dearest.into, dearest.out, common))


def request_cost(model: str, input_tokens: int, output_tokens: int, written_tokens: int = 0) -> float:
    """Return the USD of one request to a planning model.

    `output_tokens` include those of thinking, `written_tokens` are the part of the input that was written to the cache.
    """
    rate = planner_model(model)
    long = input_tokens > LONG_REQUEST_TOKENS
    into = (input_tokens + (CACHE_WRITE - 1) * written_tokens) * rate.into * (LONG_INTO if long else 1)
    return round((into + output_tokens * rate.out * (LONG_OUT if long else 1)) / 1e6, 6)
