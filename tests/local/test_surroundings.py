"""The program on machines as they are: any file name, any folder, any environment, and ends of every kind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest

from local.api_client import ApiClient
from local.client import make, outputs
from local.lambda_runtime.fork_server import ForkServer, ForkServerGoneError, WorkerSpec
from local.lambda_runtime.runtime import LambdaRuntime, RuntimeClosedError
from local.processes import surroundings
from local.processes.children import ChildFailedError, Children
from local.processes.file_names import readable
from shared.errors import InvalidRequest, SettingMissing
from shared.http.views import VideoView
from tests.chaos.run import SHORT, recording_of
from tests.local.test_lambda_runtime import ECHO
from tests.local.test_make import BAD_INPUT, DONE, FAILED, TIMEOUT, VOICE, clean, one_sentence, processes_with

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, str(ROOT / "reelwright.py")]
SHADOW = 'raise SystemExit("the user\'s own module was imported")\n'
NOWHERE = "http://127.0.0.1:9"
LONG = "y" * 244
LATIN = os.fsdecode(b"caf\xe9.flac")


@pytest.fixture(name="folder")
def folder_full_of_traps(tmp_path: Path) -> Path:
    """A folder whose modules have the names of Python's and of ours, with a home whose files cannot be read."""
    for name in ("random.py", "queue.py", "signal.py", "local/__init__.py", "shared/__init__.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(SHADOW)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[broken")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\nmachine localhost login x password y\n")
    (tmp_path / ".netrc").chmod(0o600)
    return tmp_path


def traps(folder: Path) -> dict[str, str]:
    """The environment of a user to whom those files belong."""
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"), NOWHERE)
    own = {"HOME": str(folder), "PYTHONPATH": str(folder), "AWS_PROFILE": "nobody", "ALL_PROXY": "socks5://127.0.0.1:9"}
    narrow = {"PYTHONIOENCODING": "ascii", "LANG": "C", "REELWRIGHT_TEST_MARK": str(folder)}
    return clean() | proxies | own | narrow


