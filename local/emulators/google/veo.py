"""Stand in for Veo on Vertex AI: take a prompt, and later give a storyboard preview of it as a video.

Touches one loopback port and the child processes that draw and encode.
"""

import logging
import re
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, Self

from local.emulators.faults import Fault
from local.emulators.google import wire
from local.emulators.google.clips import ClipMaker, storyboard
from local.emulators.google.operation_pool import BLOCKED, FREE_OF_CHARGE, OUTCOMES, Operation, OperationPool
from local.emulators.google.veo_rules import (
    AcceptedOrder,
    RefusedError,
    check_model,
    is_blocked,
    read_order,
    retired_message,
)
from local.emulators.google.wire import GoogleError
from local.emulators.ledger import CLIP, Entry
from local.emulators.server import Emulator, EmulatorReply, EmulatorRequest, HangUpError
from local.processes import runs
from local.processes.children import ChildFailedError
from local.processes.disk import Disk
from local.store.shelf import Shelf

# google.rpc.Code: what may pass by itself, and what somebody must put right first, such as a full disk.
INTERNAL = 13
FAILED_PRECONDITION = 9
RULES = "rules"
SUBMIT = "submit"
POLL = "poll"
OUTCOME = "outcome"
KINDS = {
    # What was refused or withheld is taken: a negative prompt for any model, and a prompt about a child.
    RULES: frozenset({"permissive"}),
    SUBMIT: frozenset(
        {
            *wire.FAILURES,
            *wire.PROJECT_FAILURES,
            *("retired", "refuse", "block", "slow", "hang_up_before", "hang_up_after", "empty_reply"),
        }
    ),
    POLL: frozenset({*wire.FAILURES, *wire.PROJECT_FAILURES, "slow", "hang_up"}),
    OUTCOME: OUTCOMES,
}
# 400s that differ in what they say only: a prompt that the safety check blocks, and a request that is wrong.
_BAD_REQUESTS = {"block": BLOCKED, "refuse": "Request contains an invalid argument."}
# Nothing was sold when one of these happens; the other submit faults happen after the sale.
AFTER_SALE = frozenset({"hang_up_after", "empty_reply"})
_RESOURCE = re.compile(
    r"/v1(?:beta1)?/(?P<name>projects/[^/]+/locations/[^/]+/publishers/google/models/(?P<model>[^/:]+))"
    r":(?P<verb>predictLongRunning|fetchPredictOperation)"
)


