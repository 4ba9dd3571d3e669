"""Deleted is final: whoever writes late, the files go again, the accounts are right, and nobody is shown anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from functions.api.app import make_app
from functions.api.table import TRIES
from functions.api.table import VideoTable as ApiTable
from functions.settle import core
from functions.settle.adapters import EndingTable
from functions.settle.settler import Settler
from functions.settle.sweeper import Sweeper
from shared import media_keys
from shared.aws import clients
from shared.aws.attribute_values import plain_values
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import Update
from shared.budget.account_names import PLAN, account_ids
from shared.budget.accounts import Limits, Spending
from shared.budget.refunds import Refunds
from shared.errors import StorageUnavailable
from shared.video import tombstones
from shared.video.costs import outlay
from shared.video.ending import Ended
from shared.video.events import VideoEnded
from shared.video.record import VideoRecord, from_item
from shared.video.tombstones import OF_ENDS, PERIOD, STANDS, VideoLists
from tests.unit.api_calls import KEYS, SITE, VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, EXECUTION, GENERATION, TABLE, VIDEO, record, store

UPLOAD = media_keys.upload("user1", VIDEO, "talk.mp3")
LATE = {
    "a stitch": media_keys.result(VIDEO, GENERATION, "video", 1, "final_video.mp4"),
    "Amazon Transcribe": media_keys.transcript(VIDEO, GENERATION),
    "a form": UPLOAD,
    "a clip": media_keys.take(VIDEO, GENERATION, "take1", "clip"),
}
HOUR = 3600


def put(key: str) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"late")


def keys() -> list[str]:
    return [row.get("Key", "") for row in clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def video_in_table() -> VideoRecord | None:
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item")
    return from_item(dict(item)) if item else None


def deleted_at() -> float:
    tomb = video_in_table()
    assert tomb
    assert tomb.deleted_at
    return tomb.deleted_at


def sweep(now: float) -> list[str]:
    lists = VideoLists(KEYS)
    refunds = Refunds(KEYS, TABLE)
    return Sweeper(lists, EndingTable(TABLE), Bucket(BUCKET), refunds, lambda: now).sweep()


def settle(events: list[VideoEnded]) -> list[str]:
    job = core.JobInput(video_id=VIDEO, generation_id=GENERATION).model_dump_json()
    ends = VideoLists(KEYS, OF_ENDS)
    over = Ended("ABORTED")
    settler = Settler(
        EndingTable(TABLE), Refunds(KEYS, TABLE), Bucket(BUCKET), ends, lambda _arn: (over, job), events.append
    )
    return settler.settle(core.SettleCall(id="rule", detail=core.Which(executionArn=EXECUTION)))


def cancel_and_delete(call: Api) -> None:
    assert call("DELETE", f"/ai-video/{VIDEO}").status == 200
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    assert keys() == []


def versions() -> list[tuple[str, bool]]:
    """Every version and delete marker in the bucket: its key, and whether it is a marker."""
    page = clients.s3().list_object_versions(Bucket=BUCKET)
    rows: list[tuple[Any, bool]] = [(row, False) for row in page.get("Versions", [])]
    rows += [(row, True) for row in page.get("DeleteMarkers", [])]
    return sorted((row["Key"], is_marker) for row, is_marker in rows)


@pytest.fixture(name="versioned")
def bucket_that_keeps_versions(cloud: None) -> None:
    clients.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


@pytest.mark.usefixtures("versioned")
def test_of_a_deleted_video_no_version_stays_and_of_others_every_one(call: Api) -> None:
    others = media_keys.upload("user1", f"{VIDEO}0", "talk.mp3")
    for key in (*LATE.values(), *LATE.values(), others, others):
        put(key)
    clients.s3().delete_object(Bucket=BUCKET, Key=UPLOAD)
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    delete(call)
    assert versions() == [(others, False)] * 2
    put(UPLOAD)
    assert sweep(deleted_at() + 12 * PERIOD) == [VIDEO]
    assert versions() == [(others, False)] * 2


@pytest.mark.usefixtures("versioned")
@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown"])
def test_versions_that_the_bucket_itself_keeps_stay_hidden(call: Api, code: str) -> None:
    put(UPLOAD)

    def keep(params: dict[str, Any], **_more: object) -> object:
        has_versions = b"<VersionId>" in bytes(params["body"])
        return (SimpleNamespace(status_code=200), {"Errors": [{"Key": UPLOAD, "Code": code}]}) if has_versions else None

    clients.s3().meta.events.register("before-call.s3.DeleteObjects", cast("Any", keep))
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    status = call("DELETE", f"/videos/{VIDEO}").status
    assert status == (200 if code == "AccessDenied" else 503)
    assert UPLOAD not in keys()
    assert (UPLOAD, True) in versions()
    assert (UPLOAD, False) in versions()


@pytest.mark.parametrize("periods", [12, 55, 145])
def test_what_a_late_writer_brings_back_is_swept(call: Api, periods: int) -> None:
    store(record())
    cancel_and_delete(call)
    now = deleted_at()
    others = media_keys.upload("user1", f"{VIDEO}0", "talk.mp3")
    for key in (*LATE.values(), others):
        put(key)
    assert sweep(now) == []
    assert keys() == sorted([*LATE.values(), others])
    assert sweep(now + periods * PERIOD) == [VIDEO]
    assert keys() == [others]


def test_the_end_of_a_deleted_jobs_execution_sweeps_too(call: Api) -> None:
    store(record())
    cancel_and_delete(call)
    for key in LATE.values():
        put(key)
    events = list[VideoEnded]()
    assert "swept" in settle(events)
    assert keys() == []
    assert [(event.status, event.title, event.user_id) for event in events] == [("cancelled", "", "user1")]


def test_a_tombstone_stands_for_a_day_and_goes(call: Api) -> None:
    store(record())
    cancel_and_delete(call)
    now = deleted_at()
    sweep(now + STANDS)
    assert video_in_table()
    put(UPLOAD)
    # As late as this when every sweep before has failed.
    assert sweep(now + 2 * STANDS) == [VIDEO]
    assert (video_in_table(), keys()) == (None, [])
    assert sweep(now + 2 * STANDS) == []


def test_a_deleted_video_is_nowhere_and_nothing_starts_on_it(call: Api) -> None:
    video = call.upload()
    before = call.services.table.get(video)
    assert before
    assert call("DELETE", f"/videos/{video}").status == 200
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/videos/{video}", None),
        ("GET", f"/ai-video/{video}", None),
        ("GET", f"/ai-video/{video}/captions.srt", None),
        ("DELETE", f"/videos/{video}", None),
        ("DELETE", f"/ai-video/{video}", None),
        ("POST", f"/ai-video/{video}/resume", {}),
        ("POST", "/ai-video", {"videoId": video}),
        ("POST", "/ai-video/estimate", {"videoId": video}),
    ]
    for method, path, body in calls:
        answer = call(method, path, body)
        assert (answer.status, answer.body["error"]) == (404, "VideoNotFound"), path
    assert call("GET", "/videos").body["videos"] == []
    assert call.machine.started == []


def test_a_start_or_a_resume_that_has_read_the_record_before_loses(call: Api) -> None:
    for method, path, body in (
        ("POST", "/ai-video", {"videoId": VIDEO}),
        ("POST", f"/ai-video/{VIDEO}/resume", {}),
    ):
        data = record().ai_generation_data
        assert data
        data = data.model_copy(update={"started_at": "2999-01-01T00:00:00+00:00"})
        store(record().model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data}))
        put(UPLOAD)
        meanwhile = call.with_interruption(lambda: delete(call))
        assert meanwhile(method, path, body).status in (404, 409)
        assert deleted_at()
    assert call.machine.started == []


def delete(call: Api) -> None:
    assert call("DELETE", f"/videos/{VIDEO}").status == 200


def test_no_text_of_the_users_stays(call: Api) -> None:
    data = record(prompt="Secret").ai_generation_data
    assert data
    secret = {"user_prompt": "Secret", "style": "Secret", "options": {"prompt": "Secret"}}
    texts: dict[str, Any] = {"title": "Secret", "filename": "Secret", "user_email": "Secret"}
    texts |= {"metadata": {"a": "Secret"}, "ai_generation_data": data.model_copy(update=secret)}
    store(record().model_copy(update=texts | {"ai_generation_status": "failed"}))
    delete(call)
    assert "Secret" not in str(clients.dynamodb().scan(TableName=TABLE))


def account_totals() -> list[float]:
    rows = [plain_values(dict(item)) for item in clients.dynamodb().scan(TableName=KEYS)["Items"]]
    by_id = {str(row["id"]): float(row["spent"]) for row in rows if "spent" in row}
    return [by_id[name] for name in account_ids("user1", GENERATION, "2026-11-23")]


@pytest.mark.parametrize(
    ("task", "holds"),
    [
        ({}, 0.0),
        ({"state": "clip_ready", "video_url": "s3://b/k", "cost_usd": 0.4, "attempt": 1}, 0.4),
        ({"state": "generating", "attempt": 1, "task_id": "op"}, 0.8),
    ],
)
@pytest.mark.parametrize("by", ["the end", "the sweep"])
def test_cancelled_and_deleted_at_once_the_days_accounts_hold_what_was_spent(
    call: Api, task: dict[str, Any], holds: float, by: str
) -> None:
    store(record(**task))
    noon = 1_795_435_200.0
    Spending(KEYS, Limits(5, 10, 15), lambda: noon).set_aside("user1", GENERATION, None, PLAN, 1.6)
    assert account_totals() == [1.6] * 3
    cancel_and_delete(call)
    tomb = video_in_table()
    events = list[VideoEnded]()
    assert tomb
    assert tomb.ai_generation_data
    assert outlay(tomb.ai_generation_data) == holds
    if by == "the end":
        assert "given back" in settle(events)
        assert events[0].cost_usd == task.get("cost_usd", 0)
    else:
        assert sweep(deleted_at() + 12 * PERIOD) == [VIDEO]
    assert account_totals() == pytest.approx([holds] * 3)
    settle(events)
    assert account_totals() == pytest.approx([holds] * 3)


class Noting(ApiTable):
    """The table, in which a late call notes a clip each time that the record was read for burying."""

    notes = 0
    most = 1

    def _replace(self, item: dict[str, Any], record: VideoRecord) -> bool:
        if Noting.notes < Noting.most:
            Noting.notes += 1
            note = Update(sets={"ai_generation_data.vertex_ai_tasks[0].cost_usd": Noting.notes})
            assert self.update(record.video_id, note)
        return super()._replace(item, record)


@pytest.mark.parametrize(("most", "status"), [(1, 200), (TRIES - 1, 200), (TRIES, 503)])
def test_a_note_that_comes_while_the_record_is_buried_is_not_lost(
    call: Api, monkeypatch: pytest.MonkeyPatch, most: int, status: int
) -> None:
    monkeypatch.setattr(Noting, "notes", 0)
    monkeypatch.setattr(Noting, "most", most)
    store(record().model_copy(update={"ai_generation_status": "cancelled"}))
    services = replace(call.services, table=Noting(TABLE, call.services.table.index))
    racing_call = Api(make_app(services, [SITE]), call.machine, services)
    assert racing_call("DELETE", f"/videos/{VIDEO}").status == status
    if status == 503:
        assert call("GET", f"/videos/{VIDEO}").status == 200
        delete(call)
    tomb = video_in_table()
    assert tomb
    assert tomb.ai_generation_data
    assert tomb.ai_generation_data.vertex_ai_tasks[0].cost_usd == most


@pytest.mark.parametrize("failing_port", ["list", "bucket", "table"])
def test_a_deletion_that_broke_off_can_be_asked_for_again(call: Api, failing_port: str) -> None:
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    services = {
        "list": replace(call.services, tombstones=VideoLists("nowhere")),
        "bucket": replace(call.services, bucket=Bucket("nowhere-at-all")),
        "table": replace(call.services, table=Unreplaceable(TABLE, call.services.table.index)),
    }[failing_port]
    answer = Api(make_app(services, [SITE]), call.machine, services)("DELETE", f"/videos/{VIDEO}")
    assert answer.status >= 500 or answer.body["error"] == "RecordingUnreadable"
    assert call("GET", f"/videos/{VIDEO}").status == 200
    now = float(tombstones.PERIOD * 10**7)
    assert sweep(now) == []
    delete(call)
    assert call("GET", f"/videos/{VIDEO}").status == 404


class Unreplaceable(ApiTable):
    """The table, in which nothing is ever as it was seen."""

    def _replace(self, item: dict[str, Any], record: VideoRecord) -> bool:
        return False


def test_a_sweep_leaves_a_video_whose_deletion_broke_off(call: Api) -> None:
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    put(UPLOAD)
    VideoLists(KEYS).add(VIDEO, 0)
    before = keys()
    for after in (2 * HOUR, STANDS + HOUR):
        sweep(after)
    assert (video_in_table() is not None, keys()) == (True, before)
    assert VideoLists(KEYS).read(0) == []


class HalfBroken(Bucket):
    """A bucket in which nothing of one video can be deleted."""

    def delete_below(self, prefix: str) -> None:
        if VIDEO in prefix:
            raise StorageUnavailable("The bucket is busy.")
        super().delete_below(prefix)


def test_a_video_that_cannot_be_swept_keeps_no_other_waiting_and_is_tried_again(call: Api) -> None:
    other = call("POST", "/videos", VIDEO_BODY).body
    assert call("DELETE", f"/videos/{other['video']['video_id']}").status == 200
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    delete(call)
    late = other["upload"]["fields"]["key"]
    put(late)
    put(UPLOAD)
    now = deleted_at() + STANDS + HOUR
    lists = VideoLists(KEYS)
    refunds = Refunds(KEYS, TABLE)
    with pytest.raises(StorageUnavailable):
        Sweeper(lists, EndingTable(TABLE), HalfBroken(BUCKET), refunds, lambda: now).sweep()
    assert keys() == [UPLOAD]
    assert sweep(now) == [VIDEO]
    assert keys() == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}, core.Tick),
        (
            {"id": "1", "detail-type": "Step Functions Execution Status Change", "detail": {"executionArn": "a"}},
            core.SettleCall,
        ),
        ({"id": "1", "detail": {"executionArn": "a"}}, core.SettleCall),
    ],
)
def test_what_settle_is_called_for_is_told_by_its_event(event: dict[str, Any], kind: Callable[..., object]) -> None:
    assert type(core.parse(event)) is kind
