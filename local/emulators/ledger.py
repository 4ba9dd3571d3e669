"""Write down every thing that an emulator sold, so tests can compare bought with needed.

Touches memory only, from many threads.
"""

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any

CLIP = "clip"
TEXT = "text"


@dataclass(frozen=True)
class Entry:
    """One sale: `seconds` of film for a clip and the order's labels, tokens for a text."""

    what: str
    model: str
    prompt: str
    charged: bool
    operation: str
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    video: str = ""
    scene: int = 0


class Ledger:
    """A thread-safe list of sales, oldest first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    @property
    def entries(self) -> list[Entry]:
        """A copy of all sales so far."""
        with self._lock:
            return list(self._entries)

    def add(self, entry: Entry) -> None:
        """Record one sale."""
        with self._lock:
            self._entries.append(entry)

    def refund(self, operation: str) -> None:
        """Mark every sale of `operation` as not charged."""
        with self._lock:
            self._entries = [
                replace(entry, charged=False) if entry.operation == operation else entry for entry in self._entries
            ]

    def clips(self) -> list[Entry]:
        """The clips whose submission was accepted."""
        return [entry for entry in self.entries if entry.what == CLIP]

    def charged_clips(self) -> list[Entry]:
        """The accepted clips that cost money."""
        return [entry for entry in self.clips() if entry.charged]

    def as_json(self) -> dict[str, Any]:
        """All sales as a JSON-ready document, with the two counts of clips."""
        return {
            "entries": [asdict(entry) for entry in self.entries],
            "clips": len(self.clips()),
            "charged_clips": len(self.charged_clips()),
        }
