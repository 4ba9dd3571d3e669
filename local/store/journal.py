"""Write what a request changes in moto to the store before the request is answered; what cannot be written is undone.

Touches the store, and what the changes themselves touch.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from local.http import aws_wire as wire
from local.http.aws_wire import AwsRefusal
from local.http.body import Environ
from local.http.messages import Application, StartResponse
from local.processes import runs
from local.shelf.database import Database, NotWrittenError, Row, StoreClosedError

# What AWS's services call a failure of their own, by the first part of the target; S3 has no target.
_FAILURES = {
    "DynamoDB_20120810": "InternalServerError",
    "AWSCognitoIdentityProviderService": "InternalErrorException",
    "Transcribe": "InternalFailureException",
}
_OF_S3 = AwsRefusal(500, "InternalError", "We encountered an internal error. Please try again.")
_READS = ("GET", "HEAD", "OPTIONS")


class Change(Protocol):
    """One thing that a request may have changed, seen before it did."""

    @property
    def what(self) -> tuple[str, ...]:
        """What tells this thing from every other."""
        ...

    def rows(self) -> Iterable[Row]:
        """Return how it is now; raise NotWrittenError when a part of it could not be put onto the disk."""
        ...

    def undo(self) -> None:
        """Bring it back to how it was seen."""
        ...

    def note_written(self) -> None:
        """Be told that it is on the disk."""
        ...


class Journal:
    """Follows every request; `watch` gives what a request may change that is seen by its target alone."""

    def __init__(self, database: Database, watch: Mapping[str, Callable[[], Change]]) -> None:
        self._database = database
        self._watch = dict(watch)
        self._own = threading.local()
        # A change is looked at and written by one thread at a time: what is written last is what is true.
        self._writing = threading.Lock()
        self._is_failing = False

    @contextmanager
    def unit(self) -> Generator[None]:
        """Write all that is changed in the block, which may be part of a larger one. Raises NotWrittenError."""
        if self._changes() is not None:
            yield
            return
        changes = dict[tuple[str, ...], Change]()
        self._own.changes = changes
        try:
            yield
        finally:
            self._own.changes = None
            self._write(list(changes.values()))

    def touch(self, change: Change) -> None:
        """Say, inside a unit, what is about to be changed."""
        changes = self._changes()
        if changes is None:
            raise RuntimeError("nothing may be changed outside of a unit")
        changes.setdefault(change.what, change)

    def around(self, application: Application) -> Application:
        """Return the WSGI application that answers once everything is on the disk, and refuses when it cannot be."""

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            target = str(environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")[0]
            if not target and environ["REQUEST_METHOD"] in _READS:
                return application(environ, start_response)
            start_arguments: list[Any] = []

            def start(*arguments: Any) -> None:
                start_arguments[:] = arguments

            try:
                with self.unit():
                    if target in self._watch:
                        self.touch(self._watch[target]())
                    body = _whole(application(environ, start))
            except NotWrittenError:
                service, refusal = _refusal(target)
                return wire.refuse(service, refusal, environ, start_response)
            start_response(*start_arguments)
            return body

        return serve

    def _changes(self) -> dict[tuple[str, ...], Change] | None:
        return getattr(self._own, "changes", None)

    def _write(self, changes: list[Change]) -> None:
        with self._writing:
            try:
                rows = [row for change in changes for row in change.rows()]
                if rows:
                    self._database.write(rows)
            except NotWrittenError as error:
                for change in changes:
                    change.undo()
                self._tell(error)
                raise
            for change in changes:
                change.note_written()
            self._is_failing = False

    def _tell(self, error: NotWrittenError) -> None:
        runs.current().disk.note(error)
        # Every request fails now, and one line says why.
        if not self._is_failing and not isinstance(error, StoreClosedError):
            logging.getLogger(__name__).error("The store cannot be written to: %s", error)
        self._is_failing = True


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    """Return the parts of an answer, which is closed as WSGI wants it."""
    try:
        return list(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()


def _refusal(target: str) -> tuple[str, AwsRefusal]:
    if not target:
        return wire.S3, _OF_S3
    return "", AwsRefusal(
        500, _FAILURES.get(target, "InternalFailure"), "The store on this machine cannot be written to."
    )
