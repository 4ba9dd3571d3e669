"""One video of eight scenes whose owner changes one, is refused, and cuts it anew: nothing else is made or bought.

Touches a whole system, through its API as any client does.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local.api_client import ApiClient
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared import media_keys
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local import film
from tests.local.direct import Director
from tests.local.film import StoredPackets

COUNT = 8
# The place of the scene that is made anew, from 0.
RETAKEN = 3
CHOICES: dict[str, Any] = {"targetDuration": 12, "goal": "plan"}
# What a clip of four seconds costs, and a cent for whatever is rounded.
CLIP_USD = 0.4
ROOM_USD = 0.01
MORE_USD = 20
# A clip whose prompt has it looks otherwise than all others.
MARK = "a red boat"
_SHOWN = re.compile(r"^Dialogue: \d+,(\d+):(\d+):([\d.]+),(\d+):(\d+):([\d.]+),(.*)$", re.MULTILINE)


def recut(system: LocalSystem, recording: Path, folder: Path) -> None:
    """Change one of eight scenes, then all that can be changed of cuts; what is bought is what was announced."""
    api = ApiClient(system.cloud.api_url, system.token())
    director = Director(system, api.upload(recording, "recut", "audio/flac"))
    api.start(director.video, CHOICES)
    assert await_end(system, director.video) == "SUCCEEDED", director.data.failure
    _refuse_a_stale_edit(director)
    scenes = director.cut_into(COUNT)
    budget = director.data.cost_breakdown.total + (COUNT + 1) * CLIP_USD + ROOM_USD
    assert director.run(body={"budget": round(budget, 4)}) == scenes
    _change_one_of_eight(director, scenes, folder)
    _refuse_what_is_over_the_budget(director, scenes[0])
    _cut_anew(director, scenes, folder)
    _make_another_generation(director, api)


def _packets(director: Director, folder: Path) -> StoredPackets:
    """Return what the finished file holds, scene by scene."""
    frames = [scene.frames for scene in director.stored_plan().scenes]
    return film.stored_packets(director.download(director.data.final_video_url, folder), frames)


def _refuse_a_stale_edit(director: Director) -> None:
    """Whoever edits what another has changed meanwhile is told what that is, and changes nothing."""
    tag = director.ask("GET", "/plan").headers["ETag"]
    plan = director.edit({"op": "captions", "captions": "lines"})
    answer = director.send("PATCH", "/plan", {"edits": [{"op": "title", "title": "Stale"}]}, tag)
    assert (answer.status_code, answer.json()["error"]) == (412, "PlanChanged")
    assert "captions" in answer.json()["message"]
    assert director.plan() == plan
    director.edit({"op": "captions", "captions": "words"})


def _change_one_of_eight(director: Director, scenes: list[str], folder: Path) -> None:
    """Another take: of the finished file seven scenes stay as they are; then the first one again, and another word."""
    first = _packets(director, folder)
    files = director.rendered_scenes()
    sales = director.clip_count()
    assert len(files) == COUNT
    assert director.run(f"/scenes/{scenes[RETAKEN]}/takes", {"prompt": f"At last {MARK} comes home."}) == [
        scenes[RETAKEN]
    ]
    retake = _packets(director, folder)
    assert director.clip_count() == sales + 1
    assert (first.others(retake), first.sound == retake.sound) == ([RETAKEN], True)
    assert (len(director.rendered_scenes() - files), files - director.rendered_scenes()) == (1, set())
    files = director.rendered_scenes()
    takes = director.plan()["scenes"][RETAKEN]["takes"]
    director.ask("PUT", f"/scenes/{scenes[RETAKEN]}/take", {"take": takes[-1]["id"]})
    places = _correct_a_word(director)
    assert director.run() == []
    correction = _packets(director, folder)
    assert director.clip_count() == sales + 1
    assert (first.others(correction), first.sound == correction.sound) == (places, True)
    # What was rendered of the first take is there.
    assert (len(director.rendered_scenes() - files), files - director.rendered_scenes()) == (len(places), set())


def _correct_a_word(director: Director) -> list[int]:
    """Correct one letter of the sixth scene's words; return the places of the scenes that show it, from 0."""
    plan = director.plan()
    scene = plan["scenes"][5]
    middle = (scene["start"] + scene["end"]) / 2
    index = min(range(len(plan["words"])), key=lambda place: abs(plan["words"][place]["start"] - middle))
    # As long as it was: captions are broken where they were.
    text = f"z{plan['words'][index]['text'][1:]}"
    places = _scenes_that_show(director.edit({"op": "word", "index": index, "text": text}), text)
    assert 5 in places
    assert RETAKEN not in places
    return places


