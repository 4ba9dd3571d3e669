"""One recording becomes clips, a format and a public link by commands: each says what it did, and did that.

Touches what the commands touch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from local.client import films, session
from local.client.clips import making
from local.client.make import VideoJob
from local.client.own.belongings import Belongings
from tests.local import film
from tests.local.desk import Desk
from tests.local.in_process import run
from tests.local.many import sales_of
from tests.local.test_make import BAD_INPUT, one_sentence

COUNT = 2
# Each of the recording's first two sentences is a moment.
RECORDING_SECONDS = 18
SECONDS = 8


@dataclass
class Declining:
    """Somebody at the terminal who says no, and remembers what was asked."""

    is_there: bool = True
    questions: list[str] = field(default_factory=list[str])

    def edit(self, text: str) -> str:
        """Return the text as it is."""
        return text

    def agrees(self, question: str) -> bool:
        """Say no."""
        self.questions.append(question)
        return False


def journey(desk: Desk, recording: Path) -> None:
    """Make clips of a recording's moments, then one more, which is shown in another format and by a link."""
    parent = _make_plans(desk, recording)
    _look_again(desk, parent)
    _make_none(desk, recording)
    clip = _make_a_clip(desk, parent)
    _look_in_a_video(desk, clip)
    _make_a_format(desk, clip)
    _show_by_a_link(desk, clip)


def _make_plans(desk: Desk, recording: Path) -> str:
    """`make --clips`: a plan for each clip, of what is heard once; return the recording's video."""
    before = sales_of(desk.system)
    earlier = _videos(desk)
    wishes = ("--clips", COUNT, "--review", "--yes", "--goal", "plan", "--duration", SECONDS)
    out, stderr = desk.make("make", recording, *wishes)
    new = {video: record for video, record in _videos(desk).items() if video not in earlier}
    (parent,) = [video for video, record in new.items() if not record.get("parent_id")]
    clips = [record for record in new.values() if record.get("parent_id")]
    assert [record["parent_id"] for record in clips] == [parent] * COUNT
    # The moments are told, then each plan, with what it takes to go on with it.
    assert "Judged by a stand-in." in stderr
    assert "Looking for moments costs about $" in stderr
    assert (out.count("to buy"), stderr.count("The plan is ready.")) == (COUNT, COUNT)
    for record in clips:
        assert f"reelwright run {record['video_id']} --data {desk.data}" in stderr
        data = desk.show(record["video_id"])
        assert (data["ai_generation_status"], _costs(data)["transcription"]) == ("awaiting_review", 0)
    after = sales_of(desk.system)
    assert (after.hearings - before.hearings, after.answers - before.answers) == (1, 1 + COUNT)
    assert after.takes == before.takes
    assert not desk.out.exists()
    return parent


def _look_again(desk: Desk, parent: str) -> None:
    """`moments`: what was chosen is listed for nothing; others are chosen of what was heard."""
    before = sales_of(desk.system)
    first = json.loads(desk.run("moments", parent, "--json")[0])
    lines, stderr = desk.run("moments", parent)
    assert (len(first["moments"]), lines.splitlines()[-1], stderr) == (COUNT, "Judged by a stand-in.", "")
    assert all(f"{moment['id']}  {moment['title']}" in lines for moment in first["moments"])
    assert sales_of(desk.system) == before
    lines, _ = desk.run("moments", parent, "--count", 1, "--duration", SECONDS)
    after = sales_of(desk.system)
    assert (after.hearings, after.answers - before.answers) == (before.hearings, 1)
    assert ("m1  " in lines, "m2  " in lines) == (True, False)


def _make_none(desk: Desk, recording: Path) -> None:
    """Whoever does not agree to the price has no clip made."""
    person = Declining()
    job = VideoJob(recording, {"targetDuration": SECONDS}, desk.out)
    wish = making.ClipsWish(1, is_reviewed=True)
    assert making.make_clips(job, session.SessionOptions(desk.data), person, Belongings(), wish) == []
    (question,) = person.questions
    assert question.startswith("Make a clip of them, for about $")
    assert question.endswith(" at most?")
    newest = next(iter(_videos(desk).values()))
    assert newest.get("parent_id") is None


