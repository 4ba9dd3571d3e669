"""Settle: the end is told once, whatever is repeated or breaks off, and never of another's execution."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from functions.settle.adapters import Table, send
from functions.settle.core import Job, generation_of, job_of
from shared import aws
from shared.errors import EventsUnavailable
from shared.events import ended
from shared.record import VideoRecord
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO, record, store

ARN = "arn:aws:states:us-east-1:1:execution:Pipeline:video1-gen1"
TABLE_OF_VIDEOS = Table(TABLE)
JOB = Job(video_id=VIDEO, generation_id=GENERATION)


def final() -> VideoRecord:
    return record().model_copy(update={"ai_generation_status": "completed", "title": "Talk"})


def test_a_record_that_is_not_final_has_no_event() -> None:
    assert ended(record(), ARN) is None


def test_the_events_id_is_the_executions_name() -> None:
    event = ended(final(), ARN)
    assert event
    assert (event.id, event.title, event.status) == ("video1-gen1", "Talk", "completed")


def test_only_one_call_takes_it_on(cloud: None) -> None:
    store(final())
    event = ended(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    assert not TABLE_OF_VIDEOS.take_on(event, ARN, "rule")


def test_the_call_that_was_cut_off_may_go_on_until_it_is_confirmed(cloud: None) -> None:
    store(final())
    event = ended(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.confirm(VIDEO, "machine")
    assert not TABLE_OF_VIDEOS.take_on(event, ARN, "machine")


def test_what_could_not_be_sent_is_free_for_another_call(cloud: None) -> None:
    store(final())
    event = ended(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.release(VIDEO, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "rule")


def test_the_next_execution_of_a_resumed_generation_is_told_anew(cloud: None) -> None:
    store(final())
    event = ended(final(), ARN)
    assert event
    assert TABLE_OF_VIDEOS.take_on(event, ARN, "machine")
    TABLE_OF_VIDEOS.confirm(VIDEO, "machine")
    assert TABLE_OF_VIDEOS.take_on(event, f"{ARN}-2", "machine")


def test_a_newer_generation_is_not_told_of(cloud: None) -> None:
    store(final())
    event = ended(final(), ARN)
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
    event = ended(final(), ARN)
    assert event
    refused: Any = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    with Stubber(aws.events()) as bus:
        bus.add_response("put_events", refused)
        with pytest.raises(EventsUnavailable, match="ThrottlingException"):
            send(event)
