"""Clients that are not ours against the API: the customer's page, and one made from the OpenAPI document alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from local.api_client import ApiClient
from local.system import LocalSystem
from tests.chaos.run import WAITS
from tests.contract.asl import ROOT

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


PACKAGE = "reelwright_generated"
# Every route; `openapi` is the document itself.
CALLS = {
    "recordings": (
        "create_video", "list_videos", "show_video", "delete_video", "create_transcript", "show_transcript",
        "find_moments", "show_moments", "price_moments", "start_clips", "list_clips", "price_clips",
    ),
    "generations": (
        "estimate_generation", "start_generation", "start_generations", "show_generation", "cancel_generation",
        "resume_generation", "list_versions", "delete_version", "show_plan", "edit_plan", "start_run", "retake_scene",
        "choose_take", "show_export", "start_variant", "list_variants", "price_variant", "share_version",
        "unshare_version", "watch_shared",
    ),
    "captions": ("captions_srt", "captions_vtt", "shared_captions"),
    "pictures": ("create_image", "list_images", "show_image", "delete_image"),
    "fonts": ("create_font", "list_fonts", "show_font", "delete_font"),
    "music": ("create_music", "list_music", "show_music", "delete_music"),
    "presets": ("list_presets", "show_preset", "put_preset", "delete_preset"),
    "settings": ("show_settings", "put_settings"),
    "document": ("openapi",),
}  # fmt: skip


@pytest.fixture(name="package", scope="module")
def package_made_of_the_document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("client")
    # Its formatters are of no use here.
    (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    tool = Path(sys.executable).with_name("openapi-python-client")
    command = [
        str(tool), "generate", "--path", str(ROOT / "docs" / "openapi.json"), "--meta", "none", "--fail-on-warning",
        "--output-path", str(folder / PACKAGE), "--config", str(folder / "config.yml"),
    ]  # fmt: skip
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert process.returncode == 0, process.stdout + process.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


@pytest.fixture(name="api")
def signed_in_client(package: str, system: LocalSystem) -> SimpleNamespace:
    """Each call by its name: it returns the parsed answer, and fails for a status that the document does not know."""
    client: Any = import_module(f"{package}.client").AuthenticatedClient(
        base_url=system.cloud.api_url,
        token=system.token()(),
        raise_on_unexpected_status=True,
        # httpx has a pause of its own, which a loaded machine overruns.
        timeout=60.0,
    )

    def caller(tag: str, name: str) -> Callable[..., Any]:
        return partial(import_module(f"{package}.api.{tag}.{name}").sync_detailed, client=client)

    calls = {name: caller(tag, name) for tag, names in CALLS.items() for name in names}
    return SimpleNamespace(models=import_module(f"{package}.models"), **calls)


def test_the_client_has_a_call_for_every_route(package: str) -> None:
    folder = Path(str(import_module(f"{package}.api").__file__)).parent
    module_names = {path.stem for path in folder.rglob("*.py") if path.stem != "__init__"}
    assert module_names == {name for names in CALLS.values() for name in names}


def test_it_goes_the_whole_way_of_a_video(api: SimpleNamespace, short_talk: Path) -> None:
    video_id = upload(api, short_talk)
    estimate = api.estimate_generation(body=api.models.EstimateRequest(video_id=video_id, target_duration=5)).parsed
    assert estimate.estimate.cost.total > 0
    started = api.start_generation(body=api.models.StartGeneration(video_id=video_id, target_duration=5))
    assert (started.status_code, started.parsed.video_id, started.parsed.status) == (202, video_id, "processing")
    assert int(started.headers["RateLimit-Remaining"]) < int(started.headers["RateLimit-Limit"])
    video = watch(api, video_id)
    data = video.ai_generation_data
    assert (video.ai_generation_status, data.progress) == ("completed", 100)
    assert [step.status for step in data.processing_steps] == ["completed"] * 4
    assert all(step.started_at <= step.completed_at for step in data.processing_steps)
    assert requests.get(data.links["video"].url, timeout=60).content[4:8] == b"ftyp"
    assert "-->" in api.captions_srt(video_id).parsed
    assert api.captions_vtt(video_id).parsed.startswith("WEBVTT")
    assert video_id in [video.video_id for video in api.list_videos().parsed.videos]
    direct(api, video_id)
    (version,) = api.list_versions(video_id).parsed.versions
    assert requests.get(version.links["video"].url, timeout=60).content[4:8] == b"ftyp"
    assert api.delete_version(video_id, version.generation_id).parsed.status == "deleted"
    assert api.show_generation(video_id).parsed.video.versions == []
    assert api.delete_video(video_id).parsed.status == "deleted"
    answer = api.show_video(video_id)
    assert (answer.status_code, answer.parsed.error) == (404, "VideoNotFound")


def direct(api: SimpleNamespace, video_id: str) -> None:
    """Change the captions, make a scene anew, and put its earlier take back."""
    models = api.models
    tag = api.show_plan(video_id).headers["ETag"]
    edits = models.EditPlan.from_dict({"edits": [{"op": "captions", "captions": "lines"}]})
    plan = api.edit_plan(video_id, body=edits, if_match=tag).parsed.plan
    assert (plan.revision, plan.captions, plan.next_[-1].usd) == (2, "lines", 0)
    retake = api.retake_scene(video_id, "s1", body=models.NewTake()).parsed
    assert [purchase.scene for purchase in retake.buys] == ["s1"]
    assert watch(api, video_id).ai_generation_status == "completed"
    newer, earlier = api.show_plan(video_id).parsed.plan.scenes[0].takes
    assert (newer.is_shown, earlier.is_shown) == (True, False)
    plan = api.choose_take(video_id, "s1", body=models.ChosenTake(take=earlier.id)).parsed.plan
    assert plan.scenes[0].take == earlier.id
    export = api.show_export(video_id).parsed.export
    assert (export.files[0].path, export.files[-1].path, export.notes) == ("timeline.otio", "narration.m4a", [])
    assert api.start_run(video_id, body=models.StartRun()).parsed.usd == 0
    assert watch(api, video_id).ai_generation_status == "completed"


def test_it_starts_a_batch_cancels_and_resumes(api: SimpleNamespace, short_talk: Path) -> None:
    video_id = upload(api, short_talk)
    items = [api.models.StartGeneration(video_id=name, target_duration=5) for name in (video_id, "nobody")]
    batch = api.start_generations(body=api.models.Batch(items=items)).parsed
    assert [answer.status_code for answer in batch.results] == [202, 404]
    assert batch.results[1].problem.error == "VideoNotFound"
    assert api.cancel_generation(video_id).parsed.status == "cancelled"
    assert api.resume_generation(video_id, body=api.models.Resume()).parsed.status == "processing"
    assert watch(api, video_id).ai_generation_status == "completed"


def upload(api: SimpleNamespace, recording: Path) -> str:
    fields = {"title": "Talk", "filename": recording.name, "contentType": "audio/flac"}
    body = api.models.NewVideo.from_dict({**fields, "fileSize": recording.stat().st_size})
    answer = api.create_video(body=body)
    video_id = answer.parsed.video.video_id
    assert (answer.status_code, answer.headers["Location"].endswith(f"/videos/{video_id}")) == (201, True)
    form = answer.parsed.upload
    files = {"file": ("recording", recording.read_bytes(), "audio/flac")}
    assert requests.post(form.url, data=form.fields.to_dict(), files=files, timeout=60).status_code == 204
    return video_id


def watch(api: SimpleNamespace, video_id: str) -> Any:
    pause = threading.Event()
    for _ in range(MOST_LOOKS):
        video = api.show_generation(video_id).parsed.video
        if video.ai_generation_status != "processing":
            return video
        pause.wait(LOOK_SECONDS)
    raise AssertionError(f"no end after {MOST_LOOKS} looks")
