"""What the protocols of Google's models have in common: one shop that sells clips and makes them.

Touches nothing.
"""

from __future__ import annotations

from typing import Any, Protocol

from local.emulators.faults import Fault
from local.emulators.google.operation_pool import Operation, OperationPool
from local.emulators.google.veo_rules import AcceptedOrder
from local.emulators.ledger import Entry
from local.emulators.messages import EmulatorReply


class Shop(Protocol):
    """Where an accepted order is sold, and looked for later."""

    @property
    def pool(self) -> OperationPool:
        """Where clips are made. Raises HangUpError when the shop is closed."""
        ...

    def due(self, where: str, prompt: str) -> Fault | None:
        """Return the next fault at this moment."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait. Raises HangUpError when the shop closes first."""
        ...

    def sell(self, name: str, model: str, order: AcceptedOrder, *, permissive: bool = False, further: str = "") -> bool:
        """Sell an order's clips as the operation `name`; return whether its reply is to name it.

        `further` is a moment of the protocol's own at which it is decided how the operation ends.
        Raises RefusedError when it is refused, HangUpError when it is to get no reply.
        """
        ...

    def require_quota(self, model: str) -> None:
        """Count a request of the model. Raises RefusedError when its quota is used up for the moment."""
        ...

    def enter(self, sale: Entry) -> None:
        """Write down a sale."""
        ...

    def refusal_of(self, fault: Fault, model: str) -> EmulatorReply:
        """Return what a faulty service replies when it did not do what was asked. Raises HangUpError for no reply."""
        ...

    def look(self, operation: Operation) -> dict[str, Any] | None:
        """Return how an operation has ended, None while it runs. Raises RefusedError or HangUpError for a fault."""
        ...

    def result(self, operation: Operation) -> dict[str, Any]:
        """Return how an operation ends, once it has. Raises HangUpError when the shop closes first."""
        ...
