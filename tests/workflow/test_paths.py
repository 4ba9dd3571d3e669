"""Every path of the real definition, with scripted handlers on the real runtime."""

from __future__ import annotations

from typing import Any

import pytest

from local.cloud import EmbeddedCloud
from local.emulators.faults import Fault
from local.emulators.transcribe.emulator import FAILED, TOO_LITTLE_SPEECH
from shared.choices.words import Goal
from shared.contracts import Options, PollVeoOut
from shared.video import versions
from shared.video.public_record import STEPS, Reason
from shared.video.record import GenerationData, VertexAiTask
from shared.video.version import NOTE_LENGTH, NOTE_LIMIT
from tests.workflow.conftest import GENERATION, NOTE, Bench, Run, Script, happy

UNMADE = PollVeoOut(status="failed", reason="high load (code 8)").model_dump(mode="json")
FILTERED = PollVeoOut(status="filtered").model_dump(mode="json")
RUNNING = PollVeoOut(status="running").model_dump(mode="json")


def data_of(run: Run) -> GenerationData:
    assert run.record.ai_generation_data
    return run.record.ai_generation_data


def steps_of(run: Run) -> list[str]:
    return [step.status for step in data_of(run).processing_steps]


def fail(script: Script, stage: str, error: str, **more: Any) -> Script:
    return script | {stage: [{"raise": error, **more}]}


@pytest.mark.parametrize(("scenes", "long"), [(1, False), (2, False), (40, True)])
def test_the_smallest_and_the_largest_legal_payloads_go_through(bench: Bench, scenes: int, long: bool) -> None:
    options = Options(prompt="p" * 2000, language_code="en-US", budget_usd=9.5, model="m") if long else None
    run = bench.run(f"size{scenes}", happy(f"size{scenes}", scenes, long), options)
    data = data_of(run)
    assert (run.status, run.record.ai_generation_status) == ("SUCCEEDED", "completed"), (
        run.error,
        data.failure,
        run.states[-4:],
    )
    assert steps_of(run) == ["completed"] * 4
    assert [task.state for task in data.vertex_ai_tasks] == ["completed"] * scenes
    assert data.cost_breakdown.video_generation == pytest.approx(0.4 * scenes)
    assert data.cost_breakdown.total == pytest.approx(0.4 * scenes + 0.00245 + 0.001)
    assert data.final_video_url == f"s3://{bench.cloud.outputs['BucketName']}/ai-generated/v.mp4"
    assert data.degraded == (["asked for 30 s, speech for 24 s", *[NOTE] * (2 * scenes + 1)] if long else [])
    assert (data.loudness_lufs, data.true_peak_dbtp, run.record.duration) == (-14.1, -1.3, 24.5)
    assert data.generation_time > 0
    assert run.record.versions
    (version,) = run.record.versions.values()
    files = {name: getattr(version, name) for name in versions.FILES}
    assert files == {name: getattr(data, name) for name in versions.FILES}
    assert (version.generation_id, version.seconds, version.cost_usd) == (GENERATION, 24.5, data.cost_breakdown.total)
    assert version.degraded == [note[:NOTE_LENGTH] for note in data.degraded[:NOTE_LIMIT]]
    assert (version.revision, data.final_revision) == (1, 1)
    assert version.finished_at >= data.processing_steps[-1].completed_at
    assert (version.prompt, version.model) == ((options or Options()).prompt[:200], data.model)
    assert (version.style, version.aspect_ratio, version.captions) == ("cinematic", "9:16", "words")
    assert all(step.started_at and step.completed_at for step in data.processing_steps)


