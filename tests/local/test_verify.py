"""`make verify` against a system on this computer: as expected, with each kind of deviation, and refused."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator

import pytest

from cdk.verify.checks import BLOCKED_PROMPT
from cdk.verify.speech import SAMPLE
from local.emulators import veo_rules
from local.emulators.faults import Fault
from local.studio import Studio
from shared import veo_models
from tests.local.verifying import verify

FAST, STANDARD, LITE = veo_models.MODELS
CHECKS = 7


@pytest.fixture(name="system")
def system_without_faults(studio: Studio) -> Iterator[Studio]:
    yield studio
    for faulty in (studio.veo, studio.openai, studio.cloud.transcribe):
        faulty.faults.clear()


def bought(studio: Studio) -> int:
    """How many clips and texts were sold."""
    return len(studio.veo.ledger.entries) + len(studio.openai.ledger.entries)


def stored(studio: Studio) -> list[str]:
    """The keys of the objects that verifications left in the bucket."""
    bucket = studio.cloud.outputs["BucketName"]
    listed = studio.cloud.client("s3").list_objects_v2(Bucket=bucket, Prefix="ai-temp/verify/")
    return [row["Key"] for row in listed.get("Contents", [])]


def test_a_system_that_answers_as_the_code_expects(system: Studio) -> None:
    before, clips = bought(system), len(system.veo.ledger.clips())
    run = verify(system, "--yes")
    assert run.status == 0, run.out + run.notes
    assert run.out.count("as expected") == CHECKS
    assert "0 of 7 answers differ" in run.out
    assert "DIFFERS" not in run.out
    sold = system.veo.ledger.clips()[clips:]
    assert [(clip.model, clip.seconds, clip.charged) for clip in sold] == [
        (FAST, 4, False),
        (FAST, 4, True),
        (STANDARD, 4, True),
        (LITE, 4, True),
    ]
    assert all(clip.video.startswith("verify-") and clip.scene == 1 for clip in sold)
    assert bought(system) - before == len(sold) + 1
    # Every order was named when it was placed, so that none is lost when the run is stopped.
    assert all(clip.operation in run.notes for clip in sold)
    assert stored(system) == []
    assert system.cloud.client("transcribe").list_transcription_jobs()["TranscriptionJobSummaries"] == []


def test_the_price_is_said_before_anything_is_bought(system: Studio) -> None:
    before = bought(system)
    run = verify(system)
    assert run.status == 2
    # Four seconds of Fast, twice, of Standard, and of Lite, twice; five seconds of speech; an hour's plan.
    assert "0.0005" in run.out
    total = float(run.out.partition("at most ")[2].split()[0]) if "All together" in run.out else 0
    total = float(run.out.partition("All together cost at most ")[2].split()[0])
    assert 2.8 < total < 2.9
    assert run.notes == "Nothing was bought: there is no terminal to ask on; agree to the price with --yes.\n"
    assert bought(system) == before
    assert stored(system) == []


@pytest.mark.parametrize("answer", ["n\n", "\n", "yes please\n", "\x04"])
def test_who_does_not_agree_to_the_price_buys_nothing(system: Studio, answer: str) -> None:
    before = bought(system)
    operator, terminal = pty.openpty()
    try:
        os.write(operator, answer.encode())
        run = verify(system, stdin=terminal)
    finally:
        os.close(operator)
        os.close(terminal)
    assert run.status == 2
    assert "Nothing was bought." in run.notes
    assert bought(system) == before


def test_who_agrees_on_the_terminal_buys_what_was_named(system: Studio) -> None:
    before = bought(system)
    operator, terminal = pty.openpty()
    try:
        os.write(operator, b"y\n")
        run = verify(system, "--only", "long-plan", stdin=terminal)
    finally:
        os.close(operator)
        os.close(terminal)
    assert run.status == 0, run.out + run.notes
    assert bought(system) == before + 1


# Each deviation of a provider, the check that sees it, and what it says.
VEO = [
    (f"clip-{FAST}", Fault("wrong_size"), "640x360"),
    (f"clip-{FAST}", Fault("wrong_fps"), "30 frames a second"),
    (f"clip-{FAST}", Fault("wrong_length"), "2 s, 720x1280"),
    (f"clip-{FAST}", Fault("not_a_video"), "UnsupportedMedia"),
    (f"clip-{FAST}", Fault("empty"), "VeoFailed"),
    (f"clip-{FAST}", Fault("filter"), "filtered, and not charged"),
    (f"clip-{FAST}", Fault("fail"), "failed, and not charged"),
    (f"clip-{STANDARD}", Fault("retired"), "ModelRetired"),
    (f"clip-{LITE}", Fault("no_access", "submit"), "VeoNotOffered"),
    (f"clip-{LITE}", Fault("throttle", "submit"), "VeoThrottled"),
    (f"clip-{FAST}", Fault("hang_up_after"), "SubmitOutcomeUnknown"),
    (f"clip-{FAST}", Fault("block"), "not charged: The prompt could not be submitted"),
    ("blocked-prompt", Fault("filter"), "filtered, and not charged"),
    ("blocked-prompt", Fault("block", "submit", message="Something is wrong."), "VeoRefused"),
    (f"negative-prompt-{LITE}", Fault("no_access", "submit"), "VeoNotOffered"),
]
OPENAI = [
    ("long-plan", Fault("insufficient_quota"), "CreditExhausted"),
    ("long-plan", Fault("refusal"), "PlannerRefused"),
    ("long-plan", Fault("hang_up"), "PlannerAnswerLost"),
    ("long-plan", Fault("invalid_plan"), "3600 s"),
]
TRANSCRIBE = [
    ("voice-note", Fault("failed"), "FAILED: Internal failure"),
    ("voice-note", Fault("throttle"), "LimitExceededException"),
]
