"""Results reach the user's folder all together or not at all; what was there survives, and what was made is kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from local.api_client import ApiClient
from local.client import make, outputs
from shared.errors import InvalidRequest
from shared.http.views import VideoView

RECORD: dict[str, Any] = {
    "video_id": "v",
    "user_id": "u",
    "ai_generation_status": "completed",
    "ai_generation_data": {},
}
OLD = "the user's own"
FILES = sorted(f"talk{ending}" for ending in make.ENDINGS)
# Bytes of a file system, and of each result but the record.
SMALL = 1 << 20
RESULT = 100_000


@dataclass
class _Api:
    """Gives every file, and strikes when the first one is asked for."""

    strike: Callable[[], object]
    fetch_count: int = 0

    def fetch(self, url: str, to: Path) -> None:
        self.fetch_count += 1
        if self.fetch_count == 1:
            self.strike()
        to.write_bytes(b"new" + bytes(RESULT))


@pytest.fixture(name="out")
def folder_on_a_small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The output folder, on a file system of its own where this user may mount one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    out = tmp_path / "out"
    out.mkdir()
    is_mounted = os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(out))
    yield out
    if is_mounted and out.is_mount():
        subprocess.run(["umount", str(out)], check=True)


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


def _fill(out: Path) -> None:
    if not out.is_mount():
        pytest.skip("a small disk needs the right to mount one")
    with contextlib.suppress(OSError), (out / "other").open("wb") as file:
        while True:
            file.write(bytes(1 << 14))


def _forbid(out: Path) -> None:
    if not out.is_mount():
        out.chmod(0o500)
    else:
        assert _mount("-o", "remount,ro", str(out))


def _become_a_folder(out: Path) -> None:
    (out / "talk.srt").unlink(missing_ok=True)
    (out / "talk.srt").mkdir()


def _remove(out: Path) -> None:
    if out.is_mount():
        subprocess.run(["umount", str(out)], check=True)
    shutil.rmtree(out)


STRIKES = {"full": _fill, "forbidden": _forbid, "a folder": _become_a_folder, "removed": _remove}


def finish(out: Path, strike: Callable[[], object], *, force: bool) -> VideoView:
    job = make.VideoJob(out.parent / "talk.flac", {}, out, force=force)
    return make.finish(job, VideoView.model_validate(RECORD), cast(ApiClient, _Api(strike)))


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder but what fills the disk, by its path; a folder as an entry of its own."""
    paths = [path for path in folder.rglob("*") if path.name != "other"]
    return {str(path.relative_to(folder)): path.read_text()[:20] if path.is_file() else "" for path in paths}


@pytest.mark.parametrize("force", [False, True], ids=["new", "forced"])
@pytest.mark.parametrize("name", STRIKES)
def test_a_failure_in_the_middle_leaves_what_was_there_and_keeps_what_was_made(
    out: Path, name: str, force: bool
) -> None:
    for file in FILES if force else ():
        (out / file).write_text(OLD)
    before = contents(out)
    with pytest.raises(make.GenerationFailed, match=r"It is made, but .*: it is kept in ") as failure:
        finish(out, lambda: STRIKES[name](out), force=force)
    folder = Path(str(failure.value).rpartition(" ")[2].rstrip("."))
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert all(path.stat().st_size > RESULT for path in folder.iterdir() if path.suffix != ".json")
    after = contents(out) if out.exists() else {}
    if name == "a folder":
        before["talk.srt"] = ""
    if name == "forbidden":
        # What was begun there cannot be taken away either.
        after = {path: text for path, text in after.items() if not path.startswith(outputs.STAGING)}
    assert after == ({} if name == "removed" else before)


def test_all_are_replaced_when_the_user_says_so(out: Path) -> None:
    for file in FILES:
        (out / file).write_text(OLD)
    finish(out, lambda: None, force=True)
    assert sorted(contents(out)) == FILES
    assert OLD not in contents(out).values()


def test_what_was_there_stays_in_place_until_the_last_is_written(tmp_path: Path) -> None:
    """A link is replaced itself, a second name of a file is no obstacle, and nothing is left beside them."""
    staging = tmp_path / "staging"
    folder = tmp_path / "folder"
    for place in (staging, folder):
        place.mkdir()
    for name in ("a", "b"):
        (staging / name).write_text("new")
    precious = tmp_path / "precious"
    precious.write_text(OLD)
    (folder / "a").symlink_to(precious)
    (folder / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        outputs.put(staging, folder, force=True)
    assert (folder / "a").readlink() == precious
    (folder / "b").rmdir()
    (staging / "a").write_text("new")
    outputs.put(staging, folder, force=True)
    assert (contents(folder), precious.read_text()) == ({"a": "new", "b": "new"}, OLD)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_in_a_results_place_is_refused_before_anything_is_bought(tmp_path: Path, force: bool) -> None:
    (tmp_path / "x.mp4").mkdir()
    with pytest.raises(InvalidRequest, match="is a folder"):
        outputs.check_free([tmp_path / "x.mp4"], force=force)


def test_when_no_folder_can_be_written_to_that_is_said(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(out)
    monkeypatch.setenv("XDG_DATA_HOME", str(out))
    monkeypatch.setattr("tempfile.tempdir", str(out))
    with pytest.raises(make.GenerationFailed, match="nor could any other folder") as failure:
        finish(out, lambda: None, force=False)
    assert "No space left on device" in str(failure.value)
    assert contents(out).keys() <= {"reelwright", "reelwright/kept"}
