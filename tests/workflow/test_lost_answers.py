"""A write of the end whose answer was lost is the execution's own when it is repeated."""

from __future__ import annotations

import pytest

from local.emulators.faults import Fault
from shared.video.record import GenerationData
from tests.workflow.conftest import NOTE, Bench, Run, happy


def lose_the_answer(bench: Bench, video_id: str, what: str) -> None:
    """Let the write that says `what` of the video take effect and its answer get lost, once."""
    bench.cloud.aws.faults.add(Fault("hang_up_after", "dynamodb", match=f"UpdateItem\n{video_id}\n{what}"))


def data_of(run: Run) -> GenerationData:
    assert run.record.ai_generation_data
    return run.record.ai_generation_data


@pytest.mark.parametrize("long", [False, True])
def test_a_completion_whose_answer_was_lost_stands_and_is_written_once(bench: Bench, long: bool) -> None:
    video = f"lost-completed-{long}"
    lose_the_answer(bench, video, "final_video_url")
    run = bench.run(video, happy(video, 1, long))
    assert (run.status, run.error, run.record.ai_generation_status) == ("SUCCEEDED", "", "completed")
    notes = ["asked for 30 s, speech for 24 s", *[NOTE] * 3] if long else []
    assert data_of(run).degraded == notes
    assert "Tell" in run.states


def test_a_failure_whose_answer_was_lost_stands_and_is_told(bench: Bench) -> None:
    lose_the_answer(bench, "lost-failed", ":failure")
    run = bench.run("lost-failed", happy("lost-failed") | {"plan": [{"raise": "NoSpeechFound"}]})
    assert (run.status, run.error, run.record.ai_generation_status) == ("FAILED", "NoSpeechFound", "failed")
    assert data_of(run).failure
    assert "Tell" in run.states


@pytest.mark.parametrize("kind", ["throttle", "unavailable", "conflict"])
def test_a_status_write_that_dynamodb_refuses_for_the_moment_is_repeated(bench: Bench, kind: str) -> None:
    video = f"refused-{kind}"
    # The SDK tries again by itself; this lasts beyond its tries.
    bench.cloud.aws.faults.add(Fault(kind, "dynamodb", 6, match=f"UpdateItem\n{video}\nscene_beats"))
    run = bench.run(video, happy(video, 1))
    assert (run.status, run.error) == ("SUCCEEDED", "")
    assert not bench.cloud.aws.faults.waiting(video)


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_an_end_that_is_not_its_own_is_left_alone(bench: Bench, status: str) -> None:
    video = f"other-end-{status}"
    script = happy(video, 1)
    script["poll_veo"] = [{"return": {"status": "running"}}]
    arn = bench.begin(video, script)
    bench.cloud.client("dynamodb").update_item(
        TableName=bench.cloud.outputs["TableName"],
        Key={"video_id": {"S": video}},
        UpdateExpression="SET ai_generation_status = :status, ai_generation_data.execution_arn = :other",
        ExpressionAttributeValues={":status": {"S": status}, ":other": {"S": "arn:other"}},
    )
    (bench.folder / "poll_veo.json").write_text('[{"raise": "VeoFailed"}]')
    run = bench.finish(arn, video)
    assert (run.status, run.error, run.record.ai_generation_status) == ("FAILED", "Superseded", status)
    assert data_of(run).failure is None
