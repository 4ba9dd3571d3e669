"""Whatever Veo answers, and whenever it hangs up: no clip is bought twice, and what was bought is found again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local.emulators.faults import Fault
from shared.aws.secrets import stored_in
from shared.errors import (
    CredentialsRejected,
    ModelRetired,
    OperationLost,
    ReelwrightError,
    SceneTimedOut,
    SubmitOutcomeUnknown,
    VeoFailed,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.models.veo import Veo
from shared.quota.turn_table import TurnTable
from shared.video.costs import is_undecided
from tests.faults.conftest import READING_FAULTS, SECRET, Wire
from tests.unit.cloud_fixtures import create_keys_table


@pytest.mark.parametrize(
    ("kind", "error"),
    [("throttle", VeoThrottled), ("unavailable", VeoUnavailable)],
)
def test_an_order_that_was_surely_not_accepted_is_placed_again(
    wire: Wire, kind: str, error: type[ReelwrightError]
) -> None:
    wire.veo.faults.add(Fault(kind, "submit"))
    with pytest.raises(error):
        wire.generate()
    assert (wire.clip_count(), wire.task().state, wire.task().attempt) == (0, "pending", 0)
    assert wire.deliver(wire.generate()).status == "done"
    assert wire.clip_count() == 1


def test_an_order_whose_turn_is_not_yet_is_not_sent(wire: Wire) -> None:
    create_keys_table("turns")
    wire = replace(wire, turns=TurnTable("turns", {"": 1}))
    wire.veo.quota = 1, 3600.0
    assert wire.generate(sequence=1).status == "ordered"
    # Veo itself would refuse it now.
    answer = wire.generate(sequence=2)
    assert (answer.status, answer.wait_seconds > 50, wire.task(2).state) == ("waiting", True, "pending")
    assert (wire.clip_count(), wire.task(2).claim) == (1, "")


def test_a_quota_that_others_use_too_is_told_by_veo_and_the_order_keeps_its_turn(wire: Wire) -> None:
    create_keys_table("turns")
    wire = replace(wire, turns=TurnTable("turns", {"": 2}))
    wire.veo.quota = 1, 3600.0
    assert wire.generate(sequence=1).status == "ordered"
    with pytest.raises(VeoThrottled):
        wire.generate(sequence=2)
    assert (wire.clip_count(), wire.task(2).state) == (1, "pending")
    # The machine tries it again; there is room by then.
    wire.veo.quota = None
    assert wire.generate(sequence=2).status == "ordered"
    assert wire.clip_count() == 2


@pytest.mark.parametrize(
    ("kind", "clips"), [("server_error", 0), ("hang_up_before", 0), ("hang_up_after", 1), ("empty_reply", 1)]
)
def test_an_order_of_unknown_outcome_is_never_placed_again_blindly(wire: Wire, kind: str, clips: int) -> None:
    wire.veo.faults.add(Fault(kind, "submit" if kind == "server_error" else ""))
    for _ in range(3):
        with pytest.raises(SubmitOutcomeUnknown):
            wire.generate()
    assert (wire.clip_count(), wire.task().state) == (clips, "submitting")


def test_a_slow_order_is_an_order(wire: Wire) -> None:
    wire.veo.faults.add(Fault("slow", "submit", seconds=1.5))
    assert wire.deliver(wire.generate()).status == "done"
    assert wire.clip_count() == 1


def test_a_model_that_was_retired_meanwhile_names_the_others(wire: Wire) -> None:
    wire.veo.faults.add(Fault("retired"))
    with pytest.raises(ModelRetired, match=r"veo-3\.1-generate-001"):
        wire.generate()
    assert (wire.clip_count(), wire.task().state) == (0, "pending")


def test_a_token_that_ran_out_is_renewed(wire: Wire) -> None:
    wire.veo.faults.add(Fault("unauthenticated", "submit"))
    assert wire.deliver(wire.generate()).status == "done"
    assert wire.clip_count() == 1


def test_looks_at_a_clip_share_a_token_until_it_is_refused(wire: Wire) -> None:
    read = Veo(stored_in(SECRET)).read
    name = wire.generate().operation_name
    wire.tokens.clear()
    for _ in range(3):
        read(name)
    assert len(wire.tokens) == 1
    wire.veo.faults.add(Fault("unauthenticated", "poll"))
    read(name)
    assert len(wire.tokens) == 2


def test_a_key_that_stays_wrong_buys_nothing(wire: Wire) -> None:
    wire.veo.faults.add(Fault("unauthenticated", "submit", times=None))
    with pytest.raises(CredentialsRejected):
        wire.generate()
    assert (wire.clip_count(), wire.task().state) == (0, "pending")


@pytest.mark.parametrize(
    ("kind", "error"),
    READING_FAULTS,
)
def test_a_reading_that_fails_is_repeated_and_buys_nothing(wire: Wire, kind: str, error: type[ReelwrightError]) -> None:
    order = wire.generate()
    wire.veo.faults.add(Fault(kind, "poll"))
    with pytest.raises(error):
        wire.poll(order)
    assert wire.deliver(order).cost_usd == pytest.approx(0.4)
    assert wire.clip_count() == 1


@pytest.mark.parametrize("fault", [Fault("fail", code=9), Fault("fail", code=3), Fault("empty")])
def test_a_clip_that_veo_could_not_make_is_named_and_free(wire: Wire, fault: Fault) -> None:
    wire.veo.faults.add(fault)
    order = wire.generate()
    with pytest.raises(VeoFailed):
        wire.deliver(order)
    assert (wire.charged(), wire.task().cost_usd) == (0, 0)


@pytest.mark.parametrize("code", [4, 8, 10, 13, 14])
def test_a_failure_that_passes_is_ordered_again_unchanged_and_free(wire: Wire, code: int) -> None:
    wire.veo.faults.add(Fault("fail", code=code, times=3, message="Veo is currently experiencing high load."))
    for attempt in range(1, 4):
        assert wire.deliver(wire.generate(attempt), attempt).status == "failed"
        assert (wire.task().state, wire.task().attempt, is_undecided(wire.task())) == ("pending", 0, False)
    assert wire.deliver(wire.generate(4), 4).cost_usd == pytest.approx(0.4)
    assert (wire.clip_count(), wire.charged(), len({sale.prompt for sale in wire.veo.ledger.clips()})) == (4, 1, 1)
    assert wire.openai.ledger.entries == []


@pytest.mark.parametrize(("where", "clips"), [("submit", 1), ("outcome", 2)])
def test_a_blocked_prompt_is_rephrased_at_once_and_charged_once(wire: Wire, where: str, clips: int) -> None:
    wire.veo.faults.add(Fault("block", where))
    assert wire.deliver(wire.generate()).status == "filtered"
    assert not is_undecided(wire.task())
    assert wire.deliver(wire.generate(2), 2).status == "done"
    assert (wire.clip_count(), wire.charged(), len(wire.openai.ledger.entries)) == (clips, 1, 1)
    assert wire.task().rephrased_for == 2


@pytest.mark.parametrize("where", ["submit", "outcome"])
def test_a_prompt_that_is_always_blocked_is_rephrased_each_time_and_costs_no_clip(wire: Wire, where: str) -> None:
    wire.veo.faults.add(Fault("block", where, times=None))
    for attempt in range(1, 5):
        reply = wire.deliver(wire.generate(attempt), attempt)
        assert (reply.status, "58061214" in reply.reason) == ("filtered", True)
    assert (wire.charged(), wire.task().cost_usd, len(wire.openai.ledger.entries)) == (0, 0, 3)


def test_a_blocked_order_whose_answer_was_lost_goes_on_with_the_next_prompt(wire: Wire) -> None:
    wire.veo.faults.add(Fault("block", "submit"))
    wire.generate()
    assert wire.deliver(wire.generate()).status == "done"
    assert (wire.clip_count(), len(wire.openai.ledger.entries)) == (1, 1)


def test_withheld_clips_and_passing_failures_are_counted_apart(wire: Wire) -> None:
    for kind in ("fail", "filter", "fail", "filter", "fail"):
        wire.veo.faults.add(Fault(kind, code=8))
    statuses = [wire.deliver(wire.generate(attempt), attempt).status for attempt in range(1, 7)]
    assert statuses == ["failed", "filtered", "failed", "filtered", "failed", "done"]
    prompts = [sale.prompt for sale in wire.veo.ledger.clips()]
    assert (len(set(prompts[:4])), len(set(prompts[4:])), len(wire.openai.ledger.entries)) == (1, 1, 1)


@pytest.mark.parametrize("kind", ["no_access", "wrong_location", "not_enabled", "no_billing", "project_invalid"])
def test_a_project_that_is_not_in_order_is_named_and_buys_nothing(wire: Wire, kind: str) -> None:
    # The secret is read once more, in case that it was corrected meanwhile.
    wire.veo.faults.add(Fault(kind, "submit", times=2))
    with pytest.raises(VeoNotOffered):
        wire.generate()
    assert (wire.clip_count(), wire.task().state, is_undecided(wire.task())) == (0, "pending", False)
    order = wire.generate()
    wire.veo.faults.add(Fault(kind, "poll", times=2))
    with pytest.raises(VeoNotOffered):
        wire.poll(order)
    assert wire.deliver(order).status == "done"
    assert wire.clip_count() == 1


def test_a_wrong_request_is_refused_and_buys_nothing(wire: Wire) -> None:
    wire.veo.faults.add(Fault("refuse"))
    with pytest.raises(VeoRefused):
        wire.generate()
    assert (wire.clip_count(), wire.task().state) == (0, "pending")


@pytest.mark.parametrize("prompt", ["A clerk does the billing.", "The API was disabled.", "The shop was shut down."])
def test_a_message_that_repeats_the_prompt_is_not_taken_for_trouble_of_the_project(wire: Wire, prompt: str) -> None:
    wire.veo.faults.add(Fault("refuse", message=f"Request contains an invalid argument: {prompt}"))
    with pytest.raises(VeoRefused):
        wire.generate()
    assert wire.clip_count() == 0


def test_an_operation_that_veo_forgot_may_have_been_charged(wire: Wire) -> None:
    order = wire.generate()
    unknown_order = order.model_copy(update={"operation_name": order.operation_name + "0"})
    with pytest.raises(OperationLost, match=r"404.*vertex_ai_location"):
        wire.poll(unknown_order)


def test_a_clip_that_never_comes_ends_at_its_deadline(wire: Wire) -> None:
    wire.veo.faults.add(Fault("never"))
    order = wire.generate()
    assert wire.poll(order, now=order.deadline).status == "running"
    with pytest.raises(SceneTimedOut):
        wire.poll(order, now=order.deadline + 1)
    assert wire.clip_count() == 1


def test_a_clip_withheld_once_is_ordered_once_more_and_charged_once(wire: Wire) -> None:
    wire.veo.faults.add(Fault("filter"))
    assert wire.deliver(wire.generate()).status == "filtered"
    assert wire.deliver(wire.generate(2), 2).status == "done"
    prompts = [sale.prompt for sale in wire.veo.ledger.clips()]
    assert (len(prompts), len(set(prompts)), wire.charged()) == (2, 1, 1)
    assert wire.openai.ledger.entries == []


def test_a_clip_withheld_always_is_rephrased_twice_and_costs_nothing(wire: Wire) -> None:
    wire.veo.faults.add(Fault("filter", times=None))
    usd = 0.0
    for attempt in range(1, 5):
        order = wire.generate(attempt)
        usd += order.cost_usd
        assert wire.deliver(order, attempt).status == "filtered"
    assert (wire.clip_count(), wire.charged(), wire.task().cost_usd) == (4, 0, 0)
    assert len(wire.openai.ledger.entries) == 2
    assert usd > 0


@pytest.mark.parametrize("kind", ["wrong_size", "wrong_fps", "wrong_length", "not_a_video"])
def test_a_clip_that_breaks_its_promise_is_kept_and_counted(wire: Wire, kind: str) -> None:
    wire.veo.faults.add(Fault(kind))
    reply = wire.deliver(wire.generate())
    assert (reply.status, reply.cost_usd, wire.charged()) == ("done", pytest.approx(0.4), 1)
    assert "/takes/" in wire.task().video_url
