"""The plan as the stage answers with it and the record keeps it: bounded, however long the recording is.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from functions.plan.transcript import SpokenWord, Transcript, mean_confidence
from shared import media_keys
from shared.aws.attribute_values import attribute_value
from shared.build.continuity import picture_key
from shared.contracts import PlanIn, PlanOut, SceneRef
from shared.film.plan import Plan, PlannedScene
from shared.film.running_text import join_texts
from shared.video.costs import planned_cost
from shared.video.public_record import (
    FULL_TEXT_LIMIT,
    SEGMENT_LIMIT,
    AudioTranscription,
    SceneBeat,
    SceneBeats,
    Segment,
)
from shared.video.record import VertexAiTask

SEGMENT_TEXT_LIMIT = 600
# Bytes of all parts together: they cross a state boundary inside a PlanOut, which stays below 64 KiB.
SIZE_LIMIT = 60 * 1024
# Characters: no text is cut shorter, so that statuses and styles stay whole.
SHORTEST_TEXT = 16


def answer(
    request: PlanIn, transcript: Transcript, plan: Plan, degraded: Sequence[str], bucket: str, *, cost_usd: float
) -> PlanOut:
    """Return the stage's answer: where the plan is, its scenes, its costs in USD and its parts of the record.

    Own pictures lie in the `bucket`; `cost_usd` is what the planning model has cost so far.
    """
    return PlanOut(
        plan_key=media_keys.plan(request.video_id, request.generation_id, request.plan_name),
        scenes=tuple(SceneRef(sequence=scene.sequence) for scene in plan.scenes),
        cost_usd=cost_usd,
        planned_video_cost_usd=planned_cost(plan),
        **attributes(transcript, plan, bucket),
        degraded=attribute_value(degraded),
    )


def attributes(transcript: Transcript, film_plan: Plan, bucket: str) -> dict[str, Any]:
    """Return the plan's parts of the record as DynamoDB attribute values, under their attributes' names.

    Together they are at most SIZE_LIMIT bytes: where they would be more, the longest texts are shortened. The stored
    plan keeps every prompt whole, and a scene's clip is ordered from there.
    """
    parts: dict[str, Any] = {
        "audio_transcription": transcription(transcript, film_plan).model_dump(mode="json"),
        "scene_beats": scene_beats(film_plan).model_dump(mode="json"),
        "vertex_ai_tasks": [task.model_dump(mode="json") for task in tasks(film_plan, bucket)],
    }
    values = _values(parts, FULL_TEXT_LIMIT)
    limit = FULL_TEXT_LIMIT
    while limit > SHORTEST_TEXT and _size(values) > SIZE_LIMIT:
        limit = max(limit * 4 // 5, SHORTEST_TEXT)
        values = _values(parts, limit)
    return values


def transcription(transcript: Transcript, film_plan: Plan) -> AudioTranscription:
    """Return what was heard: the sentences of the excerpt, and the full text up to its limit."""
    excerpt = transcript.between(film_plan.excerpt_start, float("inf"))[: len(film_plan.words)]
    return hearing(transcript).model_copy(update={"segments": _segments(excerpt)[:SEGMENT_LIMIT]})


def hearing(transcript: Transcript) -> AudioTranscription:
    """Return what was heard without an excerpt: the full text up to its limit."""
    return AudioTranscription(
        full_text=transcript.text()[:FULL_TEXT_LIMIT],
        segments=[],
        confidence=transcript.confidence,
        language_code=transcript.language_code,
    )


def scene_beats(film_plan: Plan) -> SceneBeats:
    """Return the scenes as the customer's page shows them."""
    return SceneBeats(
        overall_theme=film_plan.overall_theme,
        scenes=[SceneBeat.model_validate(scene.model_dump()) for scene in film_plan.scenes],
        target_duration=film_plan.options.target_duration,
    )


def tasks(film_plan: Plan, bucket: str) -> list[VertexAiTask]:
    """Return one clip per scene: pending, or there already, as an own picture that the scene shows."""
    return [_task(film_plan, scene, bucket) for scene in film_plan.scenes]


def _task(film_plan: Plan, scene: PlannedScene, bucket: str) -> VertexAiTask:
    task = VertexAiTask(sequence=scene.sequence, scene=scene.id, prompt=scene.vertex_ai_prompt)
    if scene.picture is None or not scene.shows_picture:
        return task
    location = f"s3://{bucket}/{picture_key(film_plan, scene, scene.picture)}"
    # An attempt, so that nothing is ordered.
    there = {"state": "clip_ready", "attempt": 1, "take": scene.picture.take_id(scene.id), "video_url": location}
    return task.model_copy(update=there)


def _values(parts: dict[str, Any], limit: int) -> dict[str, Any]:
    return {name: attribute_value(_shorten(part, limit)) for name, part in parts.items()}


def _shorten(value: Any, limit: int) -> Any:
    """Return a JSON value whose texts have at most `limit` characters."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, list):
        return [_shorten(part, limit) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _shorten(entry, limit) for name, entry in cast("dict[str, Any]", value).items()}
    return value


def _size(values: dict[str, Any]) -> int:
    # Compact and in UTF-8, as it crosses the boundary.
    return len(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())


def _segments(words: Sequence[SpokenWord]) -> list[Segment]:
    segments: list[Segment] = []
    sentence: list[SpokenWord] = []
    for word in words:
        sentence.append(word)
        if word.ends_sentence:
            segments.append(_segment(sentence))
            sentence = []
    return [*segments, _segment(sentence)] if sentence else segments


def _segment(words: list[SpokenWord]) -> Segment:
    return Segment(
        start_time=words[0].start,
        end_time=words[-1].end,
        text=join_texts(word.text for word in words)[:SEGMENT_TEXT_LIMIT],
        confidence=mean_confidence(words),
        speaker=words[0].speaker,
    )
