"""What settle does for many videos at once: none keeps another from it, and none is begun when time is up."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from functions.settle import core
from functions.settle.rounds import AT_ONCE, Duty, do_all, never
from shared.errors import StorageUnavailable, SweepUnfinished

VIDEOS = [f"v{number}" for number in range(20)]


def fail() -> None:
    raise StorageUnavailable("The bucket is busy.")


def duties(act: Callable[[str], None]) -> list[Duty]:
    return [(video, lambda video=video: act(video)) for video in VIDEOS]


def test_each_video_has_its_turn_once() -> None:
    turns = list[str]()
    assert do_all(duties(turns.append), never) == VIDEOS
    assert sorted(turns) == sorted(VIDEOS)
    assert do_all([], never) == []


def test_several_are_under_way_at_once() -> None:
    together = threading.Barrier(AT_ONCE)

    def meet(_: str) -> None:
        together.wait(30)

    alone: Duty = ("alone", lambda: None)
    assert len(do_all([alone, *duties(meet)[:AT_ONCE]], never)) == AT_ONCE + 1


def test_one_that_fails_keeps_no_other_from_its_turn() -> None:
    turns = list[str]()
    with pytest.raises(StorageUnavailable):
        do_all([("bad", fail), *duties(turns.append), ("worse", fail)], never)
    assert sorted(turns) == sorted(VIDEOS)


def test_nothing_is_begun_when_it_is_late_and_the_next_call_goes_on() -> None:
    turns = list[str]()
    with pytest.raises(SweepUnfinished):
        do_all(duties(turns.append), lambda: len(turns) >= AT_ONCE)
    assert AT_ONCE <= len(turns) < len(VIDEOS)
    remaining = [duty for duty in duties(turns.append) if duty[0] not in turns]
    do_all(remaining, never)
    assert sorted(turns) == sorted(VIDEOS)


@pytest.mark.parametrize(("milliseconds", "is_late"), [(60_000, False), (15_000, False), (14_999, True), (0, True)])
def test_it_is_late_when_what_is_begun_might_not_end(milliseconds: int, *, is_late: bool) -> None:
    assert core.is_late(lambda: milliseconds) is is_late
