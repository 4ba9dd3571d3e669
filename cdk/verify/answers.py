"""What a check is, and what came of it.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import ReelwrightError


@dataclass(frozen=True)
class Answer:
    """What came of a call: its kind, which is compared, and the words for the operator."""

    kind: str
    words: str


@dataclass(frozen=True)
class Check:
    """One call of a provider: the most that it can cost in USD, and the kinds of answers that the code expects."""

    name: str
    price: float
    expects: str
    kinds: frozenset[str]
    run: Callable[[], Answer]


@dataclass(frozen=True)
class Verdict:
    """A check and its answer."""

    check: Check
    answer: Answer

    @property
    def is_as_expected(self) -> bool:
        """Whether the provider answered as the code expects."""
        return self.answer.kind in self.check.kinds


def failure_answer(error: ReelwrightError) -> Answer:
    """Return the answer that a failure of the code's own vocabulary is, with what to do."""
    return Answer(type(error).__name__, f"{type(error).__name__}: {error} {error.next_action}")
