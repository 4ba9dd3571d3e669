"""Settle: the end is told once, whatever is repeated or breaks off, and never of another's execution."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from cdk.functions import SETTLE
from functions.settle.adapters import EndingTable, send
from functions.settle.core import CLAIM_SECONDS, JobInput, SettleCall, Which, generation_of, job_of
from functions.settle.settler import Settler
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.errors import EventsUnavailable
from shared.video.ending import Ended
from shared.video.events import VideoEnded, end_event
from shared.video.public_record import Failure
from shared.video.record import VideoRecord
from shared.video.tombstones import VideoLists
from tests.unit.cloud_fixtures import BUCKET, GENERATION, TABLE, VIDEO, record, store

ARN = "arn:aws:states:us-east-1:1:execution:Pipeline:video1-gen1"
TABLE_OF_VIDEOS = EndingTable(TABLE)
NOON = 1_800_000_000.0
JOB = JobInput(video_id=VIDEO, generation_id=GENERATION)


def settle(by: str, seconds: float, send: Callable[[VideoEnded], None]) -> list[str]:
    """Return what a call does that many seconds after noon, when the execution is over and has no account."""
    call = SettleCall(id=by, detail=Which(executionArn=ARN))
    over = (Ended("SUCCEEDED"), JOB.model_dump_json())
    accounts = NoAccounts("keys", TABLE)
    return Settler(at(seconds), accounts, Bucket(BUCKET), NoLists(""), lambda _arn: over, send).settle(call)


class NoAccounts(Refunds):
    """Accounts that hold nothing."""

    def give_back(self, record: VideoRecord, outlay: float) -> float:
        return 0.0


class NoLists(VideoLists):
    """Lists that nobody reads."""

    def add(self, video_id: str, now: float) -> None:
        pass


def final() -> VideoRecord:
    return record().model_copy(update={"ai_generation_status": "completed", "title": "Talk"})


def test_a_record_that_is_not_final_has_no_event() -> None:
    assert end_event(record(), ARN) is None


def test_the_events_id_is_the_executions_name() -> None:
    event = end_event(final(), ARN)
    assert event
    assert (event.id, event.title, event.status) == ("video1-gen1", "Talk", "completed")


def test_the_event_of_a_clip_or_of_another_format_says_of_which_video() -> None:
    clip = end_event(final().model_copy(update={"parent_id": "p"}), ARN)
    variant = end_event(final().model_copy(update={"variant_of": "v"}), ARN)
    assert clip
    assert variant
    origins = [event.model_dump(include={"parent_id", "variant_of"}, exclude_none=True) for event in (clip, variant)]
    assert origins == [{"parent_id": "p"}, {"variant_of": "v"}]


def test_a_review_is_told_with_what_there_is_to_review() -> None:
    base = final()
    data = base.ai_generation_data
    assert data
    data = data.model_copy(update={"goal": "draft"})
    waiting = base.model_copy(update={"ai_generation_status": "awaiting_review", "ai_generation_data": data})
    event = end_event(waiting, ARN)
    assert event
    assert (event.status, event.goal) == ("awaiting_review", "draft")
    whole = end_event(base, ARN)
    assert whole
    assert whole.goal is None


def at(seconds: float) -> EndingTable:
    """Return the table as a call sees it that many seconds after noon."""
    return EndingTable(TABLE, lambda: NOON + seconds)


def test_only_one_call_takes_it_on(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.confirm(VIDEO, "machine")
    assert not TABLE_OF_VIDEOS.take_on(event, ARN, "rule")


def test_no_call_runs_longer_than_its_claim_is_respected() -> None:
    assert SETTLE.timeout == CLAIM_SECONDS


def test_a_call_that_meets_another_at_work_is_repeated_later(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert at(0).take_on(event, ARN, "machine")
    with pytest.raises(EventsUnavailable, match="Another call"):
        at(CLAIM_SECONDS).take_on(event, ARN, "rule")
    at(1).confirm(VIDEO, "machine")
    assert not at(200).take_on(event, ARN, "rule")


def test_what_a_call_took_on_before_it_died_is_taken_over(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert at(0).take_on(event, ARN, "machine")
    assert at(CLAIM_SECONDS + 1).take_on(event, ARN, "rule")
    with pytest.raises(EventsUnavailable, match="Another call"):
        at(CLAIM_SECONDS + 2).take_on(event, ARN, "rule again")
    at(CLAIM_SECONDS + 2).confirm(VIDEO, "machine")
    with pytest.raises(EventsUnavailable, match="Another call"):
        at(CLAIM_SECONDS + 3).take_on(event, ARN, "rule again")


def test_a_repetition_does_not_free_what_the_first_call_has_sent(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert at(0).take_on(event, ARN, "machine")
    at(1).confirm(VIDEO, "machine")
    at(2).release(VIDEO, "machine")
    assert not at(3).take_on(event, ARN, "rule")


class Killed(BaseException):
    """The function dies: nothing of it runs any more."""


def test_the_event_of_a_call_that_was_killed_before_it_sent_is_sent_once(cloud: None) -> None:
    store(final())
    events: list[VideoEnded] = []

    def die(_event: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        settle("machine", 0, die)
    with pytest.raises(EventsUnavailable):
        settle("rule", 5, events.append)
    assert events == []
    assert settle("rule", 5 + 60, events.append) == ["told"]
    assert settle("rule", 5 + 60 + 120, events.append) == []
    assert [event.id for event in events] == ["video1-gen1"]


def test_an_event_that_was_sent_and_not_confirmed_is_sent_again_under_its_id(cloud: None) -> None:
    store(final())
    events: list[VideoEnded] = []

    def send_and_die(event: VideoEnded) -> None:
        events.append(event)
        raise Killed

    with pytest.raises(Killed):
        settle("machine", 0, send_and_die)
    assert settle("rule", 65, events.append) == ["told"]
    assert [event.id for event in events] == ["video1-gen1"] * 2


def test_the_call_that_was_cut_off_may_go_on_until_it_is_confirmed(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.confirm(VIDEO, "machine")
    assert not TABLE_OF_VIDEOS.take_on(event, ARN, "machine")


def test_what_could_not_be_sent_is_free_for_another_call(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.release(VIDEO, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "rule")


def test_the_next_execution_of_a_resumed_generation_is_told_anew(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.confirm(VIDEO, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, f"{ARN}-2", "machine")


def test_a_newer_generation_is_not_told_of(cloud: None) -> None:
    store(final())
    event = end_event(final(), ARN)
    assert event
    assert not TABLE_OF_VIDEOS.take_on(event.model_copy(update={"generation_id": "older"}), ARN, "rule")


def test_the_record_of_another_execution_is_left_alone() -> None:
    data = record().ai_generation_data
    assert data
    other = record().model_copy(update={"ai_generation_data": data.model_copy(update={"execution_arn": "arn:other"})})
    assert generation_of(other, JOB, ARN) is None
    assert generation_of(record(), JOB, ARN) == data
    assert generation_of(record(), JOB.model_copy(update={"generation_id": "older"}), ARN) is None


@pytest.mark.parametrize("text", ["", "[]", "1", "{}", '{"video_id": 5}', '{"video_id": "v"}', "not json"])
def test_an_input_that_is_not_ours_names_no_video(text: str) -> None:
    assert job_of(text) is None


def test_the_input_names_the_video_and_the_generation() -> None:
    assert job_of(json.dumps({"video_id": VIDEO, "generation_id": GENERATION, "user_id": "u"})) == JOB


def test_an_event_that_the_bus_does_not_take_is_an_error_to_try_again(cloud: None) -> None:
    event = end_event(final(), ARN)
    assert event
    reply: Any = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    with Stubber(clients.events()) as bus:
        bus.add_response("put_events", reply)
        with pytest.raises(EventsUnavailable, match="ThrottlingException"):
            send(event)


def test_an_event_names_nothing_of_the_deployment() -> None:
    base = record()
    assert base.ai_generation_data
    message = "Permission denied on resource project my-project by arn:aws:iam::123456789012:role/Plan (3 tries)."
    failure = Failure(step="scene_planning", error="PermissionMissing", message=message)
    data = base.ai_generation_data.model_copy(update={"failure": failure})
    event = end_event(base.model_copy(update={"ai_generation_data": data, "ai_generation_status": "failed"}), "arn:e:x")
    assert event
    assert event.failure
    text = "Permission denied on resource the provider's project by an AWS resource (3 tries)."
    assert event.failure.message == text
