"""What is made of one recording, by keys of the orders, and where each stands when the cloud is killed, and again.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from local.emulators.aws.faults_before_moto import ObservedRequest
from tests.local.crashes import function_of
from tests.local.kept_cloud import MOMENTS, Moment

# USD, for all clips of an order.
BUDGET = 3.0


class ApiMoment(NamedTuple):
    """Before or after the API's request numbered `nth` that is this operation and has the `word` in it."""

    operation: str
    word: str
    nth: int
    is_answered: bool

    def is_such(self, request: ObservedRequest) -> bool:
        """Return whether the request is one of those that are counted."""
        is_such = request.text.startswith(f"{self.operation} ") and self.word in request.text
        return is_such and function_of(request) == "Api" and request.is_answered == self.is_answered


class Order(NamedTuple):
    """What is made of the recording's video: where it is ordered, what is asked for, and how often each child buys."""

    path: str
    body: dict[str, Any]
    sales: Sequence[int]


class Stop(NamedTuple):
    """Where an order, or what is made by it, stands when the cloud is killed.

    Each child's job is held at its own of `moments`; or the function that is at work on the order dies at `cut`, or if
    it `is_held`, works there until the cloud is killed.
    """

    moments: Sequence[Moment] = ()
    cut: ApiMoment | None = None
    is_held: bool = False


def _clips(*ends: float, sales: Sequence[int] = (1, 1)) -> Order:
    excerpts = [{"start": 0, "end": end} for end in ends]
    body = {"excerpts": excerpts, "captions": "none", "budget": BUDGET}
    return Order("/videos/{}/clips", body, sales[: len(ends)])


def _format(aspect_ratio: str = "1:1") -> Order:
    return Order("/ai-video/{}/variants", {"aspectRatio": aspect_ratio}, [0])


# By their idempotency keys. Of the orders of unknown outcome one was sold, before a person has both ordered again.
UNKNOWN = "ordering"
ORDERS = {
    "format-joining": _format("4:5"),
    "waiting-and-cutting": _clips(4.6, 4.7),
    "format-cutting": _format(),
    UNKNOWN: _clips(4.8, 4.9, sales=(1, 2)),
    "recorded": _clips(5.0, 5.1),
    "begun": _clips(5.2),
    "format-waiting": _format(),
    "format-begun": _format(),
    "sibling": _clips(5.3, 5.4),
    "format-copying": _format(),
}
_RECORD = ApiMoment("PutItem", '"parent_id"', 1, is_answered=True)
# Of a format the first of them is of the generation that waits, the second of its run.
_GENERATION = ApiMoment("UpdateItem", '"execution_arn"', 1, is_answered=True)
_RUN = _GENERATION._replace(nth=2)
_TAKE = ApiMoment("PUT", "/takes/", 1, is_answered=True)
# Two of each function work at a time, so that no more can be held.
FIRST_LIFE = {
    "format-joining": Stop([MOMENTS["joining"]]),
    "waiting-and-cutting": Stop([MOMENTS["waiting for the clip"], MOMENTS["cutting"]]),
    "format-cutting": Stop([MOMENTS["cutting"]]),
    UNKNOWN: Stop([MOMENTS["before the order"], MOMENTS["after the order"]]),
    "recorded": Stop(cut=_RECORD),
    "begun": Stop(cut=_GENERATION),
    "format-waiting": Stop(cut=_GENERATION),
    "format-begun": Stop(cut=_RUN),
    "sibling": Stop(cut=_RECORD._replace(nth=2, is_answered=False), is_held=True),
    "format-copying": Stop(cut=_TAKE, is_held=True),
}
SECOND_LIFE = {
    "waiting-and-cutting": Stop([MOMENTS["joining"], MOMENTS["cutting"]]),
    "format-cutting": Stop([MOMENTS["joining"]]),
    "recorded": Stop(cut=_GENERATION),
    "format-waiting": Stop(cut=_RUN),
    "sibling": Stop(cut=_RECORD._replace(nth=2), is_held=True),
    "format-copying": Stop(cut=_GENERATION, is_held=True),
}
