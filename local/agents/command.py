"""`reelwright mcp`: the tools for one agent on standard input and output, or for several on a port of loopback.

Touches what `session.api` does, or an API elsewhere, and the transport.
"""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from local.agents import server
from local.api_client import ApiClient
from local.client import session
from local.client.exit_status import say
from local.processes import surroundings
from shared.errors import InvalidRequest, SettingMissing

TOKEN = "REELWRIGHT_TOKEN"
HOST = "127.0.0.1"


def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serve the tools until the agent leaves, or until Ctrl-C; return the exit status.

    Raises SettingMissing when the API elsewhere has no token, and what `session.api` raises.
    """
    with _api(namespace, environment) as api:
        if namespace.http is None:
            # To wait for an agent's next line cannot be interrupted; a thread that does can be left behind.
            waiting = threading.Thread(target=server.of_user(api).run, daemon=True)
            waiting.start()
            waiting.join()
        else:
            say(f"MCP           http://{HOST}:{namespace.http}/mcp  (with an ID token of the API as its bearer token)")
            server.of_callers(api.url).run("streamable-http", host=HOST, port=namespace.http)
    return 0


@contextmanager
def _api(namespace: argparse.Namespace, environment: Mapping[str, str]) -> Generator[ApiClient]:
    if not namespace.url:
        data = session.data_folder(namespace.data, environment)
        with session.api(session.SessionOptions(data, namespace.live or None, environment, namespace.user)) as api:
            yield api
        return
    if not namespace.url.startswith("https://"):
        raise InvalidRequest("--url: name the API's address, which begins with https://.")
    token = environment.get(TOKEN, "")
    if not token and namespace.http is None:
        raise SettingMissing(f"{TOKEN} is not set: it is the ID token of the user to act as.")
    # It is reached as the user reaches the internet.
    os.environ.update(surroundings.for_providers(environment))
    yield ApiClient(namespace.url.rstrip("/"), lambda: token)
