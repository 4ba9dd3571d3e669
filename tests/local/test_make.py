"""`reelwright make` on real speech: what comes out is measured, not assumed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from local import signing
from tests.local import film
from tests.local.in_process import run
from tests.unit.certificates import chain_of, new_key, pem_of, pem_of_key
from tests.unit.manifests import check_signature, content_of, manifest_in
from tests.unit.origins import origins_of

ROOT = Path(__file__).parents[2]
VOICE = ROOT / "samples" / "austen.flac"
HEARD_CLEARLY = ("leisure", "prudently", "disposed", "selfish", "respectable")
DONE = 0
FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
TIMEOUT = 280


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "local.cli", *map(str, arguments)]


def reelwright(*arguments: object, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    own: dict[str, Any] = {"cwd": ROOT, "env": environment or clean()}
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=TIMEOUT, **own)


def clean() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


def one_sentence(text: str) -> bool:
    lines = [line for line in text.strip().splitlines() if not line.startswith("Starting the embedded cloud")]
    return [line.partition(":")[0].partition(" ")[0] for line in lines] == ["reelwright"]


@pytest.fixture(name="first_film", scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """One whole run on the bundled recording, signed, with a name that has spaces and Unicode in it."""
    folder = tmp_path_factory.mktemp("made")
    recording = folder / "Jane's räkning 1.flac"
    recording.write_bytes(VOICE.read_bytes())
    choices = ("--duration", 10, "--style", "cinematic", "--data", folder / "data")
    environment = clean() | {signing.FOLDER: str(signing_folder(folder / "signing"))}
    process = reelwright("make", recording, *choices, "--out", folder / "out", "--json", environment=environment)
    assert process.returncode == DONE, process.stderr
    return folder / "out", json.loads(process.stdout), process.stderr


def test_every_file_is_there_under_the_recordings_name(first_film: tuple[Path, dict[str, Any], str]) -> None:
    out, _, _ = first_film
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"Jane's räkning 1{ending}" for ending in (".jpg", ".json", ".mp4", ".srt", ".vtt")]
    assert (out / "Jane's räkning 1.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_the_film_is_exact(first_film: tuple[Path, dict[str, Any], str]) -> None:
    out, record, _ = first_film
    measures = film.measure(out / "Jane's räkning 1.mp4")
    scenes = record["ai_generation_data"]["scene_beats"]["scenes"]
    assert (measures.width, measures.height, measures.frame_rate) == (720, 1280, 24)
    assert measures.streams == ["h264", "aac"]
    assert len(measures.steps) == 1
    assert measures.frames == round(sum(scene["duration"] for scene in scenes) * 24)
    assert len(scenes) > 1
    assert measures.picture_seconds <= 10.5
    assert measures.picture_seconds >= 5
    assert abs(measures.picture_seconds - measures.sound_seconds) <= 1 / 24
    assert abs(measures.loudness_lufs + 14) <= 1.5
    assert measures.true_peak_dbtp <= -1.0
    assert measures.fast_start


def signing_folder(folder: Path) -> Path:
    """Return the folder, with a certificate in it that nobody knows."""
    folder.mkdir()
    key = new_key()
    (folder / signing.FILES["certificate_chain"]).write_text(pem_of(chain_of(key)))
    (folder / signing.FILES["private_key"]).write_text(pem_of_key(key))
    return folder


def test_the_video_and_its_cover_are_signed_by_the_certificate_of_the_folder_that_was_named(
    first_film: tuple[Path, dict[str, Any], str],
) -> None:
    out, record, _ = first_film
    leaf = x509.load_pem_x509_certificate((out.parent / "signing" / "chain.pem").read_bytes())
    for ending in (".mp4", ".jpg"):
        data = (out / f"Jane's räkning 1{ending}").read_bytes()
        parts = manifest_in(data)
        check_signature(parts, leaf)
        assert origins_of(data) == ["trainedAlgorithmicMedia"]
        # The recording is called so, and the title that is posted is another.
        assert "Jane" not in content_of(parts["c2pa.claim.v2"]).get("dc:title", "")
    assert not [note for note in record["ai_generation_data"]["degraded"] if "signature" in note]


def test_the_record_tells_the_whole_story(first_film: tuple[Path, dict[str, Any], str]) -> None:
    _, record, _ = first_film
    data = record["ai_generation_data"]
    assert record["ai_generation_status"] == "completed"
    assert [step["status"] for step in data["processing_steps"]] == ["completed"] * 4
    assert all(task["status"] == "completed" for task in data["vertex_ai_tasks"])
    assert data["cost_breakdown"]["video_generation"] == pytest.approx(data["planned_video_cost"])
    assert data["cost_breakdown"]["total"] == pytest.approx(
        sum(cost for name, cost in data["cost_breakdown"].items() if name != "total"), abs=1e-5
    )
    assert data["final_video_url"].endswith("Jane's räkning 1.mp4")
    text = data["audio_transcription"]["full_text"].lower()
    assert all(word in text for word in HEARD_CLEARLY)


def test_captions_say_what_is_heard_within_the_film(first_film: tuple[Path, dict[str, Any], str]) -> None:
    out, record, _ = first_film
    srt = (out / "Jane's räkning 1.srt").read_text(encoding="utf-8")
    vtt = (out / "Jane's räkning 1.vtt").read_text(encoding="utf-8")
    stamps = re.findall(r"(\d+):(\d+):(\d+),(\d+)", srt)
    seconds = [int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000 for h, m, s, ms in stamps]
    length = film.measure(out / "Jane's räkning 1.mp4").picture_seconds
    assert seconds == sorted(seconds)
    assert seconds[-1] <= length + 0.001
    assert vtt.startswith("WEBVTT")
    speech = " ".join(s["audio_text"] for s in record["ai_generation_data"]["scene_beats"]["scenes"])
    words = re.findall(r"[a-z]+", speech.lower())
    caption_words = re.findall(r"[a-z]+", re.sub(r"[\d:,>-]+", " ", srt).lower())
    assert caption_words == words


def test_the_video_is_in_the_store_that_was_named(
    first_film: tuple[Path, dict[str, Any], str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, record, _ = first_film
    status, listing, _ = run(capsys, "list", "--data", out.parent / "data")
    assert (status, listing.split("  ")[0], "completed" in listing) == (DONE, record["video_id"], True)


def test_progress_goes_to_standard_error_as_plain_lines(first_film: tuple[Path, dict[str, Any], str]) -> None:
    _, _, stderr = first_film
    for words in ("Transcribe: in progress", "Plan scenes: completed", "scene 1: rendered", "Join and mix: completed"):
        assert words in stderr
    assert "A new store was made in " in stderr
    assert "\x1b" not in stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--style", "noir"), "noir"),
        (("--duration", "61"), "--duration"),
        (("--duration", "4"), "5"),
        (("--clips", "0"), "1 to 10"),
        (("--clips", "11"), "1 to 10"),
        (("--prompt", "x" * 20_000), "2000"),
        (("--budget", "-1"), "must be 0.01 or more"),
        (("--live", "bing"), "bing"),
        (("--language", "zu-ZA"), "does not hear zu-ZA"),
        (("--language", "x"), "--language"),
        (("--model", "veo-2.0-generate-001"), "retired"),
    ],
)
def test_bad_choices_end_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    status, out, stderr = run(capsys, "make", VOICE, "--out", tmp_path / "out", *arguments)
    assert status == BAD_INPUT
    assert one_sentence(stderr)
    assert words in stderr
    assert out == ""


def bad_recording(name: str, folder: Path) -> Path:
    """Make the recording of that name, of which no video can be made."""
    whole = VOICE.read_bytes()
    contents = {
        "empty.mp3": b"",
        "text.mp3": b"This is no recording at all, only words. " * 200,
        "cut.flac": whole[:40],
        "half.flac": whole[: len(whole) // 2],
    }
    if name in contents:
        (folder / name).write_bytes(contents[name])
    if name in SOURCES:
        source, *more = SOURCES[name]
        film.lavfi(source, folder / name, *more)
    return folder / name


SOURCES = {
    "silent.wav": ("anullsrc=r=16000:cl=mono", "-t", "5"),
    "blink.wav": ("sine=440", "-t", "0.3"),
    "mute.mp4": ("testsrc=d=3",),
}


@pytest.mark.parametrize(
    "name", ["missing.mp3", "empty.mp3", "text.mp3", "cut.flac", "half.flac", "silent.wav", "blink.wav", "mute.mp4"]
)
def test_bad_recordings_end_with_one_sentence_and_leave_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    status, _, stderr = run(capsys, "make", bad_recording(name, tmp_path), "--out", tmp_path / "out")
    assert status == BAD_INPUT, stderr
    assert one_sentence(stderr)
    assert not (tmp_path / "out").exists()


def test_a_result_never_takes_the_recordings_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = film.make_sound(VOICE, tmp_path / "talk.mp4", "-t", "4")
    before = recording.read_bytes()
    status, _, stderr = run(capsys, "make", recording, "--out", tmp_path)
    assert (status, one_sentence(stderr)) == (BAD_INPUT, True)
    assert "overwrite" in stderr
    assert recording.read_bytes() == before


def test_an_unwritable_folder_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    status, _, stderr = run(capsys, "make", VOICE, "--out", tmp_path / "file" / "out")
    assert status == BAD_INPUT
    assert one_sentence(stderr)


def test_a_cloud_that_goes_away_ends_the_command_with_one_sentence(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "tests.local.lost_cloud", "make", str(VOICE), "--out", str(tmp_path / "out")]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    marker = {"REELWRIGHT_TEST_MARK": str(tmp_path)}
    with subprocess.Popen(arguments, text=True, cwd=ROOT, env=clean() | marker, **pipes) as process:
        assert process.stderr
        for line in process.stderr:
            if "Transcribe: in progress" in line:
                break
        stdout, stderr = process.communicate("now\n", timeout=TIMEOUT)
    messages = [line for line in stderr.splitlines() if not line.startswith("austen: ")]
    assert (process.returncode, stdout) == (FAILED, "")
    assert (len(messages), one_sentence("\n".join(messages))) == (1, True), stderr
    assert not (tmp_path / "out").exists()
    assert list(processes_with(str(tmp_path))) == []


def processes_with(text: str) -> Iterator[str]:
    """The running processes whose environment holds `text`: a worker that outlives its parent keeps it."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if text.encode() in (folder / "environ").read_bytes():
                yield (folder / "cmdline").read_text().replace("\0", " ")
