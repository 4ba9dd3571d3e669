"""All that a user can ask of the system, once each, so that every right that a function has is used.

Touches a whole system, through its API as any client does.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from local.api_client import ApiClient, ApiError
from local.client.make import GenerationFailed
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared import media_keys
from shared.video.record import to_item
from shared.video.tombstones import OF_TOMBSTONES, PERIOD, STANDS, period
from tests.chaos.leftovers import LISTS
from tests.chaos.run import await_end, record_of
from tests.local import film
from tests.local.cloud_under_test import eventually
from tests.local.direct import direct
from tests.local.jobs import Jobs, data_of
from tests.local.recorder import Call
from tests.local.words import VOICE

# Nobody listens there; the deployment allows it, so that the function tries.
RECEIVER = "http://127.0.0.1:9"
# The stand-in translates, because it is told to.
SETTINGS = {"WEBHOOK_ALLOWED_ORIGINS": RECEIVER, "PLANNED_BY": "model"}
CHOICES: dict[str, Any] = {"targetDuration": 5, "captions": "none"}


@dataclass(frozen=True)
class Work:
    """What is asked of a system, whose calls are collected in `calls` meanwhile."""

    system: LocalSystem
    jobs: Jobs
    calls: Counter[Call]

    @property
    def api(self) -> ApiClient:
        return ApiClient(self.system.cloud.api_url, self.system.token())

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """Return the answer to one request."""
        headers = {"Authorization": self.system.token()(), "Idempotency-Key": key or str(uuid.uuid4())}
        url = self.system.cloud.api_url + path
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json()


def do_everything(work: Work, folder: Path) -> None:
    """Make films and fail, look, list, cancel, resume, be told, and delete."""
    # A format that Amazon Transcribe does not take, so the sound is extracted and stored first.
    voice = film.make_sound(VOICE, folder / "voice.aiff", "-t", "3.5")
    finished_video = _make_and_fail(work, voice)
    _look(work, finished_video)
    _start_what_has_not_arrived(work)
    _fail_to_be_heard_and_resume(work, voice)
    # Long enough for two scenes.
    direct(work.system, film.make_sound(VOICE, folder / "talk.aiff", "-t", "11.5"), folder)
    _make_clips(work, folder)
    _cancel(work, voice)
    _be_told(work, finished_video)
    _die_without_a_word(work, finished_video)
    _delete_and_sweep(work, finished_video)


def _make_and_fail(work: Work, voice: Path) -> str:
    """Make a film whose scenes are filtered, fail one for its budget, and one after money was set aside for it."""
    work.system.veo.faults.add(Fault("filter", "outcome", times=3))
    record = work.jobs.make(voice)
    assert max(task.attempt for task in data_of(record).vertex_ai_tasks) > 1
    with pytest.raises(GenerationFailed, match="BudgetExceeded"):
        work.jobs.make(voice, budget=0.05)
    work.system.veo.faults.add(Fault("fail", "outcome", times=None, code=9))
    with pytest.raises(GenerationFailed, match="VeoFailed"):
        work.jobs.make(voice)
    work.system.veo.faults.clear()
    return record.video_id


def _look(work: Work, video: str) -> None:
    assert len(work.ask("GET", "/videos")["videos"]) == 3
    recording = work.ask("GET", f"/videos/{video}")["video"]["recording"]["url"]
    links = data_of(work.api.show(video)).links
    for url in (recording, *(link.url for link in links.values())):
        requests.get(url, timeout=30).raise_for_status()


def _start_what_has_not_arrived(work: Work) -> None:
    body = {"title": "t", "filename": "t.mp3", "contentType": "audio/mpeg", "fileSize": 10}
    first, again = (work.ask("POST", "/videos", body, key="same") for _ in range(2))
    assert first == again
    with pytest.raises(ApiError, match="uploaded"):
        work.api.start(first["video"]["video_id"], {})


def _fail_to_be_heard_and_resume(work: Work, voice: Path) -> None:
    video = work.api.upload(voice, "unheard", "audio/aiff")
    work.system.cloud.transcribe.faults.add(Fault("failed", "job", 1, video))
    work.api.start(video, CHOICES)
    assert await_end(work.system, video) == "FAILED"
    work.api.resume(video)
    assert await_end(work.system, video) == "SUCCEEDED"


def _make_clips(work: Work, folder: Path) -> None:
    """Look for a moment of a recording, and plan a clip of it."""
    video = work.api.upload(film.make_sound(VOICE, folder / "long.aiff"), "long", "audio/aiff")
    work.ask("POST", f"/videos/{video}/moments", {"count": 1, "targetDuration": 8})
    assert await_end(work.system, video) == "SUCCEEDED"
    assert work.ask("GET", f"/videos/{video}/moments")["moments"]
    started = work.ask("POST", f"/videos/{video}/clips", {"moments": ["m1"], "goal": "plan"})
    assert await_end(work.system, started["clips"][0]["videoId"]) == "SUCCEEDED"


def _cancel(work: Work, voice: Path) -> None:
    video = work.api.upload(voice, "unwanted", "audio/aiff")
    work.api.start(video, CHOICES)
    work.ask("DELETE", f"/ai-video/{video}")
    # It may find out by itself before it is stopped.
    assert await_end(work.system, video) in ("ABORTED", "FAILED")


def _be_told(work: Work, video: str) -> None:
    assert work.ask("PUT", "/settings", {"mailAtEnd": True})["mailTo"] == "demo@example.com"
    work.api.start(video, CHOICES | {"webhookUrl": RECEIVER})
    assert await_end(work.system, video) == "SUCCEEDED"
    secret = work.system.cloud.outputs["WebhookSecretArn"]
    eventually(lambda: any(call.resource == secret for call in work.calls.copy()))
    eventually(lambda: any(work.system.cloud.mails.folder.glob("*.eml")))


def _delete_and_sweep(work: Work, video: str) -> None:
    """Delete the video, and let files come late, a day before the sweep."""
    record = record_of(work.system, video)
    work.ask("DELETE", f"/videos/{video}")
    cloud = work.system.cloud
    tomb = record_of(work.system, video)
    assert tomb.deleted_at
    old = tomb.deleted_at - STANDS - PERIOD
    cloud.client("dynamodb").update_item(
        TableName=cloud.outputs["TableName"],
        Key={"video_id": {"S": video}},
        UpdateExpression="SET deleted_at = :old",
        ExpressionAttributeValues={":old": {"N": str(old)}},
    )
    tombstone_list = {"id": {"S": f"{OF_TOMBSTONES}{period(old)}"}, "videos": {"SS": [video]}}
    cloud.client("dynamodb").put_item(TableName=cloud.resources[LISTS], Item=tombstone_list)
    for prefix in media_keys.everything(record.user_id, video):
        cloud.client("s3").put_object(Bucket=cloud.outputs["BucketName"], Key=f"{prefix}late", Body=b"late")
    tick = json.dumps({"id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}})
    reply = cloud.client("lambda").invoke(FunctionName=cloud.resources["Settle"], Payload=tick)
    assert json.loads(reply["Payload"].read()) == {"swept": [video], "closed": []}


def _die_without_a_word(work: Work, video: str) -> None:
    """Let the record say that it is being made, and has been for long, though its execution is over."""
    record = record_of(work.system, video)
    long_ago = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="milliseconds")
    left = record.model_copy(update={"ai_generation_status": "processing", "updated_at": long_ago})
    table = work.system.cloud.outputs["TableName"]
    work.system.cloud.client("dynamodb").put_item(TableName=table, Item=to_item(left))
    assert work.api.show(video).ai_generation_status != "processing"
