"""Stand-ins behind our own ports that more than one tier of tests uses.

Touches nothing.
"""

from __future__ import annotations

import io
import math

from PIL import Image

from shared.budget.accounts import Limits, Spending
from shared.quota.turn_table import TurnTable
from shared.video.record import GenerationData

# A provider whose quota nobody counts.
NO_QUOTA = TurnTable("", {"": 0})


class NoLimits(Spending):
    """Accounts that have room for everything and keep nothing."""

    def __init__(self) -> None:
        super().__init__("", Limits(math.inf, math.inf, math.inf))

    def set_aside(self, user_id: str, generation_id: str, budget: float | None, what: str, usd: float) -> float:
        return usd

    def give_back(self, user_id: str, generation_id: str, what: str, usd: float) -> None:
        pass

    def settle(self, who: tuple[str, str], what: str, reserved_usd: float, cost: float) -> None:
        pass

    def settle_planning(self, user_id: str, generation_id: str, outlay: float) -> None:
        pass

    def end_earlier_runs(self, who: tuple[str, str], data: GenerationData) -> None:
        pass

    def has_set_aside(self, generation_id: str, what: str) -> bool:
        return True


def picture_file(size: tuple[int, int] = (90, 160), colour: str = "teal", kind: str = "PNG") -> bytes:
    """Return the file of a picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()
