"""Own transcripts over the API, on moto: uploaded, read once, refused without a trace, used, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from functions.api.estimate import check_affordable
from shared import media_keys
from shared.aws import clients
from shared.budget import pricing
from shared.errors import BudgetExceeded
from shared.http.requests import Choices
from shared.transcript.own_transcript import LARGEST_TRANSCRIPT
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import BUCKET

SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHello there.\n"
TEXT = b"Hello there."


def announce(call: Api, video_id: str, content: bytes = SRT, more: dict[str, object] | None = None) -> Any:
    body = {"filename": "talk.srt", "fileSize": len(content), **(more or {})}
    return call("POST", f"/videos/{video_id}/transcripts", body)


def upload(call: Api, video_id: str, content: bytes = SRT) -> str:
    """Announce a transcript, put its file where the form would, and return its id."""
    reply = announce(call, video_id, content).body
    clients.s3().put_object(Bucket=BUCKET, Key=reply["upload"]["fields"]["key"], Body=content)
    return reply["transcript"]["transcriptId"]


def show(call: Api, video_id: str, transcript_id: str, user: str = "user1") -> Any:
    return call("GET", f"/videos/{video_id}/transcripts/{transcript_id}", user=user)


def keys(prefix: str) -> list[str]:
    rows = clients.s3().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return [row.get("Key", "") for row in rows]


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (SRT, {"hasTimes": True, "cues": 1, "words": 2}),
        (TEXT, {"hasTimes": False, "cues": 0, "words": 2}),
    ],
)
def test_a_transcript_is_read_once_by_what_it_holds(call: Api, content: bytes, facts: dict[str, object]) -> None:
    video_id = call.upload()
    answer = announce(call, video_id, content)
    transcript = answer.body["transcript"]
    path = f"/videos/{video_id}/transcripts/{transcript['transcriptId']}"
    assert (answer.status, transcript["status"]) == (201, "waiting")
    assert answer.headers["Location"].endswith(path)
    assert call("GET", path).body["transcript"]["status"] == "waiting"
    clients.s3().put_object(Bucket=BUCKET, Key=answer.body["upload"]["fields"]["key"], Body=content)
    for _ in range(2):
        view = call("GET", path).body["transcript"]
        assert (view["status"], {name: view[name] for name in facts}) == ("ready", facts)
        # What is written by the form later is not read, and goes with the video.
        clients.s3().put_object(Bucket=BUCKET, Key=answer.body["upload"]["fields"]["key"], Body=b"Another text")
    call("DELETE", f"/videos/{video_id}")
    assert keys("") == []


def test_a_refused_one_says_why_and_leaves_nothing_of_its_file(call: Api) -> None:
    video_id = call.upload()
    transcript_id = upload(call, video_id, b"%PDF-1.7")
    view = show(call, video_id, transcript_id).body["transcript"]
    assert (view["status"], view["reason"]) == (
        "refused",
        "The transcript's file is a PDF; save it as SRT, VTT or plain text.",
    )
    assert keys(media_keys.transcript_upload("user1", video_id, "")) == []
    answer = call("POST", "/ai-video", {"videoId": video_id, "transcriptId": transcript_id})
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert answer.body["message"] == f"transcriptId: {view['reason']}"
    assert call.machine.started == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"fileSize": 0}, 400),
        ({"fileSize": LARGEST_TRANSCRIPT + 1}, 400),
        ({"filename": ""}, 400),
        ({"fileSize": "12"}, 400),
        ({"language": "en"}, 400),
    ],
)
def test_what_cannot_be_one_gets_no_form(call: Api, more: dict[str, object], status: int) -> None:
    video_id = call.upload()
    assert announce(call, video_id, more=more).status == status
    assert keys(f"{media_keys.RESULTS}/") == []


def test_it_is_of_its_video_and_of_its_owner(call: Api) -> None:
    video_id = call.upload()
    other = call.upload()
    transcript_id = upload(call, video_id)
    assert announce(call, "nobody").status == 404
    assert show(call, video_id, transcript_id, "user2").status == 403
    assert show(call, other, transcript_id).body["error"] == "TranscriptNotFound"
    answer = call("POST", "/ai-video", {"videoId": other, "transcriptId": transcript_id})
    assert (answer.status, answer.body["error"]) == (404, "TranscriptNotFound")
    assert show(call, video_id, transcript_id).body["transcript"]["status"] == "ready"


def test_a_generation_is_started_with_it_when_it_is_there(call: Api) -> None:
    video_id = call.upload()
    waiting_id = announce(call, video_id).body["transcript"]["transcriptId"]
    answer = call("POST", "/ai-video", {"videoId": video_id, "transcriptId": waiting_id})
    assert (answer.status, answer.body["error"]) == (409, "UploadMissing")
    transcript_id = upload(call, video_id)
    assert call("POST", "/ai-video", {"videoId": video_id, "transcriptId": transcript_id}).status == 202
    ((request, _),) = call.machine.started
    assert request.options.transcript_id == transcript_id
    assert call.data(video_id)["options"]["transcript_id"] == transcript_id


@pytest.mark.parametrize(("content", "is_free"), [(SRT, True), (TEXT, False)])
def test_with_times_nothing_is_transcribed_nor_priced(call: Api, content: bytes, is_free: bool) -> None:
    video_id = call.upload()
    wishes = {"videoId": video_id, "recordingSeconds": 600}
    usual = call("POST", "/ai-video/estimate", wishes).body["estimate"]["cost"]
    wishes |= {"transcriptId": upload(call, video_id, content)}
    cost = call("POST", "/ai-video/estimate", wishes).body["estimate"]["cost"]
    assert usual["transcription"] == pricing.transcription(600)
    assert cost["transcription"] == (0 if is_free else usual["transcription"])
    assert cost["total"] == pytest.approx(usual["total"] - (usual["transcription"] if is_free else 0))


def test_a_budget_need_not_pay_for_what_is_not_bought() -> None:
    choices = Choices(budget=round(pricing.planning_ceiling("gpt-6-luna", 3600), 6))
    check_affordable(choices, "gpt-6-luna", 3600, has_times=True)
    with pytest.raises(BudgetExceeded):
        check_affordable(choices, "gpt-6-luna", 3600)
