"""What a command calls the files of a video, what it says of the money, and of an option it does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.client import library, options, report
from local.client.batch import Outcome
from shared.http.views import VideoView

SQUARE = {"generation_id": "g", "finished_at": "2026-11-26T12:39:01Z", "seconds": 8.0, "aspect_ratio": "1:1"}


def video(excerpt: dict[str, float] | None = None, **more: Any) -> VideoView:
    """Return a finished video of talk.mp3, or of an excerpt of it."""
    data = {"cost_breakdown": {"total": 1.8}, "options": {"excerpt": excerpt}}
    fields = {"video_id": "v1", "user_id": "u", "filename": "talk.mp3", "title": "talk", "ai_generation_data": data}
    return VideoView.model_validate({**fields, **more})


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (video(), "talk"),
        (video(parent_id="p", excerpt={"start": 5, "end": 80.26}), "talk-0m05s-1m20.3s"),
        (video(parent_id="p"), "talk-v1"),
        (video(variant_of="v", versions=[SQUARE]), "talk-1x1"),
        (video(variant_of="v"), "talk-v1"),
    ],
)
def test_files_of_a_clip_and_of_a_format_have_names_of_their_own(record: VideoView, name: str, tmp_path: Path) -> None:
    job = library.job_of(record, tmp_path, force=False)
    assert job.files[0] == tmp_path / f"{name}.mp4"


@pytest.mark.parametrize("is_charged", [True, False])
def test_what_stand_ins_made_is_on_no_bill(
    is_charged: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(library.job_of(video(), tmp_path, force=False), video())
    assert report.tell([outcome], lambda _: None, as_json=False, is_charged=is_charged) == 0
    assert ("Stand-ins made it: nothing is charged." in capsys.readouterr().err) != is_charged


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--aspect", "1:1"], "there is no 1:1; choose from 9:16, 16:9; `reelwright variant` makes 4:5 and 1:1"),
        (["--strange", "5"], "There is no option --strange here, see --help; such a file is written ./--strange."),
    ],
)
def test_a_strange_choice_is_told_what_there_is(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        options.parser().parse_args(["make", "talk.mp3", *words])
    assert (end.value.code, sentence in capsys.readouterr().err) == (2, True)
