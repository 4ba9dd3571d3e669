"""The export of a video: what an editor needs of a plan, and a timeline that another program reads to the frame."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import opentimelineio  # pyright: ignore[reportMissingTypeStubs] - it ships none
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.build.export import narration_key
from functions.api.build.timeline import TimelineScene, document
from shared import media_keys
from shared.aws import clients
from shared.brand.choices import Brand, Bumper
from shared.build import bumpers
from shared.video.record import VideoRecord
from shared.video.take import Take
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, VIDEO
from tests.unit.media_fakes import speech
from tests.unit.plan_examples import quick
from tests.unit.test_api_plan import composed_plan, record_for_review, record_of_video, store, take_of

EXPORT = f"/ai-video/{VIDEO}/export"
otio: Any = opentimelineio
shots = st.builds(
    TimelineScene,
    name=st.sampled_from(["s1", "s2"]),
    frames=st.integers(12, 360),
    file=st.sampled_from(["", "clips/01-s1.mp4"]),
    file_frames=st.integers(0, 400),
)


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def read(text: str) -> Any:
    """The timeline as OpenTimelineIO's own library reads it."""
    return otio.adapters.read_from_string(text, "otio_json")


def put(key: str, data: bytes, media_type: str) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=data, ContentType=media_type)


def put_takes(record: VideoRecord) -> None:
    assert record.ai_generation_data
    for name, take in record.ai_generation_data.takes.items():
        kind = take.kind
        put(
            media_keys.take(VIDEO, GENERATION, name, kind), name.encode(), {"clip": "video/mp4"}.get(kind, "image/jpeg")
        )


def export(call: Api) -> dict[str, Any]:
    answer = call("GET", EXPORT)
    assert answer.status == 200, answer.body
    return answer.body["export"]


def files(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {file["path"]: file for file in view["files"]}


@quick
@given(st.lists(shots, min_size=1, max_size=8), st.sampled_from(["", "narration.m4a"]))
def test_a_timeline_has_every_frame_of_the_video_however_long_its_clips_are(
    scenes: list[TimelineScene], sound: str
) -> None:
    timeline = read(document("A – title", scenes, sound, 24))
    frames = sum(scene.frames for scene in scenes)
    pictures, *others = timeline.tracks
    assert (timeline.name, timeline.duration(), pictures.duration()) == (
        "A – title",
        otio.opentime.RationalTime(frames, 24),
        otio.opentime.RationalTime(frames, 24),
    )
    assert [(track.kind, track.duration().value) for track in others] == [("Audio", frames)] * bool(sound)
    for clip in timeline.find_clips():
        available = clip.media_reference.available_range
        assert clip.media_reference.target_url in ("clips/01-s1.mp4", "narration.m4a")
        assert clip.source_range.duration <= available.duration
    # What opentimelineio itself would write of it reads as the same.
    assert read(otio.adapters.write_to_string(timeline, "otio_json")).is_equivalent_to(timeline)


def test_an_export_has_all_that_an_editor_needs(call: Api) -> None:
    record = record_of_video()
    store(record)
    put_takes(record)
    put(narration_key(composed_plan()), b"sound", "audio/mp4")
    view = export(call)
    paths = files(view)
    assert [*paths] == [
        "timeline.otio", "captions.srt", "captions.vtt", "plan.json", "clips/01-s1.mp4", "clips/02-s2.mp4",
        "narration.m4a",
    ]  # fmt: skip
    assert (view["revision"], view["seconds"], view["name"], view["notes"]) == (1, 8, "video", [])
    timeline = read(paths["timeline.otio"]["text"])
    assert timeline.duration() == otio.opentime.RationalTime(composed_plan().frames, 24)
    assert {clip.media_reference.target_url for clip in timeline.find_clips()} <= paths.keys()
    assert paths["captions.vtt"]["text"].startswith("WEBVTT")
    assert "X-Amz-Signature" not in paths["plan.json"]["text"]
    keys = {"clips/02-s2.mp4": media_keys.take(VIDEO, GENERATION, "take2", "clip")}
    keys["narration.m4a"] = narration_key(composed_plan())
    for path, key in keys.items():
        assert (paths[path]["bytes"], urlsplit(str(paths[path]["link"]["url"])).path) == (5, f"/{key}")


def test_what_is_not_there_yet_is_a_gap_and_said_in_a_sentence(call: Api) -> None:
    still = Take(scene="s1", kind="still", order="", created_at="2026-01-01T00:00:00Z")
    short = take_of(composed_plan(), 2).model_copy(update={"seconds": 3.5})
    record = record_for_review(takes={"still": still, "short": short})
    store(record)
    put_takes(record)
    for scene, take in (("s1", "still"), ("s2", "short")):
        call("PUT", f"/ai-video/{VIDEO}/scenes/{scene}/take", {"take": take})
    view = export(call)
    assert [path for path in files(view) if "/" in path] == ["clips/02-s2.mp4", "stills/01-s1.jpg"]
    timeline = read(files(view)["timeline.otio"]["text"])
    assert [(type(each).__name__, each.duration().value) for each in timeline.tracks[0]] == [
        ("Clip", 96),
        ("Clip", 84),
        ("Gap", 12),
    ]
    assert [note.partition(":")[0] for note in view["notes"]] == [
        "The clip of scene 2 is 12 frames shorter than the scene",
        "There is no narration yet",
    ]


def test_an_intro_is_in_the_timeline_and_moves_what_is_said(call: Api) -> None:
    store(record_of_video())
    intro = Bumper(digest="0123456789ab", kind="clip", frames=36)
    outro = Bumper(digest="ba9876543210", kind="still", frames=24)
    with_words = composed_plan().model_copy(update={"words": speech(8)})
    options = with_words.options.model_copy(update={"brand": Brand(intro=intro, outro=outro)})
    whole_plan = with_words.model_copy(update={"options": options})
    put(PLAN_KEY, whole_plan.model_dump_json().encode(), "application/json")
    put(bumpers.rendered_key(whole_plan, intro), b"intro", "video/mp4")
    view = export(call)
    assert (view["seconds"], files(view)["intro.mp4"]["bytes"]) == (8 + 2.5, 5)
    first, *_, last = read(files(view)["timeline.otio"]["text"]).tracks[0]
    assert (type(first).__name__, first.duration().value, first.media_reference.target_url) == ("Clip", 36, "intro.mp4")
    assert (type(last).__name__, last.duration().value) == ("Gap", 24)
    assert "There is no outro yet: a run makes it, a free draft too." in view["notes"]
    assert files(view)["captions.srt"]["text"].startswith("1\n00:00:01,500 -->")


def test_without_a_picture_there_is_a_gap_and_without_a_plan_no_export(call: Api) -> None:
    store(record_for_review())
    view = export(call)
    assert [note.partition(" ")[0] for note in view["notes"]] == ["Scene", "Scene", "There"]
    assert [path for path in files(view) if "link" in files(view)[path]] == []
    base = record_for_review(plan_name="0009-abcdefabcdef")
    store(base)
    assert call("GET", EXPORT).body["error"] == "PlanMissing"
    assert call("GET", EXPORT, user="somebody").status == 403
