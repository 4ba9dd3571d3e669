"""Connect a store with the cloud of this process: everything moto holds is loaded from it, and followed from then on.

Touches the store, moto's backends and the methods of its that change them.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any, Protocol

from local.api_client import ApiClient
from local.cloudformation import names
from local.emulators.transcribe.emulator import TranscribeEmulator
from local.http.messages import Application
from local.moto_plugins import event_bus
from local.moto_plugins.event_bus import EventBus, Invoke
from local.store import buckets, tables, users
from local.store.executions import Executions
from local.store.journal import Journal
from local.store.recovery import Recovery
from local.store.retention import Retention
from local.store.store import DELIVERIES, EXECUTIONS, Store

ClientOf = Callable[[str], Any]

_COGNITO = "AWSCognitoIdentityProviderService"


class Cloud(Protocol):
    """What recovering needs of a cloud."""

    api_url: str

    def id_token_of(self, user_id: str) -> str:
        """Return a fresh ID token of the user that records call so."""
        ...


class NoKeeper:
    """Keeps nothing: the cloud is gone with its process.

    `folder` is the store's, "" without one; `live` names the providers that are used for real.
    """

    folder = ""
    live: list[str] = []  # noqa: RUF012 - nobody adds to it

    def __init__(self) -> None:
        # With a character of each kind that a pool's policy may want.
        self.password = f"{secrets.token_urlsafe(18)}-Aa1!"

    def naming(self) -> AbstractContextManager[None]:
        """Return the block in which the stack is made."""
        return nullcontext()

    def around(self, moto: Application) -> Application:
        """Return the WSGI application that serves moto's requests."""
        return moto

    def bus(self, invoke: Invoke) -> EventBus:
        """Return the event bus."""
        return EventBus(invoke)

    def load(self, exits: ExitStack) -> None:
        """Load what is stored into the stack, and follow what changes until `exits` ends."""

    def go_on(self, bus: EventBus, transcribe: TranscribeEmulator, client: ClientOf, exits: ExitStack) -> None:
        """Go on with what the end of an earlier process broke off; `client` makes a service's boto3 client.

        `exits` ends before everything else does.
        """

    def recover(self, cloud: Cloud, say: Callable[[str], None]) -> None:
        """Go on with the videos whose making was interrupted, in the background; `say` is told of each."""


class Keeper(NoKeeper):
    """Keeps everything in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.folder = str(store.folder)
        self.live = store.live
        self.password = store.password
        self.executions = Executions(store.shelf(EXECUTIONS), store.live)
        self._journal = Journal(store.database, {_COGNITO: users.UsersChange})

    def naming(self) -> AbstractContextManager[None]:
        """Return the block in which the stack gets the names that it had before."""
        return names.following(self._store.root)

    def around(self, moto: Application) -> Application:
        """Return the WSGI application that answers when everything is on the disk."""
        return self._journal.around(moto)

    def bus(self, invoke: Invoke) -> EventBus:
        """Return the event bus, whose deliveries outlive this process."""
        return EventBus(invoke, self._store.shelf(DELIVERIES), self.executions.end)

    def load(self, exits: ExitStack) -> None:
        """Load what is stored into the stack, and follow what changes until `exits` ends.

        Raises InvalidRequest when the store does not fit the stack, or is not whole.
        """
        tables.load(self._store.database)
        buckets.load(self._store.database, self._store.bodies)
        users.load(self._store.database)
        self.executions.load()
        follow: tuple[Callable[[], AbstractContextManager[None]], ...] = (
            lambda: tables.kept_by(self._journal),
            lambda: buckets.kept_by(self._journal, self._store.bodies),
            self.executions.follow,
        )
        for each in follow:
            exits.enter_context(each())

    def go_on(self, bus: EventBus, transcribe: TranscribeEmulator, client: ClientOf, exits: ExitStack) -> None:
        """Hear what was not heard, and deliver what was not delivered, the ends of aborted executions included."""
        # The store is left as a kill would leave it: what breaks off while the cloud comes down is no failure.
        exits.callback(self._store.database.close)
        closing = threading.Event()
        exits.callback(closing.set)
        retention = Retention(client, self._store.forget_old)
        threading.Thread(target=retention.run, args=[closing], name="retention", daemon=True).start()
        transcribe.restore()
        bus.deliver_again()
        self.executions.tell(event_bus.tell)

    def recover(self, cloud: Cloud, say: Callable[[str], None]) -> None:
        """Go on with the videos whose making was interrupted, in the background; `say` is told of each."""

        def sign_in(user_id: str) -> ApiClient:
            return ApiClient(cloud.api_url, lambda: cloud.id_token_of(user_id))

        recovery = Recovery(self.executions, self.live, sign_in, say)
        threading.Thread(target=recovery.run, name="recovery", daemon=True).start()
