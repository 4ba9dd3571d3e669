"""The command `link`: a public link of a finished video, by which whoever has it watches it, until it is taken back.

Touches the API, the files that this user's running commands tell of themselves by, and both standard streams.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from local.api_client import ApiClient
from local.client import exit_status, session
from local.client.exit_status import DONE
from local.client.options import API_PORT
from local.client.versions import choose
from local.processes import runs
from shared.errors import InvalidRequest
from shared.http.responses import LinkShown
from shared.http.views import VersionView

NOT_SERVED = "note: it opens on this machine, and while `reelwright serve` runs"


def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Print the link, or take it back; return the exit status. Raises InvalidRequest or ApiError."""
    options = session.of_store(namespace, environment)
    with session.api(options) as api:
        version = _version(api.versions(namespace.video), namespace.version)
        parts = (namespace.video, "versions", version.generation_id, "link")
        path = f"/ai-video/{'/'.join(quote(part, safe='') for part in parts)}"
        if namespace.take_back:
            exit_status.say(str(api.call("DELETE", path).body["message"]))
            return DONE
        answer = LinkShown.model_validate(api.call("PUT", path).body)
        is_served = any(card.get("data") == str(options.data) for card in runs.cards())
        print(f"{_base(api, is_served=is_served)}{answer.public_link}")
    if not is_served:
        exit_status.say(NOT_SERVED)
    return DONE


def _version(versions: list[VersionView], generation: str | None) -> VersionView:
    if not versions:
        raise InvalidRequest("This recording has no finished video yet; `reelwright run ID` makes one.")
    return choose(versions, generation) if generation else versions[0]


def _base(api: ApiClient, *, is_served: bool) -> str:
    """Return the API's address; of a cloud that ends with this command that of the next `serve`."""
    return api.url if is_served else f"http://127.0.0.1:{API_PORT}{urlsplit(api.url).path}"
