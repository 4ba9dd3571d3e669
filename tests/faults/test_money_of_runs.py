"""What runs set aside, one after another: never less than what was, or may be, charged, whatever became of an order."""

from __future__ import annotations

import pytest

from local.emulators.faults import Fault
from shared.video.costs import outlay
from shared.video.free_ends import note_filtered
from shared.video.scene_ledger import SceneLedger
from tests.faults import test_directing
from tests.faults.director import Director
from tests.faults.test_directing import RETAKE, edit, video
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO

director = test_directing.director_of_a_planned_video


def require_held(director: Director) -> None:
    assert outlay(director.data) <= director.held_usd() + 1e-6


@pytest.mark.parametrize("is_settling", [True, False])
def test_a_retake_that_was_withheld_is_paid_for_when_it_is_made(director: Director, is_settling: bool) -> None:
    director.is_settling = is_settling
    video(director)
    edit({"op": "retake", "scene": "s1"}, {"op": "split", "scene": "s2", "at": 6.0})(director)
    director.wire.veo.faults.add(Fault("filter", "outcome", times=4))
    director.run()
    assert director.record.ai_generation_status == "failed"
    edit({"op": "scene", "scene": "s1", "prompt": "A boat"})(director)
    assert director.run() == ["s1"]
    require_held(director)


def test_a_still_whose_answer_was_lost_is_paid_for_when_it_is_asked_for_again(director: Director) -> None:
    director.wire.veo.faults.add(Fault("hang_up_after", "draw"))
    director.run("stills")
    assert director.record.ai_generation_status == "failed"
    director.run("stills", orderAgain=True)
    require_held(director)


def test_a_retake_of_unknown_outcome_is_paid_for_again_after_stills(director: Director) -> None:
    video(director)
    director.wire.veo.faults.add(Fault("hang_up_after", "submit"))
    director.run(path=RETAKE)
    assert director.record.ai_generation_status == "failed"
    director.run("stills", orderAgain=True)
    assert director.run() == ["s1"]
    require_held(director)


def test_what_a_late_function_found_to_be_free_is_not_held_against_the_budget(director: Director) -> None:
    director.is_breaking_off = True
    director.run(budget=0.8)
    director.is_breaking_off = False
    first = director.data.vertex_ai_tasks[0]
    note_filtered(SceneLedger(TABLE, VIDEO, GENERATION), first, "x", is_prompt_blocked=False)
    assert director.run() == ["s1", "s2"]
    assert director.held_usd() == pytest.approx(0.8)
