"""The customer's page against the API: post, look every three seconds, progress from the steps' statuses, the video."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from local.api_client import ApiClient
from local.system import LocalSystem
from tests.chaos.run import WAITS

# The page looks every three seconds; here a state machine waits a tenth of its time, and so does the page.
LOOK_SECONDS = 3 * WAITS
MOST_LOOKS = 600
WORDS = {"pending", "processing", "completed", "failed"}
STEPS = ["transcription", "scene_planning", "video_generation", "finalization"]


@dataclass
class CustomersPage:
    """What the page does, knowing the names of the customer's schema and nothing else."""

    system: LocalSystem
    progress: list[float] = field(default_factory=list[float])

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": self.system.token()()}
        answer = requests.request(method, self.system.cloud.api_url + path, json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def ai_videos(self) -> list[str]:
        """The videos under "AI videos": the page filters by their type."""
        videos = self.call("GET", "/videos")["videos"]
        return [video["video_id"] for video in videos if video.get("ai_project_type") == "ai_generated"]

    def watch(self, video_id: str) -> dict[str, Any]:
        pause = threading.Event()
        for _ in range(MOST_LOOKS):
            video = self.call("GET", f"/ai-video/{video_id}")["video"]
            self.look_at(video["ai_generation_data"])
            if video["ai_generation_status"] != "processing":
                return video
            pause.wait(LOOK_SECONDS)
        raise AssertionError(f"no end after {MOST_LOOKS} looks")

    def look_at(self, data: dict[str, Any]) -> None:
        steps = data["processing_steps"]
        assert [step["step"] for step in steps] == STEPS
        assert {step["status"] for step in steps} <= WORDS
        assert {task["status"] for task in data.get("vertex_ai_tasks", [])} <= WORDS
        share = {"completed": 1.0, "processing": 0.5}
        self.progress.append(sum(share.get(step["status"], 0.0) for step in steps) / len(steps) * 100)


@dataclass(frozen=True)
class FollowedGeneration:
    """A generation that the page has followed to its end, and the video that it was told of then."""

    page: CustomersPage
    video_id: str
    video: dict[str, Any]


@pytest.fixture(name="generation", scope="module")
def generation_followed_by_the_page(system: LocalSystem, short_talk: Path) -> FollowedGeneration:
    page = CustomersPage(system)
    video_id = ApiClient(system.cloud.api_url, system.token()).upload(short_talk, "Talk", "audio/wav")
    assert video_id not in page.ai_videos()
    started = page.call("POST", "/ai-video", {"videoId": video_id, "targetDuration": 5})
    assert started["success"] is True
    assert video_id in page.ai_videos()
    return FollowedGeneration(page, video_id, page.watch(video_id))


def test_the_customers_page_follows_a_generation_by_its_own_names(generation: FollowedGeneration) -> None:
    page = generation.page
    data = generation.video["ai_generation_data"]
    assert (generation.video["ai_generation_status"], page.progress[-1]) == ("completed", 100)
    assert page.progress == sorted(page.progress)
    assert any(0 < percent < 100 for percent in page.progress)
    film = requests.get(data["final_video_url"], timeout=60)
    assert (film.status_code, film.headers["Content-Type"], film.content[4:8]) == (200, "video/mp4", b"ftyp")


def test_a_page_that_reads_the_table_itself_finds_the_same_words(
    system: LocalSystem, generation: FollowedGeneration
) -> None:
    key = {"video_id": {"S": generation.video_id}}
    table = system.cloud.outputs["TableName"]
    item = system.cloud.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    data: dict[str, Any] = item["ai_generation_data"]["M"]
    assert [step["M"]["status"]["S"] for step in data["processing_steps"]["L"]] == ["completed"] * 4
    tasks = [task["M"] for task in data["vertex_ai_tasks"]["L"]]
    assert [(task["state"]["S"], task["status"]["S"]) for task in tasks] == [("completed", "completed")] * len(tasks)
