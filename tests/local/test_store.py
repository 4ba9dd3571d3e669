"""The store itself: a folder of its user's alone, a file that is read or left alone, writes that stand or fail."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.cloud import ROOT
from local.emulators.ledger import CLIP, Entry, Ledger
from local.shelf.database import FORMAT, Database, NotWrittenError, Row, StoreClosedError
from local.store import folder as folders
from local.store.bodies import Bodies
from local.store.store import EXECUTIONS, ITEMS, OPERATIONS, SALES, Store
from shared.errors import InvalidRequest

DAY = 86_400.0


@contextmanager
def full_disk() -> Generator[None]:
    """Let this process write no file meanwhile, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def is_taken(folder: Path) -> bool:
    """Return whether a process uses the store in `folder`."""
    try:
        folders.take(folder).close()
    except InvalidRequest:
        return True
    return False


@pytest.fixture(name="path")
def path_of_a_store(tmp_path: Path) -> Path:
    with Store(tmp_path / "kept") as store:
        store.shelf("words").put("a", {"text": "ä", "raw": b"\0\xff"})
    return tmp_path / "kept"


def test_what_was_written_is_there_at_the_next_opening(path: Path) -> None:
    with Store(path) as store:
        assert store.shelf("words").all() == {"a": {"text": "ä", "raw": b"\0\xff"}}
        root = store.root
        password = store.password
    with Store(path) as store:
        assert (store.root, store.password) == (root, password)
    with Store(path.with_name("other")) as other:
        assert (other.root, other.password) not in ((root, password), ("", ""))


def test_the_folder_is_its_users_alone(path: Path) -> None:
    path.chmod(0o755)
    with Store(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in path.glob("store*")} == {0}


