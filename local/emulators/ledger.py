"""Write down every thing that an emulator sold, so tests can compare bought with needed.

Touches memory, from many threads, and the shelf of a store if there is one.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any

from local.shelf.shelf import NoShelf, Shelf

CLIP = "clip"
TEXT = "text"
PICTURE = "picture"


@dataclass(frozen=True)
class Entry:
    """One sale: `seconds` of film of a `resolution` for a clip and the order's labels, tokens for a text.

    `first_frame` is the SHA-256 of the picture that the clip begins with, in hexadecimal.
    """

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
    resolution: str = ""
    first_frame: str = ""


class Ledger:
    """A thread-safe list of sales, oldest first; it begins with those on the shelf."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or NoShelf()
        self._entries = {name: Entry(**entry) for name, entry in self._shelf.all().items()}
        self._next = int(max(self._entries, default="0")) + 1
        self._lock = threading.Lock()

    @property
    def entries(self) -> list[Entry]:
        """A copy of all sales so far."""
        with self._lock:
            return list(self._entries.values())

    def add(self, entry: Entry) -> None:
        """Record one sale. Raises NotWrittenError, and then nothing was sold."""
        with self._lock:
            self._put(f"{self._next:012d}", entry)
            self._next += 1

    def refund(self, operation: str) -> None:
        """Mark every sale of `operation` as not charged."""
        with self._lock:
            for name, entry in self._entries.items():
                if entry.operation == operation:
                    self._put(name, replace(entry, charged=False))

    def _put(self, name: str, entry: Entry) -> None:
        # A store is no place for words of a video that may be deleted.
        self._shelf.put(name, asdict(replace(entry, prompt="")))
        self._entries[name] = entry

    def clips(self) -> list[Entry]:
        """Return the clips whose submission was accepted."""
        return [entry for entry in self.entries if entry.what == CLIP]

    def pictures(self) -> list[Entry]:
        """Return the pictures that were asked for and not refused."""
        return [entry for entry in self.entries if entry.what == PICTURE]

    def charged_clips(self) -> list[Entry]:
        """Return the accepted clips that cost money."""
        return [entry for entry in self.clips() if entry.charged]

    def as_json(self) -> dict[str, Any]:
        """Return all sales as a JSON-ready document, with the two counts of clips."""
        return {
            "entries": [asdict(entry) for entry in self.entries],
            "clips": len(self.clips()),
            "charged_clips": len(self.charged_clips()),
        }
