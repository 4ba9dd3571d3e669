"""A full disk, of the temporary files or of the store, ends a run at once, with one sentence that says which."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.draw_scene.animatic.spec import ClipSpec
from local import cli
from local.emulators.google.emulator import FAILED_PRECONDITION, INTERNAL, VeoEmulator
from local.processes.children import ChildFailedError, Children
from local.processes.disk import ADVICE, ROOM, Disk, DiskFullError
from local.shelf.database import StoreFullError
from local.store.folder import DATABASE
from local.store.store import Store
from tests.local.test_make import FAILED, ROOT, TIMEOUT, VOICE, clean, command, processes_with
from tests.local.veo_calls import await_operation, submit


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Generator[None]:
    """Mount a disk of `size` bytes at `folder`, or skip the test where that is not allowed."""
    folder.mkdir(mode=0o777)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", str(folder)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk needs the right to mount one")
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(name="temporary")
def small_folder_for_temporary_files(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    with small_disk(tmp_path / "small", request.param):
        yield tmp_path / "small"


def fill(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / "other").open("wb") as file:
        while True:
            file.write(bytes(1 << 16))


def left(folder: Path) -> list[str]:
    """What a run has left of its own in the folder for temporary files; the gate to the runs stays."""
    return [path.name for path in folder.glob("reelwright-*/*") if path.name != "lock"]


@pytest.mark.parametrize("temporary", [2 << 20], indirect=True)
def test_a_disk_without_room_ends_the_command_before_anything_starts(temporary: Path) -> None:
    out = temporary.parent / "out"
    environment = clean() | {"TMPDIR": str(temporary)}
    process = subprocess.run(
        command("make", VOICE, "--out", out), capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    room = f"only 2 MB are free and {ROOM >> 20} MB are needed for temporary files"
    assert (process.returncode, process.stdout) == (FAILED, "")
    assert process.stderr == f"reelwright: {temporary}: {room}; {ADVICE}.\n"
    assert left(temporary) == []
    assert not out.exists()


@pytest.mark.parametrize("temporary", [ROOM + (32 << 20)], indirect=True)
@pytest.mark.parametrize("moment", ["Transcribe: in progress", "Generate clips: in progress"])
def test_a_disk_that_fills_in_the_middle_ends_the_run_at_the_first_try(temporary: Path, moment: str) -> None:
    out = temporary.parent / "out"
    environment = clean() | {"TMPDIR": str(temporary), "REELWRIGHT_TEST_MARK": str(temporary)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        command("make", VOICE, "--duration", 10, "--out", out), text=True, cwd=ROOT, env=environment, **pipes
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if moment in line:
                break
        fill(temporary)
        stdout, stderr = process.communicate(timeout=TIMEOUT)
    messages = [line for line in stderr.splitlines() if not line.startswith("austen: ")]
    assert messages == [f"reelwright: {Disk(temporary).sentence()}"]
    assert (process.returncode, stdout) == (FAILED, "")
    orders = re.findall(r"scene \d+: ordering", stderr)
    assert len(orders) == len(set(orders))
    assert not out.exists()
    assert left(temporary) == []
    assert list(processes_with(str(temporary))) == []


STORE_AN_OBJECT = """
import pathlib, requests, sys
from local.moto_plugins import moto_server
from local.processes import runs
runs.current().disk.check()
server = moto_server.start(0, lambda moto: moto)
bucket = f"{server.url}/bucket"
requests.put(bucket, timeout=60).raise_for_status()
pathlib.Path(sys.argv[1], "other").write_bytes(bytes(int(sys.argv[2])))
print(requests.put(f"{bucket}/key", data=bytes(40 << 20), timeout=60).status_code)
runs.current().disk.check()
"""


@pytest.mark.parametrize("temporary", [ROOM + (4 << 20)], indirect=True)
def test_an_object_that_the_disk_has_no_room_for_is_noted(temporary: Path) -> None:
    """Nothing of it stays on the disk, where 20 MB are free again."""
    arguments = [sys.executable, "-c", STORE_AN_OBJECT, str(temporary), str(ROOM - (16 << 20))]
    environment = clean() | {"TMPDIR": str(temporary), "AWS_ACCESS_KEY_ID": "any", "PYTHONPATH": str(ROOT)}
    process = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=temporary, env=environment)
    assert process.stdout == "500\n", process.stderr
    assert f"DiskFullError: {Disk(temporary).sentence()}" in process.stderr


FILL_A_STORE = """
import pathlib, requests, sys
from local.moto_plugins import moto_server
from local.processes import runs
from local.store import buckets
from local.store.journal import Journal
from local.store.store import Store
small = pathlib.Path(sys.argv[1])
with Store(small / "kept") as store:
    journal = Journal(store.database, {})
    server = moto_server.start(0, journal.around)
    bucket = f"{server.url}/bucket"
    requests.put(bucket, timeout=60).raise_for_status()
    with buckets.kept_by(journal, store.bodies):
        print(requests.put(f"{bucket}/key", data=bytes(4 << 20), timeout=60).status_code)
        runs.current().disk.check()
