"""`make --keep`, `list`, `show` and `resume`: later commands go on with an earlier video."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from local import cli
from local.client import library
from local.store import folder as folders
from local.store.store import Store
from shared.http.views import GenerationView, VideoView
from shared.video.version import PublicVersion
from tests.chaos.run import SHORT, recording_of
from tests.local import film
from tests.local.in_process import run
from tests.local.test_make import BAD_INPUT, DONE, INTERRUPTED, clean, command, one_sentence
from tests.local.test_store import is_taken

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class KeptVideo:
    """A store with one video, whose generation was broken off and gone on with, and the files of it."""

    data: Path
    video: str
    out: Path

    @property
    def film(self) -> Path:
        return self.out / f"talk{SHORT}.mp4"


@pytest.fixture(name="kept_video", scope="module")
def broken_off_and_resumed(tmp_path_factory: pytest.TempPathFactory) -> KeptVideo:
    folder = tmp_path_factory.mktemp("kept")
    data = folder / "data"
    out = folder / "out"
    recording = recording_of(folder, SHORT)
    arguments = command("make", recording, "--duration", 5, "--out", out, "--data", data, "--keep")
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=clean()) as process:
        assert process.stderr
        next(line for line in process.stderr if "Transcribe: completed" in line)
        process.kill()
    (record,) = output_of("list", "--data", data, "--json")
    resumed_record = output_of("resume", record["video_id"], "--data", data, "--out", out, "--json")
    assert resumed_record["ai_generation_status"] == "completed"
    return KeptVideo(data, record["video_id"], out)


def output_of(*arguments: object) -> Any:
    """Return what a command that succeeds writes, which is JSON."""
    with redirect_stdout(StringIO()) as output:
        status = cli.main([str(argument) for argument in arguments], environment={})
    assert status == DONE
    return json.loads(output.getvalue())


def test_what_was_broken_off_goes_on(kept_video: KeptVideo) -> None:
    assert film.measure(kept_video.film).picture_seconds == pytest.approx(SHORT, abs=0.5)


def test_an_earlier_video_is_listed_and_written_again(
    kept_video: KeptVideo, capsys: pytest.CaptureFixture[str]
) -> None:
    first = kept_video.film.read_bytes()
    status, listing, _ = run(capsys, "list", "--data", kept_video.data)
    video, _, rest = listing.partition("  ")
    assert (status, listing.count("\n"), rest.split()[2:]) == (DONE, 1, ["completed", kept_video.film.stem])
    assert video == kept_video.video
    # What is finished is written without being made again.
    shutil.rmtree(kept_video.out)
    assert run(capsys, "resume", video, "--data", kept_video.data, "--out", kept_video.out)[:2] == (
        DONE,
        f"{kept_video.film}\n",
    )
    assert kept_video.film.read_bytes() == first


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "a"), ("versions", "a"), ("resume", "a"), ("serve", "--port", "0")]
)
def test_a_store_in_use_or_unreadable_is_told_of_in_one_sentence(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "kept"
    with Store(data):
        status, out, stderr = run(capsys, *arguments, "--data", data)
    assert (status, out, one_sentence(stderr), "another Reelwright" in stderr) == (BAD_INPUT, "", True, True)
    (data / folders.DATABASE).write_text("spoilt")
    status, out, stderr = run(capsys, *arguments, "--data", data)
    assert (status, out, one_sentence(stderr), "left as it is" in stderr) == (BAD_INPUT, "", True, True)


@pytest.mark.parametrize("arguments", [("list",), ("versions", "a"), ("plan", "a"), ("moments", "a")])
def test_a_folder_that_holds_no_store_is_refused_and_left_as_it_is(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in (tmp_path / "mistyped", tmp_path):
        status, out, stderr = run(capsys, *arguments, "--data", data)
        assert (status, out, one_sentence(stderr), "there is no store" in stderr) == (BAD_INPUT, "", True, True)
    assert list(tmp_path.iterdir()) == []


def test_a_line_has_its_columns_below_each_other() -> None:
    rows = [("a", "completed", "x" * 60), ("bb", None, "日本\n語")]
    records = [
        VideoView.model_validate(
            {
                "video_id": video,
                "user_id": "u",
                "title": title,
                "created_at": "2026-11-26T12:39:01Z",
                "ai_generation_status": status,
            }
        )
        for video, status, title in rows
    ]
    assert library.lines(records) == [
        f"a   2026-11-26 12:39  completed  {'x' * 47}…",
        "bb  2026-11-26 12:39  uploaded   日本 語",
    ]
    with_moments = records[0].model_copy(
        update={
            "ai_generation_status": "awaiting_review",
            "ai_generation_data": GenerationView.model_validate({"goal": "moments"}),
        }
    )
    assert library.lines([with_moments]) == [f"a  2026-11-26 12:39  moments  {'x' * 47}…"]
    assert library.lines([]) == []
    versions = [
        PublicVersion(
            generation_id="ab",
            finished_at="2026-11-26T12:39:01Z",
            seconds=15,
            style="artistic",
            prompt="A\nb",
            cost_usd=3.224,
        ),
        PublicVersion(
            generation_id="c",
            finished_at="2026-11-25T12:39:01Z",
            seconds=8.25,
            style="realistic",
            degraded=["The video is 8.2 s long.", "The rest is silent."],
        ),
    ]
    assert library.version_lines(versions) == [
        "ab  2026-11-26 12:39  15.0 s  $3.22  artistic   A b",
        "c   2026-11-25 12:39  8.2 s   $0.00  realistic",
    ]
    assert library.version_notes(versions) == ["c: The video is 8.2 s long.", "c: The rest is silent."]


@pytest.fixture(name="served_video")
def kept_and_served(kept_video: KeptVideo) -> Iterator[KeptVideo]:
    serve = command("serve", "--port", 0, "--data", kept_video.data)
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=clean()) as process:
        assert process.stdout
        lines = list(iter(process.stdout.readline, "Ctrl-C stops it.\n"))
        assert f"Data          {kept_video.data}\n" in lines
        yield kept_video
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == INTERRUPTED
    assert not is_taken(kept_video.data)


def test_commands_go_to_the_cloud_that_is_served_from_the_store(
    served_video: KeptVideo, capsys: pytest.CaptureFixture[str]
) -> None:
    data = served_video.data
    records = json.loads(run(capsys, "list", "--data", data, "--json")[1])
    record_shown = json.loads(run(capsys, "show", served_video.video, "--data", data)[1])
    assert [record["video_id"] for record in records] == [served_video.video] == [record_shown["video_id"]]
    (version,) = json.loads(run(capsys, "versions", served_video.video, "--data", data, "--json")[1])
    assert [each["generation_id"] for each in record_shown["versions"]] == [version["generation_id"]]
    status, lines, _ = run(capsys, "versions", served_video.video, "--data", data)
    assert (status, lines.split()[0], lines.count("\n")) == (DONE, version["generation_id"], 1)
    none = "No video is kept here; `reelwright make --keep` makes one.\n"
    assert run(capsys, "list", "--data", data, "--user", "other") == (DONE, "", none)
    status, _, stderr = run(capsys, "show", "unknown", "--data", data)
    assert (status, one_sentence(stderr)) == (BAD_INPUT, True)
    target = served_video.out / "again" / f"talk{SHORT}.{version['generation_id']}.mp4"
    arguments = ("versions", served_video.video, "--data", data, "--out", target.parent)
    assert run(capsys, *arguments, "--save", version["generation_id"]) == (DONE, f"{target}\n", "")
    assert sorted(file.suffix for file in target.parent.iterdir()) == [".jpg", ".mp4", ".srt", ".vtt"]
    assert target.read_bytes() == served_video.film.read_bytes()
    for refusal in (("--save", version["generation_id"]), ("--save", "none"), ("--delete", "none")):
        status, out, stderr = run(capsys, *arguments, *refusal)
        assert (status, out, one_sentence(stderr)) == (BAD_INPUT, "", True), stderr
    status, _, stderr = run(capsys, "resume", "a", "--data", data, "--live", "veo")
    assert (status, one_sentence(stderr), "without --live" in stderr) == (BAD_INPUT, True, True)
    assert run(capsys, *arguments, "--delete", version["generation_id"])[:2] == (DONE, "")
    assert run(capsys, *arguments, "--json")[1] == "[]\n"
    deletion = ("delete", served_video.video, "--data", data)
    status, out, stderr = run(capsys, *deletion)
    assert (status, out, "use --yes" in stderr) == (BAD_INPUT, "", True)
    assert run(capsys, *deletion, "--yes") == (DONE, "", "The video and its files were deleted.\n")
    assert run(capsys, "list", "--data", data) == (DONE, "", none)
    status, _, stderr = run(capsys, "delete", "talk.mp3", "--data", data, "--yes")
    assert (status, "talk.mp3: no video has such an id" in stderr) == (BAD_INPUT, True)
