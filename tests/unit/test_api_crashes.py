"""The API dies at every single thing it does for an order of clips, or of a variant: asked again, it goes on with it.

A step is a request to S3 or DynamoDB that writes; dying after it is dying before the next, and one that only reads
leaves the world as it was. The order is repeated with its key, as a client does that heard no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count, product
from typing import Any

import pytest

from functions.api.app import make_app
from functions.api.pace import StartRate
from shared import media_keys
from shared.aws import clients
from shared.video.ending import NOT_FOUND, Ended
from tests.unit.api_calls import KEYS, SITE, Api, FakeMachine, forget_starts, make_api
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO
from tests.unit.test_api_moments import with_moments
from tests.unit.test_api_plan import record_of_video, store

READS = ("Get", "Head", "List", "Query", "Scan")
COPY = f"uploads/user1/{VIDEO}/copies/1"


class DiedError(BaseException):
    """The function is no more: nothing of ours can catch it."""


@contextmanager
def dying_after(step: int) -> Generator[None]:
    """Let the process die after the step numbered so, from 1."""
    steps = list[str]()

    def die(model: Any, **_: Any) -> None:
        steps.extend([] if model.name.startswith(READS) else [model.name])
        if len(steps) >= step:
            raise DiedError

    def stay_dead(**_: Any) -> None:
        # A copy is made in threads of its own, in which the death is lost.
        if len(steps) >= step:
            raise DiedError

    handlers = {"after-call": die, "before-call": stay_dead}
    emitters = [clients.s3().meta.events, clients.dynamodb().meta.events]
    for emitter, (event, handler) in product(emitters, handlers.items()):
        emitter.register(event, handler)
    try:
        yield
    finally:
        for emitter, (event, handler) in product(emitters, handlers.items()):
            emitter.unregister(event, handler)


@dataclass(frozen=True)
class Order:
    """What is order_of of a video of the caller's, and how many videos it becomes."""

    path: str
    body: dict[str, Any]
    count: int

    def send(self, call: Api, key: str) -> list[str]:
        """Return the ids of the videos that were begun."""
        answer = call("POST", self.path, self.body, Idempotency_Key=key)
        assert answer.status == 202, answer.body
        return [row["videoId"] for row in answer.body.get("clips", [answer.body])]

    def children(self, call: Api) -> set[str]:
        return {video["video_id"] for video in call("GET", self.path).body["videos"]}


@dataclass(frozen=True)
class Starting(FakeMachine):
    """A machine that knows of no execution but those that it has started, and may die before it starts one."""

    def describe(self, execution_arn: str) -> Ended:
        arns = {self.execution_arn(request, run) for request, run in self.started}
        return Ended("RUNNING") if execution_arn in arns else Ended(NOT_FOUND)


@pytest.fixture(name="call")
def api_with_a_video_and_moments(cloud: None) -> Api:
    call = make_api()
    machine = Starting(call.machine.arn)
    services = replace(call.services, machine=machine, pace=StartRate(KEYS, 10_000))
    return Api(make_app(services, [SITE]), machine, services)


def of_clips(call: Api) -> Order:
    parent = with_moments(call)
    # Each key orders clips of its own, whatever those of the others are like.
    body = {"moments": ["m1", "m2"], "goal": "draft", "again": True}
    return Order(f"/videos/{parent}/clips", body, 2)


def of_a_variant(call: Api) -> Order:
    bucket = call.services.bucket
    store(record_of_video().model_copy(update={"recording_copy": COPY, "recording_etag": "1"}))
    bucket.write_bytes(COPY, b"abc", "audio/mpeg")
    bucket.write_text(media_keys.transcript(VIDEO, GENERATION), "{}")
    for take in ("take1", "take2"):
        bucket.write_bytes(media_keys.take(VIDEO, GENERATION, take, "clip"), take.encode(), "video/mp4")
    return Order(f"/ai-video/{VIDEO}/variants", {"aspectRatio": "1:1"}, 1)


def wait_for_leases() -> None:
    """As if so much time had gone by that nobody can be answering a request with a key any more."""
    client = clients.dynamodb()
    for item in client.scan(TableName=KEYS)["Items"]:
        if "in_progress_expiration" in item:
            client.put_item(TableName=KEYS, Item=item | {"in_progress_expiration": {"N": "1"}})


def go_on(call: Api, order: Order, key: str) -> list[str]:
    """Order again what was not answered: what was written and not started is started."""
    wait_for_leases()
    return order.send(call, key)


@pytest.mark.parametrize("order_of", [of_clips, of_a_variant])
def test_a_crash_at_any_step_of_an_order_leaves_it_to_be_gone_on_with(
    call: Api, order_of: Callable[[Api], Order]
) -> None:
    order = order_of(call)
    children = list[str]()
    step = 0
    for step in count(1):
        key = f"key{step}"
        with suppress(DiedError), dying_after(step):
            children += order.send(call, key)
            break
        videos = go_on(call, order, key)
        assert len(videos) == order.count, step
        children += videos
        for video in videos:
            runs = {run for request, run in call.machine.started if request.video_id == video}
            assert len(runs) == 1, step
            assert call("GET", f"/ai-video/{video}").body["video"]["ai_generation_status"] == "processing", step
            assert_whole(call, video)
    assert step > 10
    assert len({*children}) == len(children)
    assert order.children(call) == {*children}


def assert_whole(call: Api, video: str) -> None:
    """Assert that the video's first run finds what it needs: recording, transcript, and of a variant its takes."""
    record = call.services.table.get(video)
    assert record
    assert record.ai_generation_data
    bucket = call.services.bucket
    assert bucket.holds(record.recording_copy)
    ids = video, record.ai_generation_data.generation_id
    assert bucket.holds(media_keys.transcript(*ids))
    assert all(bucket.holds(media_keys.take(*ids, name, "clip")) for name in record.ai_generation_data.takes)


@pytest.mark.parametrize("path", ["/ai-video", "/videos/{}/moments"])
def test_a_start_that_was_written_and_never_made_is_made_by_the_next_try(call: Api, path: str) -> None:
    video = call.upload()
    body = {"metadata": {"show": "1"}, "goal": "draft", "videoId": video} if path == "/ai-video" else {"count": 1}
    assert call("POST", path.format(video), body, Idempotency_Key="k").status == 202
    starts = forget_starts(call)
    assert call("POST", path.format(video), body, Idempotency_Key="k").status == 202
    assert call.machine.started == starts


def test_what_was_written_for_another_state_machine_is_not_started_on_this_one(call: Api) -> None:
    body = {"videoId": call.upload()}
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    forget_starts(call)
    clients.dynamodb().update_item(
        TableName=TABLE,
        Key={"video_id": {"S": body["videoId"]}},
        UpdateExpression="SET ai_generation_data.execution_arn = :former",
        ExpressionAttributeValues={":former": {"S": "arn:aws:states:us-east-1:123456789012:execution:Former:x"}},
    )
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    assert call.machine.started == []
