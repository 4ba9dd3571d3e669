"""Handlers that follow a script: the wire protocol, contracts and errors are real, the work is not.

Reads the script of its stage from SCRIPT_FOLDER and appends each event that it was given to a file beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.stage import STAGES

Handler = Callable[[dict[str, Any], object], Any]


def handler_for(stage: str) -> Handler:
    """Return the scripted handler of a stage.

    The script is a list of steps; the one whose `when` fits the event and that has `times` left answers: with
    `return`, or by raising an error class called `raise`.
    """

    def handler(event: dict[str, Any], _context: object) -> Any:
        folder = Path(os.environ["SCRIPT_FOLDER"])
        takes, gives = STAGES[stage]
        takes.model_validate_json(json.dumps(event))
        step = _next_step(folder, stage, event)
        if "raise" in step:
            raise type(step["raise"], (Exception,), {})(step.get("message", "as the script says"))
        if stage == "transcribe":
            _start_job(step["return"]["job_name"])
        return gives.model_validate_json(json.dumps(step["return"])).model_dump(mode="json")

    return handler


def _next_step(folder: Path, stage: str, event: dict[str, Any]) -> dict[str, Any]:
    calls = folder / f"{stage}.calls"
    earlier = [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []
    with calls.open("a") as file:
        file.write(json.dumps(event) + "\n")
    for step in json.loads((folder / f"{stage}.json").read_text()):
        when = step.get("when", {})
        use_count = sum(_fits(when, call) for call in earlier)
        if _fits(when, event):
            if use_count < step.get("times", 10**6):
                return step
            earlier = _without(earlier, when, step["times"])
    raise AssertionError(f"no step of {stage} is left for {event}")


def _fits(when: dict[str, Any], event: dict[str, Any]) -> bool:
    return all(event.get(name) == value for name, value in when.items())


def _without(calls: list[dict[str, Any]], when: dict[str, Any], count: int) -> list[dict[str, Any]]:
    fitting = [call for call in calls if _fits(when, call)]
    return [call for call in calls if call not in fitting] + fitting[count:]


def _start_job(name: str) -> None:
    from shared.aws import clients

    bucket = os.environ["MEDIA_BUCKET"]
    clients.transcribe().start_transcription_job(
        TranscriptionJobName=name,
        LanguageCode="en-US",
        Media={"MediaFileUri": f"s3://{bucket}/recording.wav"},
        OutputBucketName=bucket,
        OutputKey=f"{name}.json",
    )
