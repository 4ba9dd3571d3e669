"""A cloud with a store in which one recording is becoming many videos, each held at a moment, until it is killed.

Touches the store in the folder that the command line names; prints as JSON which video is the recording's, and goes on
where an earlier cloud was killed that is given what that one has printed.
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from local.api_client import ApiClient
from local.emulators.aws.faults_before_moto import ObservedRequest
from local.store.store import Store
from local.system import LocalSystem
from tests.chaos.leftovers import LISTS
from tests.chaos.run import SHORT, await_end, recording_of
from tests.local import film
from tests.local.clip_stops import FIRST_LIFE, ORDERS, SECOND_LIFE, ApiMoment, Stop
from tests.local.crashes import function_of
from tests.local.jobs import quick
from tests.local.kept_cloud import CHOICES, Hold, Moment

# Seconds: what is said is a film of one scene, and a clip of it may end anywhere in the silence after it.
WHOLE = 6.0
TIMEOUT = 60


@dataclass
class HoldOfChildren(Hold):
    """Holds each new child of the recording's video at the next of the moments that were named."""

    following: list[Moment] = field(default_factory=list[Moment])

    def see(self, request: ObservedRequest) -> None:
        """Hold a child's job where it is to be held; called with each request, before and after it is answered."""
        child = _new_child(request)
        if child and self.following:
            self.add(child, self.following.pop(0))
        super().see(request)


def _new_child(request: ObservedRequest) -> str:
    """Return the id of the child whose record the API is about to write, or nothing."""
    operation, _, document = request.text.partition(" / ")
    if function_of(request) != "Api" or operation != "PutItem" or request.is_answered:
        return ""
    item = json.loads(document)["Item"]
    return item["video_id"]["S"] if "parent_id" in item or "variant_of" in item else ""


@dataclass
class Cut:
    """Ends the API's work on an order at its moment: the function dies, or is held for ever."""

    system: LocalSystem
    moment: ApiMoment
    is_held: bool
    count: int = 0
    arrival: threading.Event = field(default_factory=threading.Event)

    def see(self, request: ObservedRequest) -> None:
        """End it at its moment; called with each request. Raises ConnectionError, which hangs up."""
        self.count += self.moment.is_such(request)
        if self.arrival.is_set() or self.count < self.moment.nth:
            return
        self.arrival.set()
        if self.is_held:
            threading.Event().wait()
        assert self.system.cloud.kill(request.trace) == 1
        raise ConnectionError


def ask(system: LocalSystem, parent: str, key: str) -> requests.Response:
    """Send the order that has this key."""
    order = ORDERS[key]
    headers = {"Authorization": system.token()(), "Idempotency-Key": key}
    url = system.cloud.api_url + order.path.format(parent)
    return requests.post(url, json=order.body, headers=headers, timeout=TIMEOUT)


def begin(system: LocalSystem, recording: Path) -> dict[str, Any]:
    """Make the recording's video, and order clips and formats of it; return them once each stands where it is to."""
    api = ApiClient(system.cloud.api_url, system.token())
    parent = api.upload(recording, "talk", "audio/flac")
    api.start(parent, CHOICES)
    assert await_end(system, parent) == "SUCCEEDED"
    hold = HoldOfChildren()
    _listen(system, hold)
    children = dict[str, list[str]]()
    for key, stop in FIRST_LIFE.items():
        if stop.cut:
            _cut_off(system, parent, key, stop)
            continue
        hold.following += stop.moments
        children[key] = ids_of(ask(system, parent, key))
        await_all(hold)
    return {"parent": parent, "item": item_of(system, parent), "children": children}


def go_on(system: LocalSystem, earlier: dict[str, Any]) -> None:
    """Go on with what an earlier cloud has left, until each stands where it is to be killed again."""
    hold = Hold()
    for key, stop in SECOND_LIFE.items():
        for child, moment in zip(earlier["children"].get(key, []), stop.moments, strict=True):
            hold.add(child, moment)
    _listen(system, hold)
    system.cloud.keeper.recover(system.cloud, lambda _: None)
    await_all(hold)
    let_leases_end(system)
    for key, stop in SECOND_LIFE.items():
        if stop.cut:
            _cut_off(system, earlier["parent"], key, stop)


def _listen(system: LocalSystem, hold: Hold) -> None:
    system.cloud.aws.listeners.append(hold.see)
    system.veo.listeners.append(hold.order)


def _cut_off(system: LocalSystem, parent: str, key: str, stop: Stop) -> None:
    """Send an order and wait until the API's work on it has ended where it is to."""
    assert stop.cut
    cut = Cut(system, stop.cut, stop.is_held)
    system.cloud.aws.listeners.append(cut.see)
    caller = threading.Thread(target=ask, args=[system, parent, key], daemon=True)
    caller.start()
    cut.arrival.wait()
    if not cut.is_held:
        caller.join()
        system.cloud.aws.listeners.remove(cut.see)


def await_all(hold: Hold) -> None:
    """Wait until each job that is to be held is."""
    for arrival in list(hold.arrivals.values()):
        arrival.wait()


def ids_of(answer: requests.Response) -> list[str]:
    """Return the videos that were begun by the order of which this is the answer."""
    assert answer.ok, answer.text
    return [row["videoId"] for row in answer.json().get("clips", [answer.json()])]


def let_leases_end(system: LocalSystem) -> None:
    """As if so much time had gone by that no function can be answering a request with a key any more."""
    client = system.cloud.client("dynamodb")
    table = system.cloud.resources[LISTS]
    for item in client.scan(TableName=table)["Items"]:
        if "in_progress_expiration" in item:
            client.put_item(TableName=table, Item=item | {"in_progress_expiration": {"N": "1"}})


def talk_of(folder: Path) -> Path:
    """Return a recording that is silent after what is said, as a file in `folder`."""
    return film.make_sound(recording_of(folder, SHORT), folder / "talk.flac", "-af", f"apad=whole_dur={WHOLE}")


def item_of(system: LocalSystem, video: str) -> dict[str, Any]:
    """Return the video's record as the table holds it."""
    table = system.cloud.outputs["TableName"]
    return system.cloud.client("dynamodb").get_item(TableName=table, Key={"video_id": {"S": video}})["Item"]


def main() -> None:
    folder = Path(sys.argv[1])
    earlier: dict[str, Any] = json.loads(sys.argv[2]) if sys.argv[2:] else {}
    with Store(folder / "kept") as store, quick(store=store) as system:
        if earlier:
            go_on(system, earlier)
        print(json.dumps(earlier or begin(system, talk_of(folder))), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
