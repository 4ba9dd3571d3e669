"""`kill -9` in the middle of everything: what was acknowledged is there at the next start, no clip is bought twice."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from local.api_client import ApiClient, ApiError
from local.cloud import ROOT
from local.store.store import Store
from local.system import LocalSystem
from tests.chaos import audit
from tests.chaos.run import SHORT, await_end, record_of
from tests.local import film
from tests.local.cloud_under_test import eventually
from tests.local.jobs import quick
from tests.local.kept_cloud import MOMENTS, OWN_PASSWORD, UNKNOWN
from tests.local.test_store import is_taken

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Again:
    """A cloud with the store of one that was killed: what that one had begun, and what recovering it said."""

    system: LocalSystem
    folder: Path
    videos: dict[str, str]
    password: str
    messages: list[str]

    @property
    def api(self) -> ApiClient:
        return ApiClient(self.system.cloud.api_url, self.system.token(), tries=1)


@pytest.fixture(name="again", scope="module")
def killed_and_started_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Again]:
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.local.kept_cloud", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first_life = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    assert not is_taken(folder / "kept")
    messages: list[str] = []
    with Store(folder / "kept") as store, quick(store=store) as system:
        system.cloud.keeper.recover(system.cloud, messages.append)
        yield Again(system, folder, first_life["videos"], first_life["password"], messages)


def test_everybody_signs_in_with_the_password_they_had(again: Again) -> None:
    client = again.system.cloud.client("cognito-idp")
    outputs = again.system.cloud.outputs
    for user, password in (("demo", again.password), ("other", again.password), ("eve", OWN_PASSWORD)):
        for attempt, is_right in ((password, True), (f"{password}x", False)):
            sign_in = {"USERNAME": user, "PASSWORD": attempt}
            ids = {"UserPoolId": outputs["UserPoolId"], "ClientId": outputs["UserPoolClientId"]}
            if is_right:
                assert client.admin_initiate_auth(**ids, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=sign_in)[
                    "AuthenticationResult"
                ]
                continue
            with pytest.raises(ClientError, match="NotAuthorized"):
                client.admin_initiate_auth(**ids, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=sign_in)


def test_the_list_has_every_video_but_the_deleted_one(again: Again) -> None:
    video_ids = {video for name, video in again.videos.items() if name != "deleted"}
    assert {record.video_id for record in again.api.videos()} == video_ids


def test_the_finished_video_plays(again: Again, tmp_path: Path) -> None:
    data = again.api.show(again.videos["finished"]).ai_generation_data
    assert data
    again.api.fetch(data.final_video_url, tmp_path / "video.mp4")
    assert film.measure(tmp_path / "video.mp4").picture_seconds == pytest.approx(SHORT, abs=0.5)
    part = requests.get(data.final_video_url, headers={"Range": "bytes=4-7"}, timeout=30)
    assert (part.status_code, part.content) == (206, b"ftyp")


@pytest.mark.parametrize("moment", [name for name in MOMENTS if name not in UNKNOWN])
def test_what_was_being_made_goes_on_by_itself_and_buys_no_clip_twice(again: Again, moment: str) -> None:
    video = again.videos[moment]
    eventually(lambda: f"Video {video} was interrupted; it goes on." in again.messages)
    assert await_end(again.system, video) == "SUCCEEDED"
    record = record_of(again.system, video)
    sales = again.system.veo.ledger.clips()
    assert record.ai_generation_status == "completed"
    assert len([sale for sale in sales if sale.video == video.lower()]) == 1
    assert audit.faults(record, sales) == []


@pytest.mark.parametrize("moment", UNKNOWN)
def test_an_order_of_unknown_outcome_waits_for_a_person(again: Again, moment: str) -> None:
    video = again.videos[moment]
    eventually(lambda: any(video in line and "does not go on by itself" in line for line in again.messages))
    with pytest.raises(ApiError) as failure:
        again.api.resume(video)
    assert failure.value.code == "SceneMayBeBought"
    again.api.resume(video, order_again=True)
    assert await_end(again.system, video) == "SUCCEEDED"
    sales = [sale for sale in again.system.veo.ledger.clips() if sale.video == video.lower()]
    # Only what the person asked for was bought again.
    assert len(sales) == (1 if moment == "before the order" else 2)


def test_earlier_executions_are_known_and_over(again: Again) -> None:
    client = again.system.cloud.client("stepfunctions")
    rows = client.list_executions(stateMachineArn=again.system.cloud.outputs["StateMachineArn"])["executions"]
    by_status = {row["executionArn"]: row["status"] for row in rows}
    for name, video in again.videos.items():
        if name != "deleted":
            first = next(arn for arn in by_status if re.search(rf":{video}-[0-9a-f]+$", arn))
            assert by_status[first] == ("SUCCEEDED" if name == "finished" else "ABORTED"), name
            assert client.get_execution_history(executionArn=first)["events"] == []
            assert client.list_map_runs(executionArn=first)["mapRuns"] == []


def test_the_disk_holds_no_file_of_a_deleted_video(again: Again) -> None:
    video = again.videos["finished"]
    folder = again.folder / "kept" / "objects"

    def keys() -> dict[str, Any]:
        rows = again.system.cloud.client("s3").get_paginator("list_objects_v2")
        pages = rows.paginate(Bucket=again.system.cloud.outputs["BucketName"])
        return {row["Key"]: row["Size"] for page in pages for row in page.get("Contents", [])}

    assert not any(again.videos["deleted"] in key for key in keys())
    headers = {"Authorization": again.system.token()()}
    requests.delete(f"{again.system.cloud.api_url}/videos/{video}", headers=headers, timeout=30).raise_for_status()
    assert not any(video in key for key in keys())
    # Others may be at work; the files are those of the objects when nobody is.
    eventually(lambda: sorted(file.stat().st_size for file in folder.iterdir()) == sorted(keys().values()))
