"""What runs leave behind: swept when they were killed, kept while they live, and never somebody else's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from local.cloud import ROOT
from local.processes import runs

CHILD = """
import sys
from local.processes import runs
held = runs.folder("work-")
(runs.current().folder / "left").write_text("x")
runs.current().tell({"port": 1, "secret": "s"})
print(runs.current().folder, flush=True)
sys.stdin.readline()
held.cleanup()
"""


@pytest.fixture(name="tmp")
def folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def start(tmp: Path) -> tuple[subprocess.Popen[str], Path]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    folder = Path(child.stdout.readline().strip())
    assert folder.is_dir(), child.communicate()[1]
    return child, folder


def end(child: subprocess.Popen[str]) -> None:
    child.communicate("\n", timeout=60)


def test_a_killed_runs_folder_is_swept_and_a_living_ones_is_kept(tmp: Path) -> None:
    (first_process, left) = start(tmp)
    (living, living_folder) = start(tmp)
    first_process.send_signal(signal.SIGKILL)
    first_process.communicate()
    assert (left / "left").exists()
    third, _ = start(tmp)
    assert not left.exists()
    assert (living_folder / "left").exists()
    end(third)
    end(living)
    assert [path.name for path in tmp.glob("reelwright-*/run-*")] == []


def test_what_is_not_ours_is_not_touched(tmp: Path) -> None:
    first, folder = start(tmp)
    end(first)
    home = folder.parent
    (home / "notes").mkdir()
    (tmp / "precious").mkdir()
    (home / "run-link").symlink_to(tmp / "precious")
    second, _ = start(tmp)
    end(second)
    assert (home / "notes").is_dir()
    assert (tmp / "precious").is_dir()


def test_only_this_user_may_read(tmp: Path) -> None:
    child, folder = start(tmp)
    for path, mode in ((folder.parent, 0o700), (folder, 0o700), (folder / runs.CARD, 0o600)):
        assert path.stat().st_mode & 0o777 == mode
    end(child)


@pytest.mark.parametrize("trap", ["open", "file", "link"])
def test_a_folder_that_somebody_else_could_read_is_not_used(tmp: Path, trap: str) -> None:
    home = tmp / f"reelwright-{os.getuid()}"
    if trap == "open":
        home.mkdir(0o755)
    elif trap == "file":
        home.write_text("")
    else:
        (tmp / "elsewhere").mkdir(0o700)
        home.symlink_to(tmp / "elsewhere")
    process = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, input="\n", capture_output=True, text=True, check=False
    )
    assert "not a folder of yours alone" in process.stderr
    assert process.stdout == ""


def test_files_of_code_that_knows_nothing_of_runs_are_swept_with_the_run() -> None:
    usual = tempfile.gettempdir()
    with runs.temporary_files(), tempfile.TemporaryDirectory() as folder:
        assert Path(folder).parent == runs.current().folder
    assert tempfile.gettempdir() == usual