def _make_a_clip(desk: Desk, parent: str) -> str:
    """`clips`: a video of a moment; what is neither a moment nor an excerpt is refused before anything is made."""
    before = sales_of(desk.system)
    earlier = _videos(desk)
    status, out, stderr = run(desk.capsys, "clips", parent, "m1", "3-9", "--data", desk.data, "--out", desk.out)
    assert (status, out, one_sentence(stderr)) == (BAD_INPUT, "", True), stderr
    # A record of an execution that has just ended may still be written to; none may be new.
    assert (sales_of(desk.system), _videos(desk).keys()) == (before, earlier.keys())
    for words in (("--caption-language", "es"), ("--caption-font", "mine.ttf"), ("--captions", "nice")):
        status, out, stderr = run(desk.capsys, "clips", parent, "m1", *words, "--data", desk.data, "--out", desk.out)
        assert (status, out, one_sentence(stderr.splitlines()[-1] + "\n")) == (BAD_INPUT, "", True), stderr
    looks = ("--captions", "box", "--caption-position", "top")
    out, stderr = desk.make("clips", parent, "m1", *looks)
    assert "A clip costs about $" in stderr
    (clip,) = _videos(desk).keys() - earlier.keys()
    record = desk.show(clip)
    (file,) = out.splitlines()
    assert (Path(file).parent, record["parent_id"], _costs(record)["transcription"]) == (desk.out, parent, 0)
    options = record["ai_generation_data"]["options"]
    assert (options["captions"], options["caption_style"]["position"]) == ("box", "top")
    excerpt = options["excerpt"]
    assert Path(file).stem.endswith(f"-{films.place(excerpt['start'], excerpt['end'])}")
    scenes = len(record["ai_generation_data"]["scene_beats"]["scenes"])
    after = sales_of(desk.system)
    assert (after.hearings, after.takes - before.takes) == (before.hearings, scenes)
    assert film.measure(Path(file)).picture_seconds > SECONDS - 2
    # Asked for once more it is that very clip, and its files are written again.
    out, stderr = desk.make("clips", parent, "m1", *looks, "--force")
    assert (out, "0 clips were started; 1 was there already." in stderr) == (f"{file}\n", True)
    assert (sales_of(desk.system), _videos(desk).keys() - earlier.keys()) == (after, {clip})
    return clip


def _look_in_a_video(desk: Desk, clip: str) -> None:
    """`moments` of a finished video: it stays what it is; nothing is heard again, and no file written."""
    before = sales_of(desk.system)
    earlier = desk.show(clip)
    files = sorted(desk.out.iterdir())
    lines, stderr = desk.run("moments", clip, "--count", 1, "--duration", SECONDS)
    assert ("m1  " in lines, "Looking for moments costs about $" in stderr) == (True, True)
    record = desk.show(clip)
    assert (record["ai_generation_status"], record["search"]["status"]) == ("completed", "awaiting_review")
    assert record["ai_generation_data"]["generation_id"] == earlier["ai_generation_data"]["generation_id"]
    after = sales_of(desk.system)
    assert (after.hearings, after.answers - before.answers, after.takes) == (before.hearings, 1, before.takes)
    assert sorted(desk.out.iterdir()) == files


def _make_a_format(desk: Desk, clip: str) -> None:
    """`variant`: the same clips in a square, for nothing."""
    before = sales_of(desk.system)
    earlier = _videos(desk)
    out, stderr = desk.make("variant", clip, "--format", "1:1")
    (variant,) = _videos(desk).keys() - earlier.keys()
    measures = film.measure(Path(out.strip()))
    assert out.endswith("-1x1.mp4\n")
    assert ("This buys nothing." in stderr, "It cost $0.00," in stderr) == (True, True)
    assert (measures.width, measures.height) == (720, 720)
    record = desk.show(variant)
    assert (record["variant_of"], _costs(record)["total"], sales_of(desk.system)) == (clip, 0, before)


def _show_by_a_link(desk: Desk, clip: str) -> None:
    """`link`: whoever has it watches the video until it is taken back; the next one is another."""
    link, stderr = desk.run("link", clip)
    address = link.strip()
    assert (link.count("\n"), stderr) == (1, "")
    page = requests.get(address, timeout=60)
    assert (page.status_code, "<video" in page.text) == (200, True)
    # Asked for again it is the same.
    assert desk.run("link", clip)[0] == link
    assert desk.run("link", clip, "--take-back") == ("", "The link shows nothing any more.\n")
    assert requests.get(address, timeout=60).status_code == 404
    again = desk.run("link", clip)[0]
    assert again != link
    assert desk.run("link", clip, "--take-back")[0] == ""


def _videos(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return the videos by their ids, the newest first."""
    return {record["video_id"]: record for record in json.loads(desk.run("list", "--json")[0])}


def _costs(record: dict[str, Any]) -> dict[str, float]:
    return record["ai_generation_data"]["cost_breakdown"]
