"""Every function as Lambda calls it: made of its settings alone, on its first event."""

from __future__ import annotations

import importlib
import json
from types import SimpleNamespace
from typing import Any

import pytest

from cdk.functions import FUNCTIONS
from shared.contracts import Options
from shared.errors import RecordingUnreadable, ReelwrightError, Superseded
from shared.stage import STAGES
from shared.video.events import DETAIL_TYPES, SOURCE, VideoEnded
from tests.unit.cloud_fixtures import BUCKET, TABLE, create_keys_table

KEYS = "keys"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:Pipeline:gone-gone"
VALUES = {"MEDIA_BUCKET": BUCKET, "TABLE_NAME": TABLE, "STATE_MACHINE_ARN": EXECUTION.rpartition(":")[0]}
# A field of every stage's event, for a video of which there is nothing.
FIELDS: dict[str, Any] = {
    "video_id": "gone",
    "generation_id": "gone",
    "user_id": "u",
    "recording_key": "uploads/u/gone/talk.mp3",
    "transcript_key": "ai-temp/gone/gone/transcript.json",
    "plan_key": "ai-generated/gone/gone/plans/0001.json",
    "scene_keys": ("ai-generated/gone/gone/rendered/a.mp4",),
    "goal": "draft",
    "clip_key": "ai-temp/gone/gone/scenes/1/source.mp4",
    "recording_seconds": 10.0,
    "transcription_cost_usd": 0.1,
    "options": Options().model_dump(mode="json"),
    "sequence": 1,
    "attempt": 1,
    "operation_name": "operations/1",
    "deadline": 1.0,
}
CAUSES: dict[str, type[ReelwrightError]] = {"generate_scene": Superseded, "poll_veo": Superseded}


@pytest.fixture(name="configured")
def variables(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    create_keys_table(KEYS)
    for settings in {function.settings for function in FUNCTIONS}:
        for name, field in zip(settings.variables(), settings.model_fields.values(), strict=True):
            is_number = any(kind in str(field.annotation) for kind in ("int", "float"))
            fallback = "5" if is_number else KEYS if name.endswith("TABLE_NAME") else "https://example.com"
            monkeypatch.setenv(name, VALUES.get(name, fallback))


def handler(function: str) -> Any:
    """Return a function's handler as a new process has it."""
    return importlib.reload(importlib.import_module(f"functions.{function}.handler")).handler


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_looks_for_what_its_event_names_where_its_settings_say(stage: str) -> None:
    model, _ = STAGES[stage]
    event = {name: FIELDS[name] for name, field in model.model_fields.items() if field.is_required()}
    with pytest.raises(CAUSES.get(stage, RecordingUnreadable)):
        handler(stage)(event, None)


@pytest.mark.usefixtures("configured")
def test_settle_sweeps_and_knows_no_execution_that_is_not_there() -> None:
    settle = handler("settle")
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    assert settle({"detail-type": "Scheduled Event"}, context) == {"swept": [], "closed": []}
    assert settle({"id": "1", "detail": {"executionArn": EXECUTION}}, None) == {"done": []}


@pytest.mark.usefixtures("configured")
def test_the_api_answers_from_its_own_settings() -> None:
    event = {
        "httpMethod": "GET",
        "path": "/v1/openapi.json",
        "headers": {},
        "multiValueHeaders": {"Origin": ["https://example.com"]},
        "requestContext": {"path": "/v1/openapi.json", "requestId": "r"},
    }
    reply = handler("api")(event, None)
    assert reply["statusCode"] == 200
    assert json.loads(reply["body"])["openapi"].startswith("3.1")
    assert reply["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["https://example.com"]


@pytest.mark.usefixtures("configured")
def test_a_webhook_is_not_called_for_a_record_that_is_gone() -> None:
    detail = VideoEnded(
        id="e1",
        video_id="gone",
        generation_id="gone",
        user_id="u",
        title="Talk",
        status="completed",
        cost_usd=0,
        ended_at="2026-11-26T12:00:00+00:00",
    ).model_dump(mode="json")
    event = {"source": SOURCE, "detail-type": next(iter(DETAIL_TYPES.values())), "detail": detail}
    assert handler("webhook")(event, None) == {"done": "nothing"}