@pytest.mark.parametrize(
    ("stage", "error", "failed_step", "message"),
    [
        ("transcribe", "RecordingSilent", 0, "Nothing can be heard."),
        ("plan", "NoSpeechFound", 1, "No words were heard."),
        ("plan", "BudgetExceeded", 1, 'The plan costs 2.40 USD; the budget is "1.00".'),
        ("stitch", "RenderFailed", 3, "ffmpeg could not join."),
    ],
)
def test_a_failing_stage_is_named_in_the_record(
    bench: Bench, stage: str, error: str, failed_step: int, message: str
) -> None:
    video = f"fail-{stage}-{error}"
    run = bench.run(video, fail(happy(video), stage, error, message=message))
    data = data_of(run)
    assert (run.status, run.error, run.record.ai_generation_status) == ("FAILED", error, "failed")
    assert data.failure
    assert (data.failure.step, data.failure.error, data.failure.message) == (STEPS[failed_step], error, message)
    assert data.failure.scene is None
    assert steps_of(run)[failed_step] == "failed"
    assert data.processing_steps[failed_step].error_message == f"{error}: {message}"
    assert len(run.calls[stage]) == 1


def test_a_run_for_the_plan_ends_when_the_plan_stands(bench: Bench) -> None:
    run = bench.run("goal-plan", happy("goal-plan"), goal="plan")
    data = data_of(run)
    assert (run.status, run.record.ai_generation_status) == ("SUCCEEDED", "awaiting_review")
    assert steps_of(run) == ["completed", "completed", "pending", "pending"]
    assert [task.state for task in data.vertex_ai_tasks] == ["pending", "pending"]
    assert data.cost_breakdown.total == pytest.approx(0.00245 + 0.001)
    assert {"generate_scene", "draw_scene", "stitch"}.isdisjoint(run.calls)