def reelwright(folder: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    own: dict[str, Any] = {} if "input" in more else {"stdin": subprocess.DEVNULL}
    pipes: dict[str, Any] = {**own, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    command = [*PROGRAM, *arguments]
    process = subprocess.run(command, cwd=folder, env=traps(folder), check=False, timeout=TIMEOUT, **pipes)  # pyright: ignore[reportUnknownVariableType]
    return cast("subprocess.CompletedProcess[bytes]", process)


def test_a_machine_full_of_traps_makes_what_any_other_makes(folder: Path) -> None:
    talk = recording_of(folder, SHORT)
    (folder / LATIN).symlink_to(talk)
    pipe = folder / f"{LONG}.flac"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=[talk.read_bytes()], daemon=True).start()
    with talk.open("rb") as recording:
        process = reelwright(folder, "make", LATIN, pipe.name, "-", "--duration", "5", "--json", stdin=recording)
    assert process.returncode == DONE, process.stderr.decode()
    assert b"Traceback" not in process.stderr
    records = json.loads(process.stdout.decode("ascii"))
    assert [record["title"] for record in records] == ["café", LONG[:200], "stdin"]
    endings = (".jpg", ".json", ".mp4", ".srt", ".vtt")
    names = {f"{name}{ending}" for name in ("café", LONG, "stdin") for ending in endings}
    assert {os.fsdecode(path.name) for path in (folder / "out").iterdir()} == names
    assert list(processes_with(str(folder))) == []
    again = reelwright(folder, "make", LATIN)
    assert (again.returncode, b"--force" in again.stderr) == (BAD_INPUT, True)


def test_a_name_that_is_no_utf8_is_shown_as_text(tmp_path: Path) -> None:
    command = [*PROGRAM, "make", LATIN]
    environment = clean() | {"PYTHONIOENCODING": "utf-8"}
    process = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=TIMEOUT)
    assert process.stderr.decode() == "reelwright: café.flac: there is no such file.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_start_ends_it(folder: Path, number: signal.Signals) -> None:
    arguments = [*PROGRAM, "make", str(VOICE)]
    # Whoever runs the tests by `nohup` has it ignored, which the program would respect.
    earlier = signal.signal(number, signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            arguments, cwd=folder, env=traps(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    finally:
        signal.signal(number, earlier)
    with process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(number)
        _, stderr = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, one_sentence(stderr.decode())) == (128 + number, True), stderr
    assert list(processes_with(str(folder))) == []


def test_output_that_cannot_be_written_to_is_told_of(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = reelwright(folder, "--version", stdout=full)
    assert (process.returncode, one_sentence(process.stderr.decode())) == (FAILED, True), process.stderr


def test_other_places_are_tried_one_after_another_and_left_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    first, *others = [(place, place.is_dir()) for place in outputs.places(tmp_path / "gone")]
    assert first == (tmp_path / "gone", False)
    assert others[0][0].is_relative_to(tmp_path / "data")
    assert all(is_there and not place.exists() for place, is_there in others)


def test_all_of_the_results_are_put_or_none(tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    out = tmp_path / "out"
    for folder in (staging, out):
        folder.mkdir()
    for name in ("a", "b"):
        (staging / name).write_text("new")
    (out / "b").write_text("the user's")
    with pytest.raises(FileExistsError):
        outputs.put(staging, out, force=False)
    assert {path.name: path.read_text() for path in out.iterdir()} == {"b": "the user's"}


class _Api:
    """Gives every file, and meanwhile somebody puts one in a result's place."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def fetch(self, url: str, to: Path) -> None:
        self.place.write_text("the user's")
        to.write_text(url)


def test_a_film_whose_place_was_taken_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    out = tmp_path / "out"
    out.mkdir()
    job = make.VideoJob(tmp_path / "talk.flac", {}, out)
    plain: dict[str, Any] = {
        "video_id": "v",
        "user_id": "u",
        "ai_generation_status": "completed",
        "ai_generation_data": {},
    }
    record = VideoView.model_validate(plain)
    with pytest.raises(make.GenerationFailed, match="it is kept in") as failure:
        make.finish(job, record, cast(ApiClient, _Api(out / "talk.vtt")))
    folder = Path(str(failure.value).rpartition(" ")[2].rstrip("."))
    assert sorted(file.suffix for file in folder.iterdir()) == sorted(make.ENDINGS)
    assert {file.name: file.read_text() for file in out.iterdir()} == {"talk.vtt": "the user's"}


def test_a_folder_without_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="MB are free"):
        outputs.check([tmp_path / "x.mp4"], tmp_path, 1 << 60)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("10:30", "10:30"),
        (" ", "recording"),
        ("-x", "-x"),
        ("a\nb", "a b"),
        ("é" * 200, "é" * 125),
        ("z" * 250, "z" * 250),
    ],
)
def test_names_are_text_that_fits(tmp_path: Path, stem: str, name: str) -> None:
    assert outputs.shorten(readable(stem), tmp_path, (".json",)) == name


def test_a_live_provider_is_reached_by_the_users_proxy_and_loopback_never() -> None:
    reach = surroundings.for_providers({"HTTPS_PROXY": NOWHERE, "no_proxy": "example.com", "HOME": "/"})
    assert reach["HTTPS_PROXY"] == reach["https_proxy"] == NOWHERE
    assert reach["NO_PROXY"] == "example.com,127.0.0.1,localhost"
    assert "HOME" not in reach
    with pytest.raises(SettingMissing, match="all_proxy"):
        surroundings.for_providers({"all_proxy": "socks5://127.0.0.1:9"})


def test_a_process_that_dies_before_it_answers_is_an_error(tmp_path: Path) -> None:
    fork_server = ForkServer({"PYTHONHASHSEED": "not a number"})
    with pytest.raises(ForkServerGoneError):
        fork_server.start(WorkerSpec(str(ROOT), (), {}, str(tmp_path / "log")))
    fork_server.close()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise OSError(28, 'No space left on device', 'x.png')", "No space left on device"),
        ("raise MemoryError", "there was too little memory"),
        ("raise SystemExit(3)", "it ended with status 3"),
        ("raise ValueError('the depth of the picture')", "it ended with status 1"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "it was killed, most likely for want of memory"),
    ],
)
def test_why_a_program_failed_is_told_without_its_own_words(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(ChildFailedError) as failure:
        Children().run([sys.executable, "-c", code], tmp_path)
    assert str(failure.value) == f"a program that it needs failed: {reason}"
    (note,) = failure.value.__notes__
    assert ("the depth of the picture" in note) is ("ValueError" in code)


def test_a_closed_runtime_says_that_it_is_closed(tmp_path: Path) -> None:
    runtime = LambdaRuntime(ROOT, tmp_path, {})
    runtime.close()
    with pytest.raises(RuntimeClosedError):
        runtime.invoke(ECHO, {})


def test_an_installation_has_one_name_on_pythons_path(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = {name.split("/")[0] for name in wheel.namelist()}
        assert not [name for name in wheel.namelist() if "cjk_fonts" in name]
        wheel.extractall(tmp_path / "site")
    assert {name for name in names if not name.endswith(".dist-info")} == {"reelwright"}
    program = [sys.executable, str(tmp_path / "site" / "reelwright" / "__init__.py"), "make", "missing.mp3"]
    process = subprocess.run(program, cwd=tmp_path, env=clean(), capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (BAD_INPUT, "reelwright: missing.mp3: there is no such file.\n")
