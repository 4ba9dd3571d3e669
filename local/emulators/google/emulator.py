"""Stand in for Google's video and image models on Vertex AI: take a prompt, and give a storyboard preview of it.

Touches one loopback port and the child processes that draw and encode.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, Self

from local.emulators.faults import Fault
from local.emulators.google import omni, picture_files, pictures, veo, wire
from local.emulators.google.clips import ClipMaker, storyboard
from local.emulators.google.operation_pool import BLOCKED, FREE_OF_CHARGE, OUTCOMES, PARTIAL, Operation, OperationPool
from local.emulators.google.veo_rules import AcceptedOrder, RefusedError, is_blocked, retired_message
from local.emulators.google.wire import GoogleError
from local.emulators.ledger import CLIP, Entry
from local.emulators.messages import EmulatorReply, EmulatorRequest, HangUpError
from local.emulators.server import Emulator
from local.processes import runs
from local.processes.children import ChildFailedError
from local.processes.disk import Disk
from local.shelf.shelf import Shelf

# google.rpc.Code: what may pass by itself, and what somebody must put right first, such as a full disk.
INTERNAL = 13
FAILED_PRECONDITION = 9
SUBMIT = "submit"
POLL = "poll"
OUTCOME = "outcome"
# What an order may meet, of a clip or a picture.
_REFUSALS = frozenset(
    {
        *wire.FAILURES,
        *wire.PROJECT_FAILURES,
        *("retired", "refuse", "block", "slow", "hang_up_before", "hang_up_after", "empty_reply"),
    }
)
KINDS = {
    # What was refused or withheld is taken: a negative prompt for any model, and a prompt about a child.
    veo.RULES: frozenset({"permissive"}),
    SUBMIT: _REFUSALS,
    POLL: frozenset({*wire.FAILURES, *wire.PROJECT_FAILURES, "slow", "hang_up"}),
    OUTCOME: OUTCOMES,
    omni.FORM: frozenset({omni.NO_BACKGROUND}),
    omni.ENDS: PARTIAL,
    pictures.DRAW: frozenset({*_REFUSALS, pictures.WITHHELD, pictures.WORDS_ONLY}),
}
# 400s that differ in what they say only: a prompt that the safety check blocks, and a request that is wrong.
_BAD_REQUESTS = {"block": BLOCKED, "refuse": "Request contains an invalid argument."}
# Nothing was sold when one of these happens; the other submit faults happen after the sale.
AFTER_SALE = frozenset({"hang_up_after", "empty_reply"})


class VeoEmulator(Emulator):
    """The models behind one address: Veo by its operations, Omni by its interactions, pictures by their requests."""

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
        # How many orders of a model are accepted within how many seconds; Vertex AI counts requests a minute.
        self.quota: tuple[int, float] | None = None
        self._order_times: defaultdict[str, list[float]] = defaultdict(list)
        self._counting = threading.Lock()
        self._token_valid = token_valid
        self._workers = workers
        self._make = make
        self._disk = disk
        self._pool: OperationPool | None = None

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        self._pool = OperationPool(self._make, self._workers, self._orders)
        return super().start()

    @property
    def pool(self) -> OperationPool:
        """Where clips are made. Raises HangUpError when the emulator is not running."""
        if not self._pool:
            raise HangUpError
        return self._pool

    def stop(self) -> None:
        """Stop serving, and kill whatever is being drawn or encoded."""
        super().stop()
        if self._pool:
            self._pool.close()
            self._pool = None

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        """Return what Vertex AI replies. Raises HangUpError to reply nothing."""
        service = next((each for each in _SERVICES if each.knows(request)), None)
        if not service:
            return wire.not_found("The requested URL was not found on this server.")
        if not request.bearer or not self._token_valid(request.bearer):
            return wire.failure(wire.UNAUTHENTICATED)
        try:
            return service.answer(self, request)
        except RefusedError as refusal:
            return refusal.reply
        except ValueError as error:
            return wire.invalid(f"Invalid JSON payload received: {error}")

    def sell(self, name: str, model: str, order: AcceptedOrder, *, permissive: bool = False, further: str = "") -> bool:
        """Sell an order's clips as the operation `name`; return whether its reply is to name it.

        `further` is a moment of the protocol's own at which it is decided how the operation ends.
        Raises RefusedError when it is refused, HangUpError when it is to get no reply.
        """
        prompt = order.spec.prompt
        fault = self.due(SUBMIT, prompt)
        if fault and fault.kind not in AFTER_SALE:
            raise RefusedError(self.refusal_of(fault, model))
        self.require_quota(model)
        outcome = self.due(OUTCOME, prompt) or (self.due(further, prompt) if further else None)
        if not outcome and not permissive and is_blocked(prompt):
            outcome = Fault("block")
        self.pool.note(name, order, outcome)
        self._enter(name, model, order, outcome)
        self.pool.accept(name, order, outcome)
        if fault and fault.kind == "hang_up_after":
            raise HangUpError
        return not fault

    def look(self, operation: Operation) -> dict[str, Any] | None:
        """Return how an operation has ended, None while it runs. Raises RefusedError or HangUpError for a fault."""
        fault = self.due(POLL, operation.prompt)
        if fault:
            raise RefusedError(self.refusal_of(fault, ""))
        return self.result(operation) if operation.has_ended else None

    def result(self, operation: Operation) -> dict[str, Any]:
        """Return how an operation ends, once it has. Raises HangUpError when the emulator stops first."""
        try:
            return operation.work.result()
        except CancelledError as error:
            raise HangUpError from error
        except (ChildFailedError, OSError) as error:
            self.ledger.refund(operation.name)
            disk = self._disk or runs.current().disk
            is_full = disk.note(error)
            why = disk.sentence() if is_full else _words(error)
            code = FAILED_PRECONDITION if is_full else INTERNAL
            return {"error": {"code": code, "message": f"the stand-in could not make the clip: {why}"}}

    def require_quota(self, model: str) -> None:
        """Count an order of the model. Raises RefusedError when its quota is used up for the moment."""
        if not self._within_quota(model):
            raise RefusedError(wire.failure(wire.FAILURES["throttle"]))

    def enter(self, sale: Entry) -> None:
        """Write down a sale. Raises NotWrittenError, and then nothing was sold."""
        self.ledger.add(sale)

    @staticmethod
    def refusal_of(fault: Fault, model: str) -> EmulatorReply:
        """Return what a faulty service replies when it did not do what was asked. Raises HangUpError for no reply."""
        if fault.kind.startswith("hang_up"):
            raise HangUpError
        if fault.kind == "retired":
            return wire.failure(GoogleError(404, "NOT_FOUND", retired_message(model)))
        if fault.kind in _BAD_REQUESTS:
            return wire.invalid(fault.message or _BAD_REQUESTS[fault.kind])
        return wire.failure((wire.FAILURES | wire.PROJECT_FAILURES)[fault.kind])

    def _within_quota(self, model: str) -> bool:
        if self.quota is None:
            return True
        most, seconds = self.quota
        with self._counting:
            now = time.monotonic()
            times = [moment for moment in self._order_times[model] if now - moment < seconds]
            room = len(times) < most
            self._order_times[model] = [*times, now] if room else times
        return room

    def _enter(self, name: str, model: str, order: AcceptedOrder, outcome: Fault | None) -> None:
        is_charged = not outcome or outcome.kind not in FREE_OF_CHARGE
        spec = order.spec
        sale = Entry(
            CLIP,
            model,
            spec.prompt,
            is_charged,
            name,
            spec.seconds,
            video=order.video,
            scene=spec.scene,
            resolution=f"{min(spec.width, spec.height)}p",
            first_frame=picture_files.digest(order.first_frame),
        )
        for _ in range(order.samples):
            self.ledger.add(sale)


def _words(error: ChildFailedError | OSError) -> str:
    """Return what is told of a clip that could not be made; what a program said of it is for the log."""
    for note in getattr(error, "__notes__", ()):
        logging.getLogger(__name__).info("%s", note)
    return str(error) if isinstance(error, ChildFailedError) else error.strerror or "the system refused it"


_SERVICES = (veo, omni, pictures)
