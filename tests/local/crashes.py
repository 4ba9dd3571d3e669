"""Kills a function at a chosen moment of one video's run: just before, or just after, one of its calls to the outside.

Touches a whole system: it listens to the requests to AWS and to the stand-in for Google's models.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from local.emulators.aws.faults_before_moto import ObservedRequest
from local.emulators.messages import EmulatorRequest, HangUpError
from local.system import LocalSystem
from shared.video.take import TakeKind

# The others run when they like: before the execution, or after it.
FUNCTIONS = ("Transcribe", "Plan", "GenerateScene", "PollVeo", "RenderScene", "Stitch", "Settle")
CHOICES = {"targetDuration": 5, "captions": "none"}

# A secret is read once a process.
SERVICES = ("s3", "dynamodb", "transcribe", "events")
READS = ("GET", "HEAD", "GetItem")
BUYERS = ("GenerateScene", "DrawScene")


class Step(NamedTuple):
    """The request numbered `nth`, from 1, of one invocation of a function."""

    function: str
    nth: int


ORDER = Step("Google", 1)


class Moment(NamedTuple):
    """Just before or just after a step takes effect."""

    step: Step
    after: bool


@dataclass
class Crash:
    """Watches the steps of one video's `functions`, and kills each that comes to one of the moments `at`, once each."""

    system: LocalSystem
    video: str
    functions: tuple[str, ...]
    at: frozenset[Moment]
    # What each step does: the service and the operation.
    steps: dict[Step, str] = field(default_factory=dict[Step, str])
    strikes: set[Moment] = field(default_factory=set[Moment])
    counts: Counter[str] = field(default_factory=Counter[str])
    buyer: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Watch, and kill, as long as this goes on."""
        self.system.cloud.aws.listeners.append(self.see)
        self.system.veo.listeners.append(self.order)
        try:
            yield
        finally:
            self.system.cloud.aws.listeners.remove(self.see)
            self.system.veo.listeners.remove(self.order)

    def see(self, request: ObservedRequest) -> None:
        function = function_of(request)
        if function not in self.functions or request.service not in SERVICES:
            return
        with self.lock:
            # Not every request names the video, but an invocation's first does.
            if self.video not in request.text and not self.counts[request.trace]:
                return
            self.counts[request.trace] += not request.is_answered
            step = Step(function, self.counts[request.trace])
            self.steps.setdefault(step, f"{request.service} {request.text.split()[0]}")
            self.buyer = request.trace if function in BUYERS else self.buyer
            self._strike(Moment(step, request.is_answered), request.trace)

    def order(self, request: EmulatorRequest, is_answered: bool) -> None:
        if self.video.lower().encode() not in request.body:
            return
        with self.lock:
            self.steps[ORDER] = "order"
            try:
                self._strike(Moment(ORDER, is_answered), self.buyer)
            except ConnectionError as error:
                raise HangUpError from error

    def _strike(self, moment: Moment, invocation: str) -> None:
        if moment in self.at - self.strikes:
            if self.system.cloud.kill(invocation) == 1:
                self.strikes.add(moment)
            raise ConnectionError


def function_of(request: ObservedRequest) -> str:
    """The function that made a request, by its id in the template."""
    return request.caller.split("-")[1] if request.trace else ""


def moments(steps: dict[Step, str]) -> list[Moment]:
    """The moments that differ in what was done before them."""
    return [moment for step in sorted(steps) for moment in around(step, steps)]


def around(step: Step, steps: dict[Step, str]) -> list[Moment]:
    before = Moment(step, after=False)
    after = Moment(step, after=True)
    earlier = steps.get(step._replace(nth=step.nth - 1), "")
    last = step._replace(nth=step.nth + 1) not in steps
    return [before] * (not earlier.endswith(READS)) + [after] * last


def jobs_of(crashes: list[Moment], alone: set[Moment]) -> list[frozenset[Moment]]:
    """The crashes of each job: at most one of each function, and those `alone` by themselves."""
    by_function: dict[str, list[Moment]] = {}
    for moment in crashes:
        if moment not in alone:
            by_function.setdefault(moment.step.function, []).append(moment)
    together = (frozenset(filter(None, row)) for row in zip_longest(*by_function.values()))
    return [*together, *(frozenset({moment}) for moment in crashes if moment in alone)]


def unknown_outcomes(steps: dict[Step, str], kind: TakeKind) -> set[Moment]:
    """The moments after which nobody can know whether the take was bought: from its order until that is noted."""
    buyer = "GenerateScene" if kind == "clip" else "DrawScene"
    last_step = max(step for step in steps if step.function == buyer)
    first_write = min(
        (step for step, what in steps.items() if step.function == buyer and what == "s3 PUT"), default=None
    )
    note = last_step if kind == "clip" else first_write
    assert note
    return {Moment(ORDER, after=False), Moment(ORDER, after=True), Moment(note, after=False)}
