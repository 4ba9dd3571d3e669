"""A film is directed from the command line: plan, edit, draft, video, retake, an earlier take; and nothing asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import opentimelineio  # pyright: ignore[reportMissingTypeStubs] - it ships none
import pytest

from local import site
from local.client.plan.person import AtTerminal
from local.processes import runs
from local.store.store import Store
from local.system import LocalSystem
from shared.errors import InvalidRequest
from shared.film import ffmpeg
from tests.chaos.run import SHORT, recording_of
from tests.local import clip_commands, film
from tests.local.desk import Desk
from tests.local.in_process import run
from tests.local.jobs import quick
from tests.local.test_make import BAD_INPUT, one_sentence
from tests.unit.picture_files import photo

otio: Any = opentimelineio
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(name="served_store", scope="module")
def store_that_is_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalSystem, Path]]:
    data = tmp_path_factory.mktemp("desk") / "data"
    with Store(data) as store, quick(store=store) as system:
        site.mount(system.cloud)
        yield system, data


@pytest.fixture(name="desk")
def desk_at_the_store(
    served_store: tuple[LocalSystem, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(served_store[0], capsys, served_store[1], tmp_path / "out")


def test_a_film_is_directed_from_the_command_line(desk: Desk, tmp_path: Path) -> None:
    recording = recording_of(tmp_path, SHORT)
    result = desk.out / f"{recording.stem}.mp4"
    out, stderr = desk.make("make", recording, "--goal", "plan", "--duration", 5)
    assert ("to buy" in out, "The plan is ready." in stderr, desk.out.exists()) == (True, True, False)
    (record,) = json.loads(desk.run("list", "--json")[0])
    video = record["video_id"]
    assert record["ai_generation_status"] == "awaiting_review"
    assert f"reelwright run {video} --data {desk.data}" in stderr

    music = film.lavfi("sine=330:duration=3", tmp_path / "bed.mp3")
    desk.run("edit", video, "--set", "1.prompt=A harbour", "--set", "captions=lines", "--music", music)
    assert len(desk.plan(video)["music"]) == 20
    out, stderr = desk.make("run", video, "--goal", "draft")
    draft = result.with_suffix(".draft.mp4")
    assert (out, "This buys nothing." in stderr, "The draft is ready." in stderr) == (f"{draft}\n", True, True)
    # What waits for a review is written again, as what is finished is.
    draft.unlink()
    assert desk.make("resume", video)[0] == out
    assert film.measure(draft).picture_seconds == pytest.approx(SHORT, abs=0.5)
    assert (desk.clips(), result.exists()) == (0, False)

    scenes = desk.plan(video)["scenes"]
    price = next(goal for goal in desk.plan(video)["next"] if goal["goal"] == "video")["usd"]
    out, stderr = desk.make("run", video)
    assert (out, f"${price:.2f}." in stderr, desk.clips()) == (f"{result}\n", True, len(scenes))
    assert f"note: The video is {SHORT} s long: the recording is shorter than the 5 s asked for." in stderr
    assert scenes[0]["prompt"] == "A harbour"
    first_film = film.measure(result)

    words = json.loads(desk.run("words", video, "--json")[0])
    assert [word["number"] for word in words] == list(range(1, len(words) + 1))
    out, stderr = desk.run("words", video, "--set", f"{len(words)}=Otherwise.")
    assert (out.splitlines()[-1].split()[-2:], "video free" in stderr) == (["100%", "Otherwise."], True)

    archive = tmp_path / "cut" / "edit.zip"
    out, stderr = desk.run("export", video, "--out", archive)
    assert (out, stderr) == (f"{archive}\n", "")
    assert frames_in_editor(archive, tmp_path / "unpacked") == first_film.frames

    desk.make("retake", video, 1, "--prompt", "A mountain")
    lines = desk.run("takes", video)[0].splitlines()
    takes = [line.split() for line in lines if line.startswith("scene 1")]
    assert (desk.clips(), len(lines), [line[-1] == "shown" for line in takes]) == (
        len(scenes) + 1,
        len(scenes) + 1,
        [True, False],
    )
    assert "video free" in desk.run("use", video, 1, takes[1][2])[1]
    assert "This buys nothing." in desk.make("run", video)[1]
    assert (desk.clips(), film.measure(result).picture_seconds) == (len(scenes) + 1, first_film.picture_seconds)
    show_an_own_picture(desk, video, tmp_path / "harbour.jpg")
    assert film.measure(result).picture_seconds == first_film.picture_seconds
    keep_what_is_ones_own(desk, tmp_path / "harbour.jpg")
    refuse_what_cannot_be(desk, video, archive)

    choose_to_be_told(desk)
    ask_a_cloud_with_live_providers(desk, video)
    # Without a terminal a review shows the plan, and goes on because that was agreed to before.
    out, stderr = desk.make("make", recording, "--duration", 5, "--review", "--yes", "--draft")
    assert (out, "to buy" in stderr) == (f"{draft}\n", True)
    buy_nothing_below_the_plans_price(desk, recording)


def test_a_recording_becomes_clips_formats_and_a_link_from_the_command_line(desk: Desk, tmp_path: Path) -> None:
    clip_commands.journey(desk, recording_of(tmp_path, clip_commands.RECORDING_SECONDS))


def choose_to_be_told(desk: Desk) -> None:
    """The e-mail at the end is off until it is switched on, and can be switched off again."""
    off, _ = desk.run("settings")
    assert off.startswith("E-mail at the end: off, to ")
    assert desk.run("settings", "--mail-at-end", "on")[0] == off.replace(": off,", ": on,")
    assert json.loads(desk.run("settings", "--json")[0])["settings"] == {"mailAtEnd": True}
    assert desk.run("settings", "--mail-at-end", "off")[0] == off
    assert desk.run("settings")[0] == off


def ask_a_cloud_with_live_providers(desk: Desk, video: str) -> None:
    """Questions need none of its providers: only what buys must be asked for with the same."""
    card = next(card for card in runs.cards() if card.get("data") == str(desk.data))
    runs.current().tell({**card, "live": ["veo"]})
    for question in (("list",), ("plan", video), ("words", video), ("takes", video), ("versions", video)):
        assert desk.run(*question)[0]
    status, out, stderr = run(desk.capsys, "run", video, "--data", desk.data, "--out", desk.out)
    assert (status, out, one_sentence(stderr), "with --live veo" in stderr) == (BAD_INPUT, "", True, True)
    runs.current().tell(card)


def show_an_own_picture(desk: Desk, video: str, file: Path) -> None:
    """Give scene 1 a photo by a command, and make the video again, for which nothing is bought."""
    file.write_bytes(photo())
    before = desk.clips()
    _, stderr = desk.run("edit", video, "--image", f"1={file}:still")
    assert "video free" in stderr
    scene = desk.plan(video)["scenes"][0]
    (own,) = [take for take in scene["takes"] if take["imageId"]]
    assert (scene["picture"]["use"], own["usd"], own["isShown"]) == ("still", 0, True)
    assert "This buys nothing." in desk.make("run", video)[1]
    assert desk.clips() == before
    # The list of own pictures is as it was.
    status, out, stderr = run(desk.capsys, "edit", video, "--image", f"1={file}:clip", "--data", desk.data)
    assert (status, out, one_sentence(stderr), "as still, first_frame, reference" in stderr) == (
        BAD_INPUT,
        "",
        True,
        True,
    ), stderr


def keep_what_is_ones_own(desk: Desk, photo_file: Path) -> None:
    """Keep a photo, and a preset with its logo, beside the music that an edit has brought; delete them again."""
    assert [line.split()[0] for line in desk.run("own")[0].splitlines()] == ["music"]
    preset_file = photo_file.with_name("acme.yaml")
    preset_file.write_text(f"style: animated\nlogo: {{file: {photo_file.name}}}\n")
    picture = desk.run("own", "--add", photo_file)[0].strip()
    assert desk.run("own", "--add", preset_file)[0] == "acme\n"
    rows = [line.split() for line in desk.run("own")[0].splitlines()]
    assert [row[0] for row in rows] == ["picture", "picture", "music", "preset"]
    documents = json.loads(desk.run("own", "--json")[0])
    logo = documents["presets"][0]["choices"]["logo"]["imageId"]
    assert {each["imageId"] for each in documents["images"]} == {picture, logo}
    for own_id in (picture, logo, "acme", documents["pieces"][0]["musicId"]):
        assert "is deleted." in desk.run("own", "--delete", own_id)[1]
    assert desk.run("own") == ("", "Nothing of your own is kept here; --add FILE keeps something.\n")


def refuse_what_cannot_be(desk: Desk, video: str, archive: Path) -> None:
    archive.with_suffix(".ttf").write_bytes(b"no font")
    refusals = [
        ("use", video, 1, "none"),
        ("retake", video, 9),
        ("edit", video, "--set", "1.end=99"),
        ("edit", video, "--music", archive),
        ("edit", video, "--music", desk.out),
        ("export", video, "--out", archive),
        ("plan", "x"),
        ("own", "--delete", "acme"),
        ("own", "--add", archive),
        ("own", "--add", archive.with_suffix(".ttf")),
        ("own", "--add", desk.out / "none.jpg"),
    ]
    for refusal in refusals:
        status, out, stderr = run(desk.capsys, *refusal, "--data", desk.data)
        assert (status, out, one_sentence(stderr)) == (BAD_INPUT, "", True), stderr
    # What was refused of one's own is not kept.
    assert desk.run("own")[0] == ""
    status, out, stderr = run(desk.capsys, "edit", video, "--data", desk.data)
    assert (status, one_sentence(stderr), "--set" in stderr) == (BAD_INPUT, True, True)


def buy_nothing_below_the_plans_price(desk: Desk, recording: Path) -> None:
    before = desk.clips()
    empty = desk.out / "empty"
    choices = ("--duration", 5, "--budget", "0.1", "--out", empty)
    status, out, stderr = run(desk.capsys, "make", recording, *choices, "--data", desk.data)
    assert (status, out, desk.clips(), empty.exists()) == (BAD_INPUT, "", before, False), stderr
    assert all(words in stderr for words in ("BudgetExceeded", "0.1"))


def frames_in_editor(archive: Path, folder: Path) -> int:
    """Return the frames of the timeline in an export, whose clips hold every frame that it uses of them."""
    with ZipFile(archive) as whole:
        assert whole.testzip() is None
        whole.extractall(folder)
    (timeline_file,) = folder.glob("*/timeline.otio")
    timeline = otio.adapters.read_from_file(str(timeline_file))
    pictures, sound = timeline.tracks
    for clip in pictures:
        frames = ffmpeg.packets([clip.media_reference.target_url], cwd=timeline_file.parent)[0].frames
        assert clip.source_range.duration.value <= clip.media_reference.available_range.duration.value <= frames
    narration = timeline_file.parent / sound[0].media_reference.target_url
    assert ffmpeg.probe(narration).seconds == pytest.approx(timeline.duration().to_seconds(), abs=0.05)
    assert (timeline_file.parent / "captions.vtt").read_text().startswith("WEBVTT")
    assert pictures.duration() == sound.duration() == timeline.duration()
    return int(timeline.duration().value)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--review"], "--yes"),
        (["--review", "--yes", "--goal", "plan"], "--review"),
        (["--goal", "film"], "--goal"),
        (["--clips", "2", "--review"], "--yes"),
    ],
)
def test_without_a_terminal_nothing_asks(
    arguments: list[str], word: str, short_talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, stderr = run(capsys, "make", short_talk, *arguments, "--out", tmp_path / "out")
    assert (status, out, one_sentence(stderr), word in stderr) == (BAD_INPUT, "", True, True), stderr


def test_an_editor_saves_or_is_told_of(tmp_path: Path) -> None:
    script = tmp_path / "my editor"
    script.write_text('#!/bin/sh\nsed -i s/old/new/ "$1"\n')
    script.chmod(0o755)
    assert AtTerminal({"EDITOR": f"'{script}'"}).edit("an old text\n") == "an new text\n"
    for editor, word in (("false", "status 1"), (str(tmp_path / "none"), "EDITOR"), ("'", "EDITOR")):
        with pytest.raises(InvalidRequest, match=word):
            AtTerminal({"VISUAL": editor, "EDITOR": "true"}).edit("text")
