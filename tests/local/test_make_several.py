"""`reelwright make` of several recordings at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local import cli
from local.client import batch
from local.client.make import VideoJob
from shared.errors import InvalidRequest
from tests.local import film
from tests.unit.picture_files import photo


def test_names_that_would_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    jobs = [VideoJob(Path(name), {}, tmp_path) for name in ("a/talk.mp3", "b/Talk.wav")]
    with pytest.raises(InvalidRequest, match=r"a/talk\.mp3 and b/Talk\.wav"):
        batch.check_names(jobs)


def test_two_are_made_of_own_pictures_and_one_that_fails_is_named(
    tmp_path: Path, short_talk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("one.flac", "two.flac")
    for name in names:
        (tmp_path / name).symlink_to(short_talk)
    hum = film.lavfi("sine=frequency=220:duration=5", tmp_path / "hum.wav")
    files = [str(tmp_path / name) for name in names]
    pictures = tmp_path / "photos"
    pictures.mkdir()
    (pictures / "1.jpg").write_bytes(photo())
    (pictures / "2.png").write_bytes(photo("PNG"))
    options = ["--duration", "5", "--pictures", str(pictures), "--out", str(tmp_path / "out"), "--json"]
    status = cli.main(["make", files[0], str(hum), files[1], *options])
    output = capsys.readouterr()
    records = json.loads(output.out)
    assert [record["title"] for record in records] == ["one", "two"]
    assert len({record["video_id"] for record in records}) == len(records)
    assert [clips_usd(record) for record in records] == [0, 0]
    assert (status, output.err.strip().splitlines()[-1].startswith("reelwright: hum: scene_planning")) == (2, True), (
        output.err
    )
    for name in ("one", "two"):
        assert film.measure(tmp_path / "out" / f"{name}.mp4").picture_seconds > 1
    assert not (tmp_path / "out" / "hum.mp4").exists()


def clips_usd(record: dict[str, Any]) -> float:
    return record["ai_generation_data"]["cost_breakdown"]["video_generation"]