@pytest.mark.parametrize(("goal", "is_in_turn"), [("video", True), ("draft", False)])
def test_clips_of_a_chain_are_made_one_after_another(bench: Bench, goal: Goal, is_in_turn: bool) -> None:
    name = f"chain-{goal}"
    script = happy(name, 4)
    # Each look finds the clip running once, so that scenes made at once would overlap.
    script["poll_veo"] = [
        *({"return": RUNNING, "when": {"sequence": n + 1}, "times": 1} for n in range(4)),
        *script["poll_veo"],
    ]
    run = bench.run(name, script, Options(model="m", continuity="chain"), goal=goal)
    assert run.status == "SUCCEEDED", data_of(run).failure
    turns = [state for state in run.states if state in ("BeginScene", "RenderScene")]
    assert (turns == ["BeginScene", "RenderScene"] * 4) == is_in_turn
    assert sorted(turns) == ["BeginScene"] * 4 + ["RenderScene"] * 4
    if is_in_turn:
        assert [call["sequence"] for call in run.calls["generate_scene"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("stage", ["", "render_scene"])
def test_a_draft_says_nothing_of_a_clip_that_was_ordered(bench: Bench, stage: str) -> None:
    script = happy(f"draft-beside{stage}")
    name = f"draft-beside{stage}"
    tasks = [VertexAiTask(sequence=1, state="generating", task_id="op", attempt=1), VertexAiTask(sequence=2)]
    script = fail(script, stage, "RenderFailed") if stage else script
    run = bench.finish(bench.begin(name, script, goal="draft", vertex_ai_tasks=tasks), name)
    assert run.status == ("FAILED" if stage else "SUCCEEDED")
    first, second = data_of(run).vertex_ai_tasks
    assert (first.state, first.task_id, first.reason) == ("generating", "op", Reason())
    assert second.state == "pending"


@pytest.mark.parametrize("goal", ["draft", "stills"])
def test_a_run_for_a_draft_orders_no_clip_and_ends_with_a_film_to_look_at(bench: Bench, goal: Goal) -> None:
    run = bench.run(f"goal-{goal}", happy(f"goal-{goal}"), goal=goal)
    data = data_of(run)
    assert (run.status, run.record.ai_generation_status) == ("SUCCEEDED", "awaiting_review")
    assert data.preview
    assert (data.preview.goal, data.preview.revision, data.preview.seconds) == (goal, 1, 24.5)
    assert data.preview.video_url == f"s3://{bench.cloud.outputs['BucketName']}/ai-generated/v.mp4"
    assert (data.final_video_url, run.record.versions) == ("", {})
    assert {call["goal"] for call in run.calls["draw_scene"]} == {goal}
    assert run.calls["stitch"][0]["scene_keys"] == ["r.mp4", "r.mp4"]
    assert "generate_scene" not in run.calls


def test_a_transcript_that_is_there_is_not_waited_for(bench: Bench) -> None:
    script = happy("ready")
    script["transcribe"][0]["return"]["ready"] = True
    run = bench.run("ready", script)
    assert run.status == "SUCCEEDED"
    assert "WaitForTranscript" not in run.states


def test_a_transient_error_is_retried_and_leaves_no_trace(bench: Bench) -> None:
    script = happy("retry")
    script["plan"] = [{"raise": "PlannerUnavailable", "times": 1}, *script["plan"]]
    run = bench.run("retry", script)
    assert run.status == "SUCCEEDED"
    assert len(run.calls["plan"]) == 2


def test_a_failing_scene_leaves_its_siblings_and_their_clips(bench: Bench) -> None:
    script = happy("sibling", 3)
    for stage in ("poll_veo", "render_scene"):
        script[stage][0]["return"]["degraded"] = [NOTE]
    script["render_scene"] = [
        {"when": {"sequence": 2}, "raise": "ClipUnusable", "message": "not a video"},
        *script["render_scene"],
    ]
    run = bench.run("sibling", script)
    data = data_of(run)
    assert data.failure
    assert (run.status, run.error, data.failure.scene) == ("FAILED", "ClipUnusable", 2)
    assert data.failure.step == "video_generation"
    assert data.degraded == [NOTE] * 5
    assert [task.state for task in data.vertex_ai_tasks] == ["completed", "failed", "completed"]
    assert data.vertex_ai_tasks[1].reason == Reason(code="ClipUnusable", message="not a video")
    assert data.cost_breakdown.video_generation == pytest.approx(1.2)
    assert "stitch" not in run.calls


def test_a_filtered_scene_is_tried_four_times_and_then_named(bench: Bench) -> None:
    script = happy("filtered", 1)
    script["poll_veo"] = [{"return": FILTERED}]
    run = bench.run("filtered", script)
    assert run.error == "SceneFiltered"
    assert [call["attempt"] for call in run.calls["generate_scene"]] == [1, 2, 3, 4]
    assert data_of(run).cost_breakdown.video_generation == 0


def test_a_failure_that_passes_is_ordered_again_after_a_longer_wait_each_time(bench: Bench) -> None:
    script = happy("passing", 1)
    script["poll_veo"] = [{"return": UNMADE, "times": 2}, *script["poll_veo"]]
    run = bench.run("passing", script)
    assert run.status == "SUCCEEDED"
    assert [call["attempt"] for call in run.calls["generate_scene"]] == [1, 2, 3]
    assert run.states.count("WaitToOrderAgain") == 2


def test_filtered_and_failed_clips_have_their_own_bounds(bench: Bench) -> None:
    script = happy("bounds", 1)
    turns = [FILTERED, UNMADE, FILTERED, UNMADE, FILTERED, UNMADE, UNMADE, UNMADE]
    script["poll_veo"] = [{"when": {"attempt": n}, "return": turn} for n, turn in enumerate(turns, start=1)]
    with bench.change_definition(order_again_at_once):
        run = bench.run("bounds", script)
    task = data_of(run).vertex_ai_tasks[0]
    assert (run.error, task.state) == ("VeoFailed", "failed")
    assert "high load" in task.reason.message
    assert [call["attempt"] for call in run.calls["generate_scene"]] == list(range(1, 9))
    assert data_of(run).cost_breakdown.video_generation == 0


def order_again_at_once(definition: dict[str, Any]) -> None:
    wait = definition["States"]["Scenes"]["ItemProcessor"]["States"]["WaitToOrderAgain"]
    assert wait["Seconds"] == "{% $pause %}"
    wait["Seconds"] = 0


def test_a_scene_that_passes_the_filter_later_goes_on(bench: Bench) -> None:
    script = happy("passes", 1)
    script["poll_veo"] = [{"when": {"attempt": 1}, "return": FILTERED}, *script["poll_veo"]]
    run = bench.run("passes", script)
    assert run.status == "SUCCEEDED"
    assert len(run.calls["generate_scene"]) == 2


WAITING = {"status": "waiting", "wait_seconds": 3, "operation_name": "", "deadline": 2e9, "cost_usd": 0.0}


def test_an_order_that_waits_for_its_turn_comes_again_and_no_clip_is_looked_at_meanwhile(bench: Bench) -> None:
    script = happy("turn", 1)
    script["generate_scene"] = [{"return": WAITING, "times": 2}, *script["generate_scene"]]
    run = bench.run("turn", script)
    assert run.status == "SUCCEEDED"
    assert [call["attempt"] for call in run.calls["generate_scene"]] == [1, 1, 1]
    assert (run.states.count("WaitToOrderAgain"), run.states.count("PollVeo")) == (2, 1)


def test_an_order_that_is_put_off_for_ever_is_named_and_its_sibling_goes_on(bench: Bench) -> None:
    script = happy("never", 2)
    script["generate_scene"] = [{"when": {"sequence": 1}, "return": WAITING}, *script["generate_scene"]]
    with bench.change_definition(order_again_at_once):
        run = bench.run("never", script)
    assert [task.state for task in data_of(run).vertex_ai_tasks] == ["failed", "completed"]
    assert run.error == "VeoThrottled"
    assert data_of(run).cost_breakdown.video_generation == pytest.approx(0.4)


def test_a_running_clip_is_polled_again(bench: Bench) -> None:
    script = happy("polls", 1)
    script["poll_veo"] = [{"return": RUNNING, "times": 2}, *script["poll_veo"]]
    run = bench.run("polls", script)
    assert run.status == "SUCCEEDED"
    assert run.states.count("WaitForClip") == 3


def test_a_look_that_fails_for_long_is_repeated_and_the_clip_is_used(bench: Bench) -> None:
    script = happy("looks", 1)
    # More failures than the state retries by itself.
    script["poll_veo"] = [{"raise": "VeoUnavailable", "times": 7}, *script["poll_veo"]]
    with bench.change_definition(look_at_once):
        run = bench.finish(bench.begin("looks", script), "looks")
    assert run.status == "SUCCEEDED"
    assert (run.states.count("PollVeo"), run.states.count("WaitForClip")) == (2, 2)


def test_a_look_that_fails_beyond_the_deadline_is_the_scenes_failure(bench: Bench) -> None:
    script = happy("late-looks", 1)
    script["generate_scene"][0]["return"]["deadline"] = 1.0
    script["poll_veo"] = [{"raise": "VeoUnavailable", "message": "Veo is away."}]
    with bench.change_definition(look_at_once):
        run = bench.finish(bench.begin("late-looks", script), "late-looks")
    assert run.error == "VeoUnavailable"
    assert data_of(run).vertex_ai_tasks[0].reason == Reason(code="VeoUnavailable", message="Veo is away.")


def look_at_once(machine: dict[str, Any]) -> None:
    """Let a failed look be repeated without a pause."""
    look = machine["States"]["Scenes"]["ItemProcessor"]["States"]["PollVeo"]
    look["Retry"][0].update(IntervalSeconds=1, MaxDelaySeconds=1, BackoffRate=1.1, JitterStrategy="FULL")
    look["Retry"][0]["MaxAttempts"] = 4


def test_an_unknown_submit_outcome_is_never_ordered_again(bench: Bench) -> None:
    run = bench.run("unknown", fail(happy("unknown", 1), "generate_scene", "SubmitOutcomeUnknown"))
    assert run.error == "SubmitOutcomeUnknown"
    assert len(run.calls["generate_scene"]) == 1


def test_a_failed_transcription_says_why(bench: Bench) -> None:
    bench.cloud.transcribe.faults.add(Fault(FAILED, "job", match="broken"))
    script = happy("badjob")
    script["transcribe"][0]["return"]["job_name"] = "broken"
    run = bench.run("badjob", script)
    data = data_of(run)
    assert data.failure
    assert (run.error, data.failure.step) == ("TranscriptionFailed", "transcription")
    assert "Internal failure" in data.failure.message


def test_too_little_speech_to_tell_the_language_is_heard_in_the_default_one(bench: Bench) -> None:
    bench.cloud.transcribe.faults.add(Fault(FAILED, "job", match="unsure", message=TOO_LITTLE_SPEECH))
    script = happy("unsure")
    transcription = script["transcribe"][0]["return"]
    script["transcribe"] = [
        {"when": {"language_code": "en-US"}, "return": transcription},
        {"return": {**transcription, "job_name": "unsure"}},
    ]
    run = bench.run("unsure", script)
    assert run.status == "SUCCEEDED"
    assert [call["language_code"] for call in run.calls["transcribe"]] == [None, "en-US"]


@pytest.mark.parametrize("language", [None, "de-DE"])
def test_a_job_that_fails_so_in_a_given_language_is_not_tried_again(bench: Bench, language: str | None) -> None:
    name = f"mute-{language}".lower()
    bench.cloud.transcribe.faults.add(Fault(FAILED, "job", times=None, match=name, message=TOO_LITTLE_SPEECH))
    script = happy(name)
    transcription = script["transcribe"][0]["return"]
    script["transcribe"] = [{"return": {**transcription, "job_name": f"{name}-{n}"}, "times": 1} for n in (1, 2)]
    run = bench.run(name, script, Options(language_code=language, model="veo-3.1-fast-generate-001"))
    assert run.error == "TranscriptionFailed"
    assert [call["language_code"] for call in run.calls["transcribe"]] == ([language] if language else [None, "en-US"])


def test_a_record_of_a_newer_generation_is_left_alone(bench: Bench) -> None:
    script = happy("newer", 1)
    script["poll_veo"] = [{"return": {"status": "running"}}]
    arn = bench.begin("newer", script)
    bench.cloud.client("dynamodb").update_item(
        TableName=bench.cloud.outputs["TableName"],
        Key={"video_id": {"S": "newer"}},
        UpdateExpression="SET ai_generation_data.generation_id = :other",
        ExpressionAttributeValues={":other": {"S": "gen2"}},
    )
    (bench.folder / "poll_veo.json").write_text('[{"raise": "VeoFailed"}]')
    run = bench.finish(arn, "newer")
    assert (run.status, run.error) == ("FAILED", "Superseded")
    assert run.record.ai_generation_status == "processing"
    assert data_of(run).generation_id != GENERATION


def test_completed_and_failed_are_told_on_the_bus(bench: Bench, cloud: EmbeddedCloud) -> None:
    events = cloud.client("events")
    queue = cloud.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    arn = cloud.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    events.put_rule(Name="told", EventPattern='{"source": ["reelwright"]}')
    events.put_targets(Rule="told", Targets=[{"Id": "1", "Arn": arn["QueueArn"]}])
    bench.run("told1", happy("told1", 1))
    bench.run("told2", fail(happy("told2", 1), "plan", "PlanInvalid"))
    messages = cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    bodies = "".join(message["Body"] for message in messages)
    assert len(messages) == 2
    assert "Video Completed" in bodies
    assert "Video Failed" in bodies
    assert "PlanInvalid" in bodies
