"""The plan as the record keeps it: bounded, however long the recording is.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.plan.transcript import SpokenWord, Transcript
from shared.contracts import Plan
from shared.record import (
    FULL_TEXT_LIMIT,
    SEGMENT_LIMIT,
    AudioTranscription,
    SceneBeat,
    SceneBeats,
    Segment,
    VertexAiTask,
    attribute_value,
)

SEGMENT_TEXT_LIMIT = 600


def attributes(transcript: Transcript, made: Plan) -> dict[str, Any]:
    """Return the plan's parts of the record as DynamoDB attribute values, under their attributes' names."""
    return {
        "audio_transcription": attribute_value(transcription(transcript, made).model_dump(mode="json")),
        "scene_beats": attribute_value(scene_beats(made).model_dump(mode="json")),
        "vertex_ai_tasks": attribute_value([task.model_dump(mode="json") for task in tasks(made)]),
    }


def transcription(transcript: Transcript, made: Plan) -> AudioTranscription:
    """Return what was heard: the sentences of the excerpt, and the full text up to its limit."""
    return AudioTranscription(
        full_text=transcript.text()[:FULL_TEXT_LIMIT],
        segments=_segments(transcript.between(made.excerpt_start, float("inf"))[: len(made.words)])[:SEGMENT_LIMIT],
        confidence=transcript.confidence,
        language_code=transcript.language_code,
    )


def scene_beats(made: Plan) -> SceneBeats:
    """Return the scenes as the customer's page shows them."""
    return SceneBeats(
        overall_theme=made.overall_theme,
        scenes=[SceneBeat.model_validate(scene.model_dump()) for scene in made.scenes],
        target_duration=made.options.target_duration,
    )


def tasks(made: Plan) -> list[VertexAiTask]:
    """Return one pending clip per scene."""
    return [VertexAiTask(sequence=scene.sequence, prompt=scene.vertex_ai_prompt) for scene in made.scenes]


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
        text=" ".join(word.text for word in words)[:SEGMENT_TEXT_LIMIT],
        confidence=round(sum(word.confidence for word in words) / len(words), 4),
    )
