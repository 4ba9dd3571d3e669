"""`kill -9`, twice, while one recording becomes many: ordered again by its key, each clip and format is there once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.api_client import ApiClient, ApiError
from local.cloud import ROOT
from local.store.store import Store
from local.system import LocalSystem
from shared.video.record import GenerationData, VideoRecord
from tests.chaos import audit, leftovers, purchases
from tests.chaos.run import await_end, record_of
from tests.local import kept_clips
from tests.local.clip_stops import BUDGET, ORDERS, UNKNOWN
from tests.local.cloud_under_test import eventually
from tests.local.jobs import quick

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Family:
    """A recording's video, and the clips and formats of it by the keys that they were ordered with."""

    system: LocalSystem
    parent: str
    earlier_item: dict[str, Any]
    children: dict[str, list[str]]

    @property
    def videos(self) -> list[str]:
        return [video for videos in self.children.values() for video in videos]

    @property
    def records(self) -> list[VideoRecord]:
        return [record_of(self.system, video) for video in self.videos]


@pytest.fixture(name="family", scope="module")
def killed_and_ordered_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    folder = tmp_path_factory.mktemp("killed")
    first_life = _live_and_be_killed(folder)
    _live_and_be_killed(folder, json.dumps(first_life))
    with Store(folder / "kept") as store, quick(store=store) as system:
        system.cloud.keeper.recover(system.cloud, lambda _: None)
        kept_clips.let_leases_end(system)
        children = {key: kept_clips.ids_of(kept_clips.ask(system, first_life["parent"], key)) for key in ORDERS}
        family = Family(system, first_life["parent"], first_life["item"], children)
        for video in children[UNKNOWN]:
            _order_again(system, video)
        for video in family.videos:
            _await_completion(system, video)
        yield family


def _live_and_be_killed(folder: Path, *earlier: str) -> dict[str, Any]:
    command = [sys.executable, "-m", kept_clips.__name__, str(folder), *earlier]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        life = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    return life


def _order_again(system: LocalSystem, video: str) -> None:
    """Decide, as the person who is asked, that what may have been bought is ordered again."""
    api = ApiClient(system.cloud.api_url, system.token(), tries=1)
    eventually(lambda: record_of(system, video).ai_generation_status == "failed")
    with pytest.raises(ApiError, match="may have been bought"):
        api.resume(video)
    api.resume(video, order_again=True)


def _await_completion(system: LocalSystem, video: str) -> None:
    eventually(lambda: await_end(system, video) == "SUCCEEDED")
    eventually(lambda: audit.is_told(record_of(system, video)))


def data_of(system: LocalSystem, video: str) -> GenerationData:
    data = record_of(system, video).ai_generation_data
    assert data
    return data


def test_each_child_is_there_once_and_complete(family: Family) -> None:
    api = ApiClient(family.system.cloud.api_url, family.system.token())
    paths = {order.path.format(family.parent) for order in ORDERS.values()}
    rows = [video["video_id"] for path in paths for video in api.call("GET", path).body["videos"]]
    assert sorted(rows) == sorted(family.videos)
    assert {key: len(videos) for key, videos in family.children.items()} == {
        key: len(order.sales) for key, order in ORDERS.items()
    }
    sales = family.system.veo.ledger.entries
    for record in family.records:
        assert (record.ai_generation_status, audit.faults(record, sales)) == ("completed", []), record.video_id
    assert leftovers.missing(family.system, family.records) == []


def test_no_clip_is_bought_twice_but_by_a_person_and_none_for_a_format(family: Family) -> None:
    sales = family.system.veo.ledger.entries
    for key, order in ORDERS.items():
        counts = [len(purchases.of_video(video, sales)) for video in family.children[key]]
        assert (key, counts) == (key, [*order.sales])
        if not any(order.sales):
            assert [data_of(family.system, video).cost_breakdown.total for video in family.children[key]] == [0]
    assert len(sales) == 1 + sum(sum(order.sales) for order in ORDERS.values())


def test_the_recording_is_heard_once(family: Family) -> None:
    jobs = family.system.cloud.client("transcribe").list_transcription_jobs(MaxResults=100)
    assert len(jobs["TranscriptionJobSummaries"]) == 1
    assert {data_of(family.system, video).cost_breakdown.transcription for video in family.videos} == {0}


def test_each_account_holds_what_was_spent_and_a_budget_is_shared_once(family: Family) -> None:
    parent = record_of(family.system, family.parent)
    assert audit.held_for_nothing([parent, *family.records], leftovers.balances(family.system)) == []
    for key, order in ORDERS.items():
        rows = [data_of(family.system, video) for video in family.children[key] if any(order.sales)]
        assert sum(row.options["budget_usd"] for row in rows) <= BUDGET, key
        assert all(row.cost_breakdown.total <= row.options["budget_usd"] for row in rows), key


def test_the_recordings_own_video_is_as_it_was(family: Family) -> None:
    assert kept_clips.item_of(family.system, family.parent) == family.earlier_item


def test_nothing_belongs_to_nobody_and_nothing_waits(family: Family) -> None:
    records = [record_of(family.system, family.parent), *family.records]
    assert leftovers.objects(family.system, records) == []
    arn = family.system.cloud.outputs["StateMachineArn"]
    rows = family.system.cloud.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
    assert [row["executionArn"] for row in rows if row["status"] == "RUNNING"] == []
