"""Make ordered clips in the background and remember every operation.

Touches the child processes that draw and encode, and the shelf of a store if there is one.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

from functions.draw_scene.animatic.spec import ClipSpec
from local.emulators.faults import Fault
from local.emulators.google.clips import ClipMaker, begin_with, first_frame, plain
from local.emulators.google.veo_rules import AcceptedOrder
from local.processes.children import Children
from local.shelf.shelf import NoShelf, Shelf

RESULT_TYPE = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"
FILTERED = (
    "Veo could not generate 1 videos based on the prompt provided. You will not be charged for this request. "
    "Try rephrasing the prompt. If you think this was an error, send feedback. Support codes: 42237218"
)
# The words of a public report, HKUDS/ViMax#20; the code is that of depicting children.
BLOCKED = (
    "The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI "
    "practices. Try rephrasing your prompt, or contact your Google representative to request allowlisting. "
    "Support codes: 58061214"
)
INVALID_ARGUMENT = 3
FAILED = "Video generation failed. Please try again."
NOT_A_VIDEO = b"<html><body>This is not a video.</body></html>"
# How an interaction may end that has made something, and so is paid for, and brings no clip: its own word for it.
PARTIAL = frozenset({"incomplete", "budget_exceeded", "requires_continuation", "requires_action"})
# Outcomes for which nobody pays.
FREE_OF_CHARGE = frozenset({"filter", "block", "fail", "empty"})

Result = dict[str, Any]

# Clips that break the promise made by the request, each in one way.
_WRONG: dict[str, Callable[[ClipSpec], ClipSpec]] = {
    "wrong_size": lambda spec: replace(spec, width=640, height=360),
    "wrong_fps": lambda spec: replace(spec, fps=30),
    "wrong_length": lambda spec: replace(spec, seconds=spec.seconds / 2),
}


@dataclass(frozen=True)
class Operation:
    """One accepted order; `work` ends with the fields to add to a poll's reply, or never.

    It is told not before the clock of `time.monotonic` is at `ready_at`.
    """

    name: str
    spec: ClipSpec
    work: Future[Result]
    ready_at: float = 0.0

    @property
    def prompt(self) -> str:
        """What the clip shall show."""
        return self.spec.prompt

    @property
    def has_ended(self) -> bool:
        """Return whether a poll is to tell how it has ended."""
        return self.work.done() and time.monotonic() >= self.ready_at


class OperationPool:
    """A pool that makes clips, `workers` at once; an order that is on the shelf is made again when it is asked for."""

    def __init__(self, make: ClipMaker, workers: int, shelf: Shelf | None = None) -> None:
        # The seconds that an order takes at least, as a model's own would: here a clip is drawn in one or two.
        self.latency: Callable[[ClipSpec], float] = lambda _: 0.0
        self._make = make
        self._shelf = shelf or NoShelf()
        self._children = Children()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="veo")
        self._operations: dict[str, Operation] = {}
        self._guard = threading.Lock()

    def note(self, name: str, order: AcceptedOrder, outcome: Fault | None) -> None:
        """Remember an order before it is sold; `outcome` is the fault it shall end with. Raises NotWrittenError."""
        self._shelf.put(name, {"order": asdict(order), "outcome": asdict(outcome) if outcome else None})

    def accept(self, name: str, order: AcceptedOrder, outcome: Fault | None) -> None:
        """Begin an operation."""
        with self._guard:
            self._begin(name, order, outcome)

    def find(self, name: str) -> Operation | None:
        """Return the operation of this name."""
        with self._guard:
            return self._operations.get(name) or self._begin_again(name)

    def _begin(self, name: str, order: AcceptedOrder, outcome: Fault | None) -> Operation:
        work = Future[Result]() if outcome and outcome.kind == "never" else None
        work = work or self._pool.submit(self._result, order, outcome)
        ready_at = time.monotonic() + self.latency(order.spec)
        self._operations[name] = Operation(name, order.spec, work, ready_at)
        return self._operations[name]

    def _begin_again(self, name: str) -> Operation | None:
        # Only the order is stored: the same order gives the same clip.
        row = self._shelf.get(name)
        if row is None:
            return None
        document = row["order"]
        order = AcceptedOrder(**document | {"spec": ClipSpec(**document["spec"])})
        return self._begin(name, order, Fault(**row["outcome"]) if row["outcome"] else None)

    def draw(self, spec: ClipSpec) -> bytes:
        """Return a picture, as the first frame of a clip. Raises ChildFailedError."""
        return first_frame(self._make(spec, self._children), self._children)

    def close(self) -> None:
        """Kill what is being made and wait for the threads to notice."""
        self._children.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _result(self, order: AcceptedOrder, outcome: Fault | None) -> Result:
        ending = _ENDINGS.get(outcome.kind) if outcome else None
        if outcome and ending:
            return ending(outcome)
        if outcome and outcome.kind in PARTIAL:
            return {"partial": outcome.kind}
        clips = [self._clip(order, n, outcome) for n in range(order.samples)]
        videos = [{"bytesBase64Encoded": base64.b64encode(clip).decode(), "mimeType": "video/mp4"} for clip in clips]
        return {"response": {"@type": RESULT_TYPE, "raiMediaFilteredCount": 0, "videos": videos}}

    def _clip(self, order: AcceptedOrder, number: int, outcome: Fault | None) -> bytes:
        spec = replace(order.spec, seed=order.spec.seed + number)
        if outcome is None:
            clip = self._make(spec, self._children)
            picture = base64.b64decode(order.first_frame)
            return begin_with(picture, clip, spec, self._children) if picture else clip
        return plain(_WRONG[outcome.kind](spec), self._children) if outcome.kind in _WRONG else NOT_A_VIDEO


def _filter_result(fault: Fault) -> Result:
    reasons = [fault.message or FILTERED]
    return {"response": {"@type": RESULT_TYPE, "raiMediaFilteredCount": 1, "raiMediaFilteredReasons": reasons}}


def _block_result(fault: Fault) -> Result:
    return {"error": {"code": INVALID_ARGUMENT, "message": fault.message or BLOCKED}}


def _failure_result(fault: Fault) -> Result:
    return {"error": {"code": fault.code, "message": fault.message or FAILED}}


def _empty(_: Fault) -> Result:
    return {"response": {}}


_ENDINGS: dict[str, Callable[[Fault], Result]] = {
    "filter": _filter_result,
    "block": _block_result,
    "fail": _failure_result,
    "empty": _empty,
}
OUTCOMES = frozenset({*_ENDINGS, *_WRONG, "never", "not_a_video"})
