"""`make verify` against a system on this computer: as expected, with each deviation of a provider, and refused."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator

import pytest

from cdk.verify.answers import Check, Verdict
from cdk.verify.checks import checks
from cdk.verify.clips import Waiting
from cdk.verify.deployment import Deployment
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared.aws.secrets import stored_in
from shared.models import video_models
from tests.local.verifying import Ran, environment, verify

FAST, STANDARD, LITE, OMNI = video_models.MODELS
CLIP = f"clip-{FAST}"
NEGATIVE = f"negative-prompt-{LITE}"
BLOCKED = "blocked-prompt"
PLAN = "long-plan"


@pytest.fixture(name="system")
def system_without_faults(system: LocalSystem) -> Iterator[LocalSystem]:
    yield system
    for faulty in (system.veo, system.openai, system.cloud.transcribe):
        faulty.faults.clear()


@pytest.fixture(name="patience")
def seconds_that_a_clip_is_waited_for() -> int:
    return 120


@pytest.fixture(name="table")
def checks_of_the_system(system: LocalSystem, patience: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Check]:
    """The checks, as the program makes them."""
    for name, value in environment(system).items():
        if name.startswith(("AWS_", "OPENAI_", "GOOGLE_")):
            monkeypatch.setenv(name, value)
    outputs = system.cloud.outputs
    deployment = Deployment(outputs["SecretArn"], outputs["BucketName"], "role", "gpt-6-luna", FAST, patience)
    waiting = Waiting(0.05, patience, lambda _: None)
    all_checks = checks(deployment, stored_in(deployment.secret_arn), "test", waiting)
    return {check.name: check for check in all_checks}


def purchases(system: LocalSystem) -> int:
    """How many clips and texts were sold."""
    return len(system.veo.ledger.entries) + len(system.openai.ledger.entries)


def leftovers(system: LocalSystem) -> list[str]:
    """The keys of the objects and the names of the jobs that verifications left behind."""
    page = system.cloud.client("s3").list_objects_v2(Bucket=system.cloud.outputs["BucketName"], Prefix="ai-temp/")
    jobs = system.cloud.client("transcribe").list_transcription_jobs()["TranscriptionJobSummaries"]
    return [row["Key"] for row in page.get("Contents", [])] + [job["TranscriptionJobName"] for job in jobs]


def on_a_terminal(system: LocalSystem, answer: str, *arguments: str) -> Ran:
    operator, terminal = pty.openpty()
    try:
        os.write(operator, answer.encode())
        return verify(system, *arguments, stdin=terminal)
    finally:
        os.close(operator)
        os.close(terminal)


def test_a_system_that_answers_as_the_code_expects(system: LocalSystem) -> None:
    before = purchases(system)
    clips = len(system.veo.ledger.clips())
    run = verify(system, "--yes")
    assert run.status == 0, run.out + run.notes
    assert "0 of 8 answers differ" in run.out
    clips_bought = system.veo.ledger.clips()[clips:]
    charged = [(clip.model, clip.seconds, clip.charged) for clip in clips_bought]
    assert charged == [(FAST, 4, False), *((model, 4, True) for model in (FAST, STANDARD, LITE, OMNI))]
    assert all(clip.video.startswith("verify-") and clip.scene == 1 for clip in clips_bought)
    assert purchases(system) - before == len(clips_bought) + 1
    # Every order is named when it is placed, so that none is lost when the run is stopped.
    assert all(clip.operation in run.notes for clip in clips_bought)
    assert leftovers(system) == []


def test_the_price_is_said_before_anything_is_bought(system: LocalSystem, table: dict[str, Check]) -> None:
    before = purchases(system)
    run = verify(system)
    assert run.status == 2
    assert all(f" {check.name} " in run.out and f" {check.price:.4f} " in run.out for check in table.values())
    # Four seconds of Fast, twice, of Standard, of Omni, and of Lite, twice; five seconds of speech; the plan's ceiling.
    clips = 4 * (2 * 0.10 + 0.40 + 0.07 + 2 * 0.05)
    total = float(run.out.partition("All together cost at most ")[2].split()[0])
    assert total == pytest.approx(clips + 0.0005 + table[PLAN].price, abs=1e-4)
    assert run.notes == "Nothing was bought: there is no terminal to ask on; agree to the price with --yes.\n"
    assert purchases(system) == before
    assert leftovers(system) == []


@pytest.mark.parametrize("answer", ["n\n", "\x04"])
def test_who_does_not_agree_to_the_price_buys_nothing(system: LocalSystem, answer: str) -> None:
    before = purchases(system)
    run = on_a_terminal(system, answer)
    assert run.status == 2
    assert "Nothing was bought." in run.notes
    assert purchases(system) == before


def test_who_agrees_on_the_terminal_buys_what_was_named(system: LocalSystem) -> None:
    before = purchases(system)
    run = on_a_terminal(system, "y\n", "--only", PLAN)
    assert run.status == 0, run.out + run.notes
    assert purchases(system) == before + 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--only", "everything"), "There is no check everything; choose from voice-note, long-plan, blocked-prompt"),
        (("--stack", "Nowhere"), "The stack Nowhere could not be read"),
        (("--patience", "soon"), "must be seconds, more than 0 and at most 86400, not 'soon'"),
    ],
)
def test_what_cannot_be_tried_is_named(system: LocalSystem, arguments: tuple[str, str], sentence: str) -> None:
    run = verify(system, "--yes", *arguments)
    assert (run.status, sentence in run.notes) == (2, True), run.notes
    assert "Traceback" not in run.notes


def test_what_differs_is_printed_beside_what_was_expected(system: LocalSystem) -> None:
    system.cloud.transcribe.faults.add(Fault("failed"))
    system.openai.faults.add(Fault("insufficient_quota"))
    system.veo.faults.add(Fault("wrong_fps"))
    run = verify(system, "--yes", *(text for name in ("voice-note", PLAN, CLIP, NEGATIVE) for text in ("--only", name)))
    assert run.status == 1
    assert "3 of 4 answers differ" in run.out
    for check, promise, came in [
        ("voice-note", "a language, or FAILED for want of speech", "FAILED: Internal failure"),
        (PLAN, "within the planner's time", "CreditExhausted"),
        (CLIP, "24 frames a second", "30 frames a second"),
    ]:
        row = run.row(check)
        assert all(words in row for words in (promise, came, "DIFFERS")), row
    assert "as expected" in run.row(NEGATIVE)
    assert leftovers(system) == []


# Each deviation of Veo and OpenAI, the check that sees it, and what it says.
DEVIATIONS = [
    (CLIP, Fault("wrong_size"), "640x360"),
    (CLIP, Fault("wrong_length"), "2 s, 720x1280"),
    (CLIP, Fault("not_a_video"), "UnsupportedMedia"),
    (CLIP, Fault("empty"), "VeoFailed"),
    (CLIP, Fault("filter"), "filtered, and not charged"),
    (CLIP, Fault("fail"), "failed, and not charged"),
    (CLIP, Fault("fail", code=9), "VeoFailed"),
    (CLIP, Fault("block", "outcome"), "code 3 and is not charged"),
    (CLIP, Fault("throttle", "submit"), "VeoThrottled"),
    (CLIP, Fault("hang_up_after"), "SubmitOutcomeUnknown"),
    (f"clip-{STANDARD}", Fault("retired"), "ModelRetired"),
    (f"clip-{OMNI}", Fault("wrong_size"), "640x360"),
    (f"clip-{OMNI}", Fault("hang_up_after"), "SubmitOutcomeUnknown"),
    (f"clip-{LITE}", Fault("no_access", "submit", times=2), "VeoNotOffered"),
    (BLOCKED, Fault("filter"), "filtered, and not charged"),
    (BLOCKED, Fault("refuse", "submit"), "VeoRefused"),
    (BLOCKED, Fault("permissive"), "4 s, 720x1280"),
    (NEGATIVE, Fault("permissive"), "4 s, 720x1280"),
    (PLAN, Fault("refusal"), "PlannerRefused"),
    (PLAN, Fault("hang_up"), "of at most 180: PlannerAnswerLost"),
    (PLAN, Fault("invalid_plan"), "tokens read"),
]


@pytest.mark.parametrize(("name", "fault", "sentence"), DEVIATIONS)
def test_each_deviation_is_seen(
    system: LocalSystem, table: dict[str, Check], name: str, fault: Fault, sentence: str
) -> None:
    faulty = system.openai if name == PLAN else system.veo
    faulty.faults.add(fault)
    verdict = Verdict(table[name], table[name].run())
    assert not verdict.is_as_expected
    assert sentence in verdict.answer.words
    assert faulty.faults.waiting("") == []


@pytest.mark.parametrize("patience", [1])
def test_a_clip_that_never_comes_is_left_and_named(system: LocalSystem, table: dict[str, Check]) -> None:
    system.veo.faults.add(Fault("never"))
    verdict = Verdict(table[CLIP], table[CLIP].run())
    assert not verdict.is_as_expected
    assert "not done after 1 s, left, perhaps charged: projects/" in verdict.answer.words


@pytest.mark.parametrize(
    ("name", "fault"),
    # A prompt may be blocked at the order as well, and a look that fails in passing is taken again.
    [(BLOCKED, Fault("block", "submit")), (CLIP, Fault("unavailable", "poll")), (CLIP, Fault("throttle", "poll"))],
)
def test_what_the_code_copes_with_is_no_deviation(
    system: LocalSystem, table: dict[str, Check], name: str, fault: Fault
) -> None:
    system.veo.faults.add(fault)
    verdict = Verdict(table[name], table[name].run())
    assert verdict.is_as_expected, verdict.answer
