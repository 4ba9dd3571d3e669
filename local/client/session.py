"""Reach the cloud that a command works with: one of its own, with a store or without, or the one that is served.

Touches the store, and starts and ends what it needs.
"""

from __future__ import annotations

import argparse
import logging
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from local import live, signing
from local.api_client import ApiClient, ApiError
from local.client import exit_status
from local.client.make import GenerationFailed
from local.processes import imports, runs
from local.store import folder as folders
from local.store.store import Store
from shared.contracts import VIDEO_ID_PATTERN
from shared.errors import InvalidRequest

# Tries of a call of a cloud in this very process. Nothing on the way to it fails in passing: what does not answer after
# a few seconds is gone, and a minute more of waiting, as for a network or a service, would help nobody.
OWN_TRIES = 4

if TYPE_CHECKING:
    from local.system import LocalSystem


@dataclass(frozen=True)
class SessionOptions:
    """What a command asks for: the folder of its store (None: it keeps nothing), live providers, the user.

    A command that buys nothing asks for no providers (None), and takes those of the cloud that is served.
    """

    data: Path | None
    live: Sequence[str] | None = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    user: str = "demo"
    api_port: int = 0


def data_folder(data: Path | None, environment: Mapping[str, str]) -> Path:
    """Return the folder of a store: the one that was named, or else the user's own."""
    return (data or folders.default(environment)).expanduser().absolute()


def of_store(namespace: argparse.Namespace, environment: Mapping[str, str]) -> SessionOptions:
    """Return what a command on the store asks for: of providers only what its own options name.

    Raises InvalidRequest when the command line names a folder that holds none: nothing that is looked for is there.
    """
    video = getattr(namespace, "video", None)
    if isinstance(video, str) and not re.fullmatch(VIDEO_ID_PATTERN, video):
        raise InvalidRequest(f"{video}: no video has such an id; `list` prints them, and `make FILE --keep` makes one.")
    data = data_folder(namespace.data, environment)
    if namespace.data and not folders.holds_store(data):
        raise InvalidRequest(f"--data {namespace.data}: there is no store; name the folder that `make` or `serve` had.")
    return SessionOptions(data, getattr(namespace, "live", None), environment, namespace.user)


def of_any_store(namespace: argparse.Namespace, environment: Mapping[str, str]) -> SessionOptions:
    """Return what a command asks for that only looks: none is made where there is no store yet."""
    options = of_store(namespace, environment)
    return options if options.data and folders.holds_store(options.data) else replace(options, data=None)


@contextmanager
def local_system(options: SessionOptions, say: Callable[[str], None] = lambda _: None) -> Generator[LocalSystem]:
    """Bring a cloud up for the length of the block.

    Raises InvalidRequest when its store cannot be used, SettingMissing when a live provider's key is missing, or what
    videos are to be signed by.
    """
    # Before anything starts, so that a missing key is told of at once.
    providers = options.live or ()
    live.secret(providers, options.environment)
    signing.secret(options.environment)
    with ExitStack() as exits:
        # Before the imports, which take seconds: a store that cannot be used is told of at once.
        is_new = options.data is not None and not folders.holds_store(options.data)
        store = exits.enter_context(Store(options.data, providers)) if options.data else None
        if is_new:
            exit_status.say(f"A new store was made in {options.data}.")
        say("Starting the embedded cloud …")
        with imports.without_garbage_collection():
            from local.clients import read_descriptions_once

            read_descriptions_once()
            from local.system import LocalSystem

        # An execution may outlive the cloud by a moment, and would tell that it is gone.
        logging.getLogger("moto").setLevel(logging.CRITICAL)
        instance = LocalSystem(providers, api_port=options.api_port, environment=options.environment, store=store)
        yield exits.enter_context(instance)


def _other_providers(served_providers: Sequence[str]) -> str:
    if served_providers:
        return f"is served with --live {','.join(sorted(served_providers))}; use the same here"
    return "is served without --live; leave that out here"


@contextmanager
def api(options: SessionOptions, say: Callable[[str], None] = lambda _: None) -> Generator[ApiClient]:
    """Reach a cloud with the store: the one that is served from it, or else one for the length of the block.

    `say` is told while one is started. Raises InvalidRequest when another command uses the store, or with other live
    providers, SettingMissing as `local_system` does, and DiskFullError instead of what a full disk has led to.
    """
    card = next((card for card in runs.cards() if options.data and card.get("data") == str(options.data)), None)
    if card:
        if options.live is not None and sorted(card["live"]) != sorted(options.live):
            raise InvalidRequest(f"{options.data}: {_other_providers(card['live'])}; or stop that `serve`.")
        from local.sign_in import CurrentToken, id_token

        try:
            yield ApiClient(card["api"], CurrentToken(lambda: id_token(card["port"], options.user)))
        except exit_status.Stopped as stop:
            stop.words = exit_status.SAID_BESIDE_SERVE
            raise
        return
    with local_system(options, say) as system:
        say("")
        disk = runs.current().disk
        try:
            yield ApiClient(system.cloud.api_url, system.token(options.user), OWN_TRIES, disk.check)
        except (ApiError, GenerationFailed):
            # The cause of it, where a disk was full.
            disk.check()
            raise