"""


@pytest.mark.parametrize("temporary", [4 << 20], indirect=True)
def test_a_full_disk_of_the_store_ends_a_command_by_the_stores_name(temporary: Path) -> None:
    arguments = [sys.executable, "-c", FILL_A_STORE, str(temporary)]
    environment = clean() | {"AWS_ACCESS_KEY_ID": "any", "PYTHONPATH": str(ROOT)}
    process = subprocess.run(arguments, capture_output=True, text=True, check=False, env=environment)
    assert process.stdout == "500\n", process.stderr
    sentence = str(StoreFullError(temporary / "kept"))
    assert process.stderr.count(f"The store cannot be written to: {sentence}") == 1
    assert process.stderr.endswith(f"DiskFullError: {sentence}\n")
    assert list((temporary / "kept" / "objects").iterdir()) == []


@pytest.mark.parametrize("temporary", [2 << 20], indirect=True)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_store_that_has_no_room_to_be_opened_is_a_full_disk_and_no_damage(
    temporary: Path, is_new: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    data = temporary / "kept"
    if not is_new:
        Store(data).close()
    content = (data / DATABASE).read_bytes() if not is_new else b""
    fill(temporary)
    # Where nothing is kept there is nothing to list.
    arguments = ["serve", "--port", "0"] if is_new else ["list"]
    assert cli.main([*arguments, "--data", str(data)]) == FAILED
    assert capsys.readouterr().err == f"reelwright: {StoreFullError(data)}\n"
    (temporary / "other").unlink()
    assert is_new or (data / DATABASE).read_bytes() == content
    with Store(data) as store:
        store.shelf("words").put("a", {"text": "before"})
        fill(temporary)
        with pytest.raises(StoreFullError, match=re.escape(f"{data}: the disk is full")):
            store.shelf("words").put("a", {"text": "x" * (1 << 20)})
        assert store.shelf("words").all() == {"a": {"text": "before"}}


@pytest.mark.parametrize(
    ("filename", "folder"), [(None, "temporary"), ("temporary/a/b.wav", "temporary"), ("films/c.mp4", "films")]
)
def test_the_folder_of_a_full_disk_is_named(tmp_path: Path, filename: str | None, folder: str) -> None:
    disk = Disk(tmp_path / "temporary")
    sentence = disk.sentence(str(tmp_path / filename) if filename else None)
    assert sentence.startswith(f"{tmp_path / folder}: the disk is full")
    assert ("TMPDIR" in sentence) is (folder == "temporary")


@pytest.mark.parametrize(
    ("error", "code"),
    [(OSError(28, "No space left on device"), FAILED_PRECONDITION), (ChildFailedError("a program ended"), INTERNAL)],
)
def test_a_clip_for_which_there_is_no_room_is_no_failure_that_passes(
    tmp_path: Path, error: Exception, code: int
) -> None:
    def fail(_spec: ClipSpec, _children: Children) -> bytes:
        raise error

    with VeoEmulator(make=fail, disk=Disk(tmp_path)) as veo:
        operation = await_operation(veo, submit(veo).name)
        assert operation.error["code"] == code
        assert ("TMPDIR" in operation.error["message"]) is (code == FAILED_PRECONDITION)
        assert veo.ledger.charged_clips() == []


@pytest.mark.parametrize(
    ("words", "is_full"),
    [
        (OSError(28, "No space left on device", "x.png"), True),
        (OSError(28, "No space left on device"), True),
        (OSError(122, "Disk quota exceeded"), True),
        ("[('a', 'b', \"[Errno 28] No space left on device: 'b'\")]", True),
        (PermissionError(13, "Permission denied"), False),
        ("ended with 1: no space between words", False),
    ],
)
def test_a_full_disk_is_told_from_other_failures(tmp_path: Path, words: object, is_full: bool) -> None:
    disk = Disk(tmp_path)
    assert disk.note(words) is is_full
    with pytest.raises(DiskFullError, match="TMPDIR") if is_full else contextlib.nullcontext():
        disk.check()


def test_what_is_known_of_a_full_disk_is_said_instead_of_a_guess(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    error = StoreFullError(tmp_path / "kept")
    assert disk.note(error)
    assert disk.note("a program met: No space left on device")
    with pytest.raises(DiskFullError, match=re.escape(str(error))):
        disk.check()
