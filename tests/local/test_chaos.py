"""A small chaos run: random faults from a seed, and every promise kept."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.chaos import menu
from tests.chaos.run import run

SEED = 364
JOBS = 8


def test_whatever_goes_wrong_every_job_ends_truthfully_and_buys_each_clip_once(tmp_path: Path) -> None:
    report = run(SEED, JOBS, at_once=4, folder=tmp_path, tell=print)
    assert [(outcome.job.troubles, outcome.wrong) for outcome in report.outcomes if outcome.wrong] == []
    assert report.wrong == []
    assert report.ends["completed"] > 0
    assert len(report.ends) > 1
    assert {goal for outcome in report.outcomes for goal in outcome.goals} == {*menu.LATER, "moments"}
    assert {outcome.job.offspring for outcome in report.outcomes if outcome.offspring} == {menu.CLIPS, menu.VARIANT}
    assert max(len(outcome.goals) for outcome in report.outcomes) > 1


def test_a_seed_gives_the_same_jobs_again() -> None:
    first, again = (draw_jobs(Random(SEED)) for _ in range(2))
    assert first == again
    assert len({trouble for job in first for trouble in job.troubles}) > JOBS / 2


def draw_jobs(random: Random) -> list[menu.ChaosJob]:
    return menu.jobs(random, JOBS)
