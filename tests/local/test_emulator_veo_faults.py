"""The Veo stand-in fails at the wire in every way that it is told to, and sells what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.genai import errors

from local.emulators.faults import Fault
from local.emulators.google.emulator import VeoEmulator
from tests.local.veo_calls import MODEL, await_operation, client, clip_of, facts, operation_named, submit


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", 429, "RESOURCE_EXHAUSTED"),
        ("server_error", 500, "INTERNAL"),
        ("unavailable", 503, "UNAVAILABLE"),
        ("retired", 404, "NOT_FOUND"),
        ("no_access", 404, "NOT_FOUND"),
        ("wrong_location", 400, "FAILED_PRECONDITION"),
        ("project_invalid", 400, "INVALID_ARGUMENT"),
        ("not_enabled", 403, "PERMISSION_DENIED"),
        ("no_billing", 403, "PERMISSION_DENIED"),
        ("refuse", 400, "INVALID_ARGUMENT"),
        ("block", 400, "INVALID_ARGUMENT"),
        ("unauthenticated", 401, "UNAUTHENTICATED"),
    ],
)
def test_a_refused_submission_sells_nothing(veo: VeoEmulator, kind: str, code: int, status: str) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault(kind, "submit"))
    with pytest.raises(errors.APIError) as failure:
        submit(veo)
    assert (failure.value.code, failure.value.status) == (code, status)
    assert len(veo.ledger.clips()) == before
    assert submit(veo).name


@pytest.mark.parametrize(("kind", "clips"), [("hang_up_before", 0), ("hang_up_after", 1)])
def test_a_hang_up_leaves_the_caller_in_the_dark(veo: VeoEmulator, kind: str, clips: int) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault(kind))
    with pytest.raises(Exception, match="disconnected"):  # the HTTP library's own error, which the SDK passes on
        submit(veo)
    assert len(veo.ledger.clips()) == before + clips


def test_an_empty_reply_is_a_sale_without_a_name(veo: VeoEmulator) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault("empty_reply"))
    assert submit(veo).name is None
    assert len(veo.ledger.clips()) == before + 1


@pytest.mark.parametrize(("kind", "code"), [("throttle", 429), ("server_error", 500), ("unavailable", 503)])
def test_a_poll_fails_once_and_the_operation_lives_on(veo: VeoEmulator, kind: str, code: int) -> None:
    name = submit(veo).name
    veo.faults.add(Fault(kind, "poll"))
    with pytest.raises(errors.APIError) as failure:
        await_operation(veo, name)
    assert failure.value.code == code
    assert clip_of(await_operation(veo, name))


def test_a_poll_may_hang_up(veo: VeoEmulator) -> None:
    name = submit(veo).name
    veo.faults.add(Fault("hang_up", "poll"))
    with pytest.raises(Exception, match="disconnected"):  # the HTTP library's own error, which the SDK passes on
        await_operation(veo, name)


def test_an_operation_nobody_started_is_not_found(veo: VeoEmulator) -> None:
    name = f"projects/p1/locations/us-central1/publishers/google/models/{MODEL}/operations/none"
    with pytest.raises(errors.ClientError) as failure:
        await_operation(veo, name)
    assert failure.value.code == 404


def test_a_filtered_prompt_has_reasons_and_no_clip_and_costs_nothing(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("filter", match="boat"))
    other = submit(veo, "A mountain.")
    submission = submit(veo)
    operation = await_operation(veo, submission.name)
    assert (operation.error, operation.response.generated_videos) == (None, None)
    assert operation.response.rai_media_filtered_count == 1
    assert "Support codes: 42237218" in operation.response.rai_media_filtered_reasons[0]
    assert clip_of(await_operation(veo, other.name))
    assert [sale.charged for sale in veo.ledger.clips()[-2:]] == [True, False]


def test_a_blocked_prompt_is_an_error_of_the_operation_and_costs_nothing(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("block", "outcome"))
    operation = await_operation(veo, submit(veo).name)
    assert (operation.error["code"], operation.response) == (3, None)
    assert operation.error["message"].endswith("Support codes: 58061214")
    assert not veo.ledger.clips()[-1].charged


def test_a_failed_operation_has_an_error_and_costs_nothing(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("fail", code=8, message="over capacity"))
    operation = await_operation(veo, submit(veo).name)
    assert operation.error == {"code": 8, "message": "over capacity"}
    assert not veo.ledger.clips()[-1].charged


def test_an_operation_may_end_with_nothing_at_all(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("empty"))
    operation = await_operation(veo, submit(veo).name)
    assert (operation.error, operation.response.generated_videos) == (None, None)


def test_an_operation_may_never_end(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("never"))
    name = submit(veo).name
    other = submit(veo).name
    assert await_operation(veo, other).done
    ask = client(veo)
    assert not ask.operations.get(operation_named(name)).done


@pytest.mark.parametrize(
    ("kind", "clip_facts"),
    [
        ("wrong_size", ("640x360", "24", 4.0, 96)),
        ("wrong_fps", ("720x1280", "30", 4.0, 120)),
        ("wrong_length", ("720x1280", "24", 2.0, 48)),
    ],
)
def test_a_clip_may_break_its_promise(veo: VeoEmulator, kind: str, clip_facts: object, tmp_path: Path) -> None:
    veo.faults.add(Fault(kind))
    assert facts(clip_of(await_operation(veo, submit(veo).name)), tmp_path) == clip_facts


def test_a_clip_may_be_no_video_at_all(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("not_a_video"))
    assert clip_of(await_operation(veo, submit(veo).name)).startswith(b"<html>")
