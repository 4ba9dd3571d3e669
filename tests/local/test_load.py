"""A small load: several users with several jobs each at once; the large one is `make load`."""

from __future__ import annotations

from pathlib import Path

from bench.scale.load import run

USERS = 2
JOBS = 2


def test_no_job_is_lost_or_doubled_when_many_start_at_once(tmp_path: Path) -> None:
    report = run(USERS, JOBS, tmp_path)
    assert report.wrong == []
    figures = report.figures
    assert (figures["jobs"], figures["executions"], figures["ends"]) == (4, 4, {"completed": 4})
    assert figures["clips sold"] == figures["clips needed"] > 0
