"""What a part of the local cloud needs of a store: documents by name; without a store they are forgotten.

Touches the store's database.
"""

from __future__ import annotations

from typing import Protocol

from local.shelf.database import Database, Document, Row


class Shelf(Protocol):
    """Documents by name; what `put` and `remove` did is on the disk when they return, or NotWrittenError is raised."""

    def put(self, name: str, document: Document) -> None:
        """Keep the document, in place of an earlier one of that name."""
        ...

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        ...

    def get(self, name: str) -> Document | None:
        """Return the document of that name."""
        ...

    def all(self) -> dict[str, Document]:
        """Return all of them by name, in the order of the names."""
        ...


class NoShelf:
    """Keeps nothing."""

    def put(self, name: str, document: Document) -> None:
        """Forget it."""

    def remove(self, name: str) -> None:
        """Do nothing."""

    def get(self, name: str) -> None:  # noqa: ARG002 - the shape is fixed
        """Return None."""
        return

    def all(self) -> dict[str, Document]:
        """Return nothing."""
        return {}


class StoreShelf:
    """A shelf of a store."""

    def __init__(self, database: Database, shelf: str) -> None:
        self._database = database
        self._shelf = shelf

    def put(self, name: str, document: Document) -> None:
        """Write the document."""
        self._database.write([Row(self._shelf, name, document)])

    def remove(self, name: str) -> None:
        """Take it off."""
        self._database.write([Row(self._shelf, name, None)])

    def get(self, name: str) -> Document | None:
        """Return the document of that name."""
        return self._database.get(self._shelf, name)

    def all(self) -> dict[str, Document]:
        """Return all of them by name, in the order of the names."""
        return self._database.all(self._shelf)
