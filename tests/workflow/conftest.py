"""One embedded cloud for the workflow tests: the committed template, the real definition, scripted handlers."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.cloud import EmbeddedCloud
from local.emulators.faults import Fault
from local.emulators.transcribe.emulator import EMPTY
from local.moto_plugins.history import of_job
from shared.aws.attribute_values import attribute_value
from shared.choices.words import Goal
from shared.contracts import ExecutionInput, Options
from shared.stage import STAGES
from shared.video.public_record import AudioTranscription, SceneBeats
from shared.video.record import VertexAiTask, VideoRecord, from_item, new_generation, to_item

PACE = {"TranscribePollSeconds": "1", "FirstPollSeconds": "1", "PollSeconds": "1", "SceneConcurrency": "4"}
# The share of its waits that the state machine waits.
WAITS = 0.1
REPOSITORY = Path(__file__).parents[2]
VOICE = REPOSITORY / "samples" / "austen.flac"
GENERATION = "gen1"
FINAL = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.1
# Longer than a version keeps it.
NOTE = "the clip was short, its last frame is held; " * 5
Script = dict[str, list[dict[str, Any]]]


@pytest.fixture(name="parameters", scope="module")
def no_further_parameters() -> dict[str, str]:
    return {}


@pytest.fixture(name="cloud", scope="module")
def scripted_cloud(tmp_path_factory: pytest.TempPathFactory, parameters: dict[str, str]) -> Iterator[EmbeddedCloud]:
    root = tmp_path_factory.mktemp("scripted")
    shutil.copy(Path(__file__).with_name("scripted.py"), root)
    for stage in (*STAGES, "api"):
        folder = root / "functions" / stage
        folder.mkdir(parents=True)
        for package in (folder.parent, folder):
            (package / "__init__.py").touch()
        (folder / "handler.py").write_text(f"from scripted import handler_for\n\nhandler = handler_for({stage!r})\n")
    # What is called with the end of a job has no script: it is the real thing.
    for name in ("settle", "webhook", "mail"):
        shutil.copytree(REPOSITORY / "functions" / name, root / "functions" / name)
    script = tmp_path_factory.mktemp("script")
    folder = {"SCRIPT_FOLDER": str(script)}
    with EmbeddedCloud(parameters=PACE | parameters, extra_env=folder, root=root, waits=WAITS) as cloud:
        cloud.transcribe.faults.add(Fault(EMPTY, "job", times=None, match="job-"))
        cloud.client("s3").upload_file(str(VOICE), cloud.outputs["BucketName"], "recording.wav")
        yield cloud


def plan_reply(scenes: int, long: bool = False) -> dict[str, Any]:
    """A legal reply of the plan stage; `long` makes it as large as the stage may."""
    filler = "x" * (1000 if long else 1)
    transcription = AudioTranscription(full_text=filler * 8, segments=[], confidence=0.9, language_code="en-US")
    beats = SceneBeats(overall_theme=filler, scenes=[], target_duration=30)
    tasks = [VertexAiTask(sequence=n + 1, prompt=filler).model_dump(mode="json") for n in range(scenes)]
    return {
        "plan_key": "ai-generated/plans/0001.json",
        "scenes": [{"sequence": n + 1} for n in range(scenes)],
        "cost_usd": 0.001,
        "planned_video_cost_usd": 0.4 * scenes,
        "audio_transcription": attribute_value(transcription.model_dump(mode="json")),
        "scene_beats": attribute_value(beats.model_dump(mode="json")),
        "vertex_ai_tasks": attribute_value(tasks),
        "degraded": attribute_value(["asked for 30 s, speech for 24 s"] if long else []),
    }


def happy(video_id: str, scenes: int = 2, long: bool = False) -> Script:
    """The script of a job in which everything goes well."""
    job = {"job_name": f"job-{video_id}", "transcript_key": "t", "recording_seconds": 24.5, "cost_usd": 0.00245}
    notes = [NOTE] if long else []
    film = {
        "video_key": "ai-generated/v.mp4",
        "srt_key": "ai-generated/c.srt",
        "vtt_key": "ai-generated/c.vtt",
        "poster_key": "ai-generated/p.jpg",
        "seconds": 24.5,
        "size_bytes": 1000,
        "loudness_lufs": -14.1,
        "true_peak_dbtp": -1.3,
        "degraded": notes,
    }
    return {
        "transcribe": [{"return": job}],
        "plan": [{"return": plan_reply(scenes, long)}],
        "generate_scene": [{"return": {"operation_name": "op" * 90, "deadline": 2e9, "cost_usd": 0.0}}],
        "poll_veo": [{"return": {"status": "done", "clip_key": "clip.mp4", "cost_usd": 0.4, "degraded": notes}}],
        "draw_scene": [{"return": {"clip_key": "drawn.mp4", "cost_usd": 0.0, "degraded": notes}}],
        "render_scene": [{"return": {"rendered_key": "r.mp4", "frames": 96, "degraded": notes}}],
        "stitch": [{"return": film}],
    }


@dataclass
class Run:
    """A finished execution: its status, its record, and the events that each stage was given."""

    status: str
    error: str
    record: VideoRecord
    calls: dict[str, list[dict[str, Any]]]
    states: list[str]


@dataclass
class Bench:
    """Runs jobs through the real definition by a script."""

    cloud: EmbeddedCloud

    @property
    def folder(self) -> Path:
        return Path(self.cloud._extra_env["SCRIPT_FOLDER"])  # pyright: ignore[reportPrivateUsage]

    def begin(
        self, video_id: str, script: Script, options: Options | None = None, goal: Goal = "video", **more: object
    ) -> str:
        """Write script and record, with `more` in its generation; start the execution and return its ARN."""
        for old in self.folder.iterdir():
            old.unlink()
        for stage, steps in script.items():
            (self.folder / f"{stage}.json").write_text(json.dumps(steps))
        options = options or Options(model="veo-3.1-fast-generate-001")
        data = new_generation(GENERATION, options.model, options, "2026-01-01T00:00:00Z", goal)
        machine = self.cloud.outputs["StateMachineArn"]
        name = f"{video_id}-{GENERATION}"
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
        data = data.model_copy(update={"execution_arn": arn, **more})
        record = VideoRecord(
            video_id=video_id,
            user_id="u",
            created_at="2026-01-01T00:00:00Z",
            ai_generation_status="processing",
            ai_generation_data=data,
        )
        table = self.cloud.outputs["TableName"]
        self.cloud.client("dynamodb").put_item(TableName=table, Item=to_item(record))
        request = ExecutionInput(
            video_id=video_id,
            generation_id=GENERATION,
            user_id="u",
            recording_key="recording.wav",
            options=options,
            goal=goal,
        )
        started = self.cloud.client("stepfunctions").start_execution(
            stateMachineArn=machine,
            name=name,
            input=request.model_dump_json(exclude_none=True),
        )
        return started["executionArn"]

    @contextmanager
    def change_definition(self, change: Callable[[dict[str, Any]], None]) -> Generator[None]:
        """Give executions that start meanwhile a definition that `change` has changed."""
        machine = self.cloud.client("stepfunctions")
        arn = self.cloud.outputs["StateMachineArn"]
        definition = machine.describe_state_machine(stateMachineArn=arn)["definition"]
        other = json.loads(definition)
        change(other)
        machine.update_state_machine(stateMachineArn=arn, definition=json.dumps(other))
        try:
            yield
        finally:
            machine.update_state_machine(stateMachineArn=arn, definition=definition)

    def finish(self, arn: str, video_id: str) -> Run:
        """Wait for the end of the execution and return what came of it."""
        machine = self.cloud.client("stepfunctions")
        limit = time.monotonic() + PATIENCE_SECONDS
        while (execution := machine.describe_execution(executionArn=arn))["status"] not in FINAL:
            assert time.monotonic() < limit, "the execution does not end"
            time.sleep(POLL_SECONDS)
        events = of_job(machine, arn)
        states = [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]
        return Run(execution["status"], execution.get("error", ""), self.record(video_id), self._calls(), states)

    def run(self, video_id: str, script: Script, options: Options | None = None, goal: Goal = "video") -> Run:
        """Run one job to its end."""
        return self.finish(self.begin(video_id, script, options, goal), video_id)

    def record(self, video_id: str) -> VideoRecord:
        """Return the record as it stands in the table."""
        table = self.cloud.outputs["TableName"]
        item = self.cloud.client("dynamodb").get_item(TableName=table, Key={"video_id": {"S": video_id}})["Item"]
        return from_item(item)

    def _calls(self) -> dict[str, list[dict[str, Any]]]:
        return {
            file.stem: [json.loads(line) for line in file.read_text().splitlines()]
            for file in self.folder.glob("*.calls")
        }


@pytest.fixture(name="bench")
def scripted_bench(cloud: EmbeddedCloud) -> Bench:
    return Bench(cloud)