def _scenes_that_show(plan: dict[str, Any], text: str) -> list[int]:
    """Return the places of the scenes whose captions have the text at some time, from 0."""
    spans = list[tuple[float, float]]()
    for row in _SHOWN.findall(plan["captionDocument"]):
        if text in row[6]:
            spans.append((_seconds(*row[:3]), _seconds(*row[3:6])))
    scenes = enumerate(plan["scenes"])
    return [n for n, scene in scenes if any(scene["start"] < last and first < scene["end"] for first, last in spans)]


def _seconds(hours: str, minutes: str, seconds: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _refuse_what_is_over_the_budget(director: Director, scene: str) -> None:
    """A retake for which the budget does not suffice starts nothing, and buys nothing."""
    before = director.clip_count(), director.data.run, director.plan()["next"]
    answer = director.send("POST", f"/scenes/{scene}/takes", {})
    assert (answer.status_code, answer.json()["error"]) == (402, "BudgetExceeded")
    assert (director.clip_count(), director.data.run, director.plan()["next"]) == before
    assert director.status == "completed"


def _lose_the_answer_to_an_order(director: Director, scene: str) -> None:
    """Whether a clip was bought that nobody knows of is a person's decision, and told as undecided."""
    before = director.usd_sold()
    usd = director.plan()["scenes"][0]["usd"]
    director.system.veo.faults.add(Fault("hang_up_after", "submit", match="quietly"))
    director.run(
        f"/scenes/{scene}/takes",
        {
            "prompt": "A boat leaves quietly.",
        },
        end="FAILED",
    )
    failure = director.data.failure
    assert failure
    assert failure.error == "SubmitOutcomeUnknown"
    answer = director.send("POST", "/runs", {})
    assert (answer.status_code, answer.json()["error"]) == (409, "SceneMayBeBought")
    assert director.usd_sold() - before == pytest.approx(usd)
    assert director.data.cost_breakdown.undecided == pytest.approx(usd)
    assert director.run(body={"orderAgain": True}) == [scene]
    assert director.usd_sold() - before == pytest.approx(2 * usd)
    assert audit.faults(record_of(director.system, director.video), director.system.veo.ledger.entries) == []


def _cut_anew(director: Director, scenes: list[str], folder: Path) -> None:
    """Merge, split, and move a cut: what a clip is too short for is bought, and nothing else."""
    halves = scenes[0], scenes[COUNT // 2]
    director.edit(*({"op": "merge", "scene": half} for half in halves for _ in range(COUNT // 2 - 1)))
    # The budget, which was bought up, is raised.
    assert director.run(body={"budget": MORE_USD}) == [*halves]
    _lose_the_answer_to_an_order(director, halves[0])
    (_, last) = director.plan()["scenes"]
    at = director.place_near((last["start"] + last["end"]) / 2)
    (*_, new) = director.edit({"op": "split", "scene": last["id"], "at": at})["scenes"]
    # Its clip is longer by that than one of the scene as it was split off.
    at = director.place_near(new["end"] - 5)
    scene = director.edit({"op": "move", "scene": last["id"], "end": at})["scenes"][-1]
    assert scene["usd"] > new["usd"]
    assert director.run() == [new["id"]]
    assert director.frames_of(director.data.final_video_url, folder) == director.stored_plan().frames


def _make_another_generation(director: Director, api: ApiClient) -> None:
    """It buys its own, and whatever there is of the first stays as it is."""
    earlier = director.data.generation_id
    files = _files_of(director, earlier)
    api.start(director.video, {"targetDuration": 5, "captions": "none", "goal": "plan"})
    assert await_end(director.system, director.video) == "SUCCEEDED", director.data.failure
    assert director.run() == [scene["id"] for scene in director.plan()["scenes"]]
    versions = director.ask("GET", "/versions").json()["versions"]
    assert [version["generation_id"] for version in versions] == [director.data.generation_id, earlier]
    assert _files_of(director, earlier) == files


def _files_of(director: Director, generation: str) -> set[tuple[object, ...]]:
    """Return the key, digest and moment of each file of a generation."""
    client = director.system.cloud.client("s3")
    bucket = director.system.cloud.outputs["BucketName"]
    prefixes = media_keys.of_generation(director.video, generation)
    pages = [client.list_objects_v2(Bucket=bucket, Prefix=prefix) for prefix in prefixes]
    rows = [row for page in pages for row in page.get("Contents", [])]
    assert rows
    return {(row["Key"], row["ETag"], row["LastModified"]) for row in rows}