class VeoEmulator(Emulator):
    """The two calls of Veo: submit a prompt, fetch the operation."""

    def __init__(
        self,
        port: int = 0,
        token_valid: Callable[[str], bool] = bool,
        workers: int = 2,
        make: ClipMaker = storyboard,
        *,
        sales: Shelf | None = None,
        operations: Shelf | None = None,
        disk: Disk | None = None,
    ) -> None:
        """`token_valid` tells a good bearer token (default: any); `workers` clips are made at once, by `make`.

        `sales` and `operations` keep the ledger and the orders; `disk` is that of the clips (default: this run's).
        """
        super().__init__(KINDS, port, sales)
        self._orders = operations
        # How many orders are accepted within how many seconds; Vertex AI counts requests a minute.
        self.quota: tuple[int, float] | None = None
        self._order_times: list[float] = []
        self._counting = threading.Lock()
        self._token_valid = token_valid
        self._workers = workers
        self._make = make
        self._disk = disk
        self._studio: OperationPool | None = None

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        self._studio = OperationPool(self._make, self._workers, self._orders)
        return super().start()

    def stop(self) -> None:
        """Stop serving, and kill whatever is being drawn or encoded."""
        super().stop()
        if self._studio:
            self._studio.close()
            self._studio = None

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        """What Vertex AI replies. Raises HangUpError to reply nothing."""
        resource = _RESOURCE.fullmatch(request.path)
        if not resource or request.method != "POST" or not self._studio:
            return wire.not_found("The requested URL was not found on this server.")
        if not request.bearer or not self._token_valid(request.bearer):
            return wire.failure(wire.UNAUTHENTICATED)
        try:
            body = request.json()
            if resource["verb"] == "predictLongRunning":
                return self._submit(self._studio, resource["name"], resource["model"], body)
            return self._poll(self._studio, resource["name"], body)
        except RefusedError as refusal:
            return refusal.reply
        except ValueError as error:
            return wire.invalid(f"Invalid JSON payload received: {error}")

    def _submit(self, studio: OperationPool, resource: str, model: str, body: dict[str, Any]) -> EmulatorReply:
        check_model(model)
        permissive = self.due(RULES, model) is not None
        order = read_order(model, body, permissive)
        fault = self.due(SUBMIT, order.spec.prompt)
        if fault and fault.kind not in AFTER_SALE:
            return _refusal(fault, model)
        if not self._within_quota():
            return wire.failure(wire.FAILURES["throttle"])
        name = f"{resource}/operations/{uuid.uuid4()}"
        outcome = self.due(OUTCOME, order.spec.prompt)
        if not outcome and not permissive and is_blocked(order.spec.prompt):
            outcome = Fault("block")
        studio.note(name, order, outcome)
        self._sell(name, model, order, outcome)
        studio.accept(name, order, outcome)
        if fault and fault.kind == "hang_up_after":
            raise HangUpError
        return EmulatorReply(200, {} if fault else {"name": name})

    def _within_quota(self) -> bool:
        if self.quota is None:
            return True
        most, seconds = self.quota
        with self._counting:
            now = time.monotonic()
            self._order_times = [moment for moment in self._order_times if now - moment < seconds]
            room = len(self._order_times) < most
            self._order_times += [now] if room else []
        return room

    def _sell(self, name: str, model: str, order: AcceptedOrder, outcome: Fault | None) -> None:
        is_charged = not outcome or outcome.kind not in FREE_OF_CHARGE
        spec = order.spec
        sale = Entry(CLIP, model, spec.prompt, is_charged, name, spec.seconds, video=order.video, scene=spec.scene)
        for _ in range(order.samples):
            self.ledger.add(sale)

    def _poll(self, studio: OperationPool, resource: str, body: dict[str, Any]) -> EmulatorReply:
        name = str(body.get("operationName", ""))
        operation = studio.find(name) if name.startswith(f"{resource}/operations/") else None
        if not operation:
            return wire.not_found(f"The operation {name!r} was not found.")
        fault = self.due(POLL, operation.prompt)
        if fault:
            return _refusal(fault, "")
        if not operation.work.done():
            return EmulatorReply(200, {"name": name})
        return EmulatorReply(200, {"name": name, "done": True, **self._result(operation)})

    def _result(self, operation: Operation) -> dict[str, Any]:
        try:
            return operation.work.result()
        except CancelledError as error:
            raise HangUpError from error
        except (ChildFailedError, OSError) as error:
            self.ledger.refund(operation.name)
            disk = self._disk or runs.current().disk
            is_full = disk.note(error)
            why = disk.sentence if is_full else _words(error)
            code = FAILED_PRECONDITION if is_full else INTERNAL
            return {"error": {"code": code, "message": f"the stand-in could not make the clip: {why}"}}


def _words(error: ChildFailedError | OSError) -> str:
    """Return what is told of a clip that could not be made; what a program said of it is for the log."""
    for note in getattr(error, "__notes__", ()):
        logging.getLogger(__name__).info("%s", note)
    return str(error) if isinstance(error, ChildFailedError) else error.strerror or "the system refused it"


def _refusal(fault: Fault, model: str) -> EmulatorReply:
    """What a faulty service replies when it did not do what was asked."""
    if fault.kind.startswith("hang_up"):
        raise HangUpError
    if fault.kind == "retired":
        return wire.failure(GoogleError(404, "NOT_FOUND", retired_message(model)))
    if fault.kind in _BAD_REQUESTS:
        return wire.invalid(fault.message or _BAD_REQUESTS[fault.kind])
    return wire.failure((wire.FAILURES | wire.PROJECT_FAILURES)[fault.kind])