def test_a_second_process_is_told_so(path: Path) -> None:
    with Store(path):
        assert is_taken(path)
        script = "import sys; from pathlib import Path; from local.store.store import Store; Store(Path(sys.argv[1]))"
        child = subprocess.run(
            [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
        assert "another Reelwright is using this store" in child.stderr
    assert not is_taken(path)
    Store(path).close()


def test_other_files_are_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(InvalidRequest, match="holds other files"):
        Store(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_where_nothing_can_be_written_is_no_place_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/kept")):
        with pytest.raises(InvalidRequest, match="cannot be used as a store"):
            Store(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_no_place_for_a_store(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidRequest):
        Store(tmp_path / "kept")


def later_format(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()


def other_program(file: Path) -> None:
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()


def damage(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    page = 4096
    whole[page : page + 400] = os.urandom(400)
    file.write_bytes(whole)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def text(file: Path) -> None:
    file.write_text("no database at all\n" * 100)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (later_format, f"format {FORMAT + 1} and this Reelwright reads format {FORMAT}"),
        (other_program, "is not a store"),
        (damage, "cannot be read"),
        (cut, "cannot be read"),
        (text, "cannot be read"),
    ],
)
def test_an_unreadable_store_is_told_of_and_left_as_it_is(path: Path, spoil: object, words: str) -> None:
    file = path / folders.DATABASE
    assert callable(spoil)
    spoil(file)
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(InvalidRequest, match=words):
            Store(path)
        assert file.read_bytes() == before


def test_a_change_that_the_disk_refuses_never_was(path: Path) -> None:
    with Store(path) as store:
        shelf = store.shelf("words")
        with full_disk(), pytest.raises(NotWrittenError):
            store.database.write([Row("words", "b", {}), Row("words", "a", None)])
        assert list(shelf.all()) == ["a"]
        shelf.put("b", {})
    with Store(path) as store:
        assert list(store.shelf("words").all()) == ["a", "b"]


def test_a_closed_store_takes_nothing(path: Path) -> None:
    with Store(path) as store:
        pass
    with pytest.raises(StoreClosedError):
        store.shelf("words").put("b", {})
    with pytest.raises(StoreClosedError):
        store.shelf("words").all()


def test_a_copy_taken_without_closing_is_whole(path: Path, tmp_path: Path) -> None:
    with Store(path) as store:
        store.shelf("words").put("b", {"n": 1})
        shutil.copytree(path, tmp_path / "copy")
    with Store(tmp_path / "copy") as copy:
        assert list(copy.shelf("words").all()) == ["a", "b"]


def test_a_body_that_the_disk_refuses_leaves_nothing(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "objects")
    with full_disk(), pytest.raises(NotWrittenError):
        bodies.write(b"x")
    assert list((tmp_path / "objects").iterdir()) == []


def test_a_removed_body_is_readable_for_who_had_it(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "objects")
    body = bodies.write(b"0123456789")
    body.seek(2)
    assert (body.read(3), body.read()) == (b"234", b"56789")
    body.remove()
    assert list((tmp_path / "objects").iterdir()) == []
    body.seek(8)
    assert body.read() == b"89"
    body.close()


def test_files_of_no_object_are_swept(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "objects")
    living = bodies.write(b"a")
    orphan = bodies.write(b"b")
    bodies.keep_only({living.path.name})
    assert (living.path.exists(), orphan.path.exists()) == (True, False)


def age(path: Path, shelf: str, days: float) -> None:
    connection = sqlite3.connect(path / folders.DATABASE)
    connection.execute("UPDATE documents SET since = ? WHERE shelf = ?", (time.time() - days * DAY, shelf))
    connection.commit()
    connection.close()


def test_what_is_over_for_long_is_forgotten(path: Path) -> None:
    with Store(path) as store:
        ledger = Ledger(store.shelf(SALES))
        ledger.add(Entry(CLIP, "veo", "a prompt", True, "operation"))
        assert "prompt" in ledger.entries[0].prompt
    for days, count in ((80, 1), (91, 0)):
        age(path, SALES, days)
        with Store(path) as store:
            store.forget_old()
            entries = Ledger(store.shelf(SALES)).entries
            assert [entry.prompt for entry in entries] == [""] * count


def test_what_the_stand_ins_know_of_a_deleted_video_is_forgotten(path: Path) -> None:
    order: dict[str, Any] = {"order": {"video": "aa", "spec": {}, "samples": 1}, "outcome": None}
    with Store(path) as store:
        records = store.shelf(f"{ITEMS}Videos")
        records.put("1", {"video_id": {"S": "AA"}})
        store.shelf(OPERATIONS).put("aa", order)
        store.shelf(EXECUTIONS).put("aa", {"input": '{"video_id": "AA"}'})
        store.shelf(EXECUTIONS).put("by hand", {"input": "[]"})
        steps: list[tuple[Any, list[str], list[str]]] = [
            ({"video_id": {"S": "AA"}}, ["aa"], ["aa", "by hand"]),
            # Its tombstone still tells of the execution.
            ({"video_id": {"S": "AA"}, "deleted_at": {"N": "1"}}, [], ["aa", "by hand"]),
            (None, [], ["by hand"]),
        ]
        for record, orders, executions in steps:
            store.database.write([Row(f"{ITEMS}Videos", "1", record)])
            store.forget_old()
            assert (list(store.shelf(OPERATIONS).all()), list(store.shelf(EXECUTIONS).all())) == (orders, executions)


def test_sales_go_on_where_they_were(path: Path) -> None:
    entry = Entry(CLIP, "veo", "", True, "first")
    with Store(path) as store:
        ledger = Ledger(store.shelf(SALES))
        ledger.add(entry)
        with full_disk(), pytest.raises(NotWrittenError):
            ledger.add(entry)
        ledger.refund("first")
    with Store(path) as store:
        ledger = Ledger(store.shelf(SALES))
        ledger.add(Entry(CLIP, "veo", "", True, "second"))
        assert [(sale.operation, sale.charged) for sale in ledger.entries] == [("first", False), ("second", True)]


def test_the_default_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    places: dict[str, tuple[dict[str, str], str]] = {
        "linux": ({"XDG_DATA_HOME": "/data"}, "/data/reelwright/store"),
        "darwin": ({}, str(Path("~/Library/Application Support/reelwright/store").expanduser())),
        "win32": ({"LOCALAPPDATA": "/local"}, "/local/reelwright/store"),
    }
    for platform, (environment, place) in places.items():
        monkeypatch.setattr(sys, "platform", platform)
        assert str(folders.default(environment)) == place
    monkeypatch.setattr(sys, "platform", "linux")
    for environment in ({}, {"XDG_DATA_HOME": "relative"}):
        assert folders.default(environment) == Path("~/.local/share/reelwright/store").expanduser()


def test_an_unopened_store_is_no_database_yet(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        Database(tmp_path / "missing" / folders.DATABASE)
