"""The `video_metadata` item: what its owner is shown, and what nobody outside may see.

Touches nothing; `to_item` and `from_item` are the only way between the model and DynamoDB's attribute values.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from shared.aws.attribute_values import attribute_value, plain_values
from shared.choices.words import Goal
from shared.contracts import FIRST_PLAN, Options
from shared.video.public_record import (
    STEPS,
    Part,
    ProcessingStep,
    PublicGeneration,
    PublicPreview,
    PublicTask,
    PublicVideo,
    TextOrAbsent,
)
from shared.video.take import Take, TakeKind
from shared.video.version import Version

# Bytes of a prompt that the record keeps.
PROMPT_BYTES = 1_200


def _is_false(value: object) -> bool:
    return value is False


def _is_empty(value: object) -> bool:
    return value == ""


class VertexAiTask(PublicTask):
    """One scene's clip; `claim` tells the run that orders it from any other, `digest` is that of the request it sends,
    `delivery` the key of a clip that came with the answer.

    `withheld` counts how often the safety filter withheld a clip of `prompt` as it is; a new prompt begins at 0.
    `order` is the digest of what the plan wants of the take (shared/build/orders.py), `price_usd` what the clip that
    was ordered last costs when it is delivered, `ordered_model` and `ordered_seconds` what it was ordered of and how
    long, `first_frame` the name of the picture that it begins with.
    """

    claim: str = ""
    kind: TakeKind = "clip"
    order: str = ""
    price_usd: float = 0
    ordered_model: str = ""
    ordered_seconds: float = 0
    digest: str = ""
    delivery: str = ""
    first_frame: str = ""
    withheld: int = 0


class EndNotice(Part):
    """Who has taken it on to tell of an execution's end: which, the call, if it is done, since when (Unix seconds)."""

    execution_arn: str
    by: str
    since: float
    is_sent: bool = False


class Preview(PublicPreview):
    """A film that is not the video yet, and the s3:// URLs of its files."""

    video_url: str = ""
    poster_url: str = ""


class GenerationData(PublicGeneration):
    """Everything about the latest generation.

    `transcription_usd` is what its transcription costs, from just before it is ordered; `planning_answers` are the USD
    of each answer of the planning model, by its id, for the plan; `planning_doubtful` the most that each request may
    have cost whose answer never came. `notice` is who told of the end of which execution, and whether it was sent.
    `is_deleted` says that the finished video was deleted, alone (shared/video/versions.py). `takes` are the pictures
    that were bought, by id. `withheld` are the digests of what the safety filter has withheld for good.
    `earlier_rephrasing_usd` and `earlier_doubtful_usd` are the costs of scenes that an edit has taken out of the plan.
    `preview` is the draft, or the video of stills, that a run has ended with, `plan_name` the plan's current revision.
    `run_call` is the call with an idempotency key that has begun the latest run, "" without one. `set_aside` is what a
    search for moments stands in front of (functions/api/moments/former.py).
    """

    execution_arn: str = ""
    vertex_ai_tasks: list[VertexAiTask] = Field(default=[])
    transcription_usd: float = 0
    planning_answers: dict[str, float] = Field(default={})
    planning_doubtful: dict[str, float] = Field(default={})
    takes: dict[str, Take] = Field(default={})
    withheld: list[str] = Field(default=[])
    earlier_rephrasing_usd: float = 0
    earlier_doubtful_usd: float = 0
    preview: Preview | None = None
    plan_name: str = FIRST_PLAN
    run_call: str = Field(default="", exclude_if=_is_empty)
    notice: EndNotice | None = None
    set_aside: str = Field(default="", exclude_if=_is_empty)
    is_deleted: bool = Field(default=False, exclude_if=_is_false)


class VideoRecord(PublicVideo):
    """The `video_metadata` item; `bucket_location` is the s3:// URL of the recording.

    `recording_etag` is that of the recording when it was first seen: no other is used in its place. `recording_copy` is
    the key of its copy that no form can write, from the first start on. `deleted_at`, Unix seconds, makes it the
    tombstone of a video that is deleted (shared/video/tombstones.py). `versions` are the finished videos by generation.
    `corrections` is what the corrections of the recording's words are called (shared/media_keys.py), "" without any.
    `deleting_since` says that the video is being deleted.
    """

    bucket_location: str = ""
    recording_etag: str = ""
    recording_copy: str = ""
    corrections: TextOrAbsent = ""
    ai_generation_data: GenerationData | None = None
    deleted_at: float | None = None
    versions: dict[str, Version] | None = None
    deleting_since: TextOrAbsent = ""


def prompt_to_keep(prompt: str) -> str:
    """Return what the record keeps of a planned prompt, at most PROMPT_BYTES: the plan has the whole of it."""
    return prompt.encode()[:PROMPT_BYTES].decode(errors="ignore")


def to_item(record: VideoRecord) -> dict[str, Any]:
    """Return the record as a DynamoDB item of attribute values."""
    values = record.model_dump(mode="json", exclude_none=True, exclude={"ai_generation_data"})
    data = record.ai_generation_data
    return attribute_value(values | ({"ai_generation_data": stored_attributes(data)} if data else {}))["M"]


def stored_attributes(data: GenerationData) -> dict[str, Any]:
    """Return the generation data as they are stored: without clips until the state machine writes them, once."""
    return data.model_dump(
        mode="json", exclude_none=True, exclude=None if data.vertex_ai_tasks else {"vertex_ai_tasks"}
    )


def from_item(item: dict[str, Any]) -> VideoRecord:
    """Return the record of a DynamoDB item of attribute values; pydantic's ValidationError if it is none."""
    return VideoRecord.model_validate(plain_values(item))


def legible(item: dict[str, Any]) -> VideoRecord:
    """Return the record of an item that something else may have written: what cannot be read of it counts as absent.

    ValidationError when it has no `video_id` or no `user_id` that are texts.
    """
    values = plain_values(item)
    try:
        return VideoRecord.model_validate(values)
    except ValidationError as error:
        unread = {problem["loc"][0] for problem in error.errors()}
        return VideoRecord.model_validate({name: value for name, value in values.items() if name not in unread})


def new_generation(
    generation_id: str, model: str, options: Options, started_at: str, goal: Goal = "video"
) -> GenerationData:
    """Return the generation data of an execution that is about to start, its four steps pending."""
    return GenerationData(
        generation_id=generation_id,
        goal=goal,
        model=model,
        options=options.model_dump(mode="json", exclude_none=True),
        processing_steps=[ProcessingStep(step=step) for step in STEPS],
        user_prompt=options.prompt,
        target_duration=options.target_duration,
        style=options.style,
        started_at=started_at,
    )
