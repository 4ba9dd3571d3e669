"""The part of the `video_metadata` item that its owner is shown: the customer's schema, and what we add.

Touches nothing; what nobody outside may see (ARNs, places in the bucket, claims) is in `shared.video.record` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    computed_field,
    model_validator,
)

from shared.choices.words import Goal
from shared.video.earlier_records import UNDER_WAY_EARLIER, task_attributes

STEPS = ("transcription", "scene_planning", "video_generation", "finalization")
StepStatus = Literal["pending", "processing", "completed", "failed"]
GenerationStatus = Literal["uploading", "processing", "awaiting_review", "completed", "failed", "cancelled"]
TaskState = Literal["pending", "submitting", "generating", "clip_ready", "completed", "filtered", "failed"]
# The customer's word for each of our states; a clip that was withheld is ordered again until its tries are used up.
STATUS_OF: Mapping[TaskState, StepStatus] = {
    "pending": "pending",
    "submitting": "processing",
    "generating": "processing",
    "clip_ready": "processing",
    "completed": "completed",
    "filtered": "processing",
    "failed": "failed",
}
# What the record keeps of the spoken text; the words themselves live in S3. Characters, and sentences.
FULL_TEXT_LIMIT = 8_000
SEGMENT_LIMIT = 120


def _is_empty(value: object) -> bool:
    return value == ""


# ISO 8601 in UTC.
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
# What has not happened has no time: it is empty here, and absent wherever it is written.
Time = Annotated[Moment, Field(exclude_if=_is_empty)]
# What need not be said is absent wherever it is written, too.
TextOrAbsent = Annotated[str, Field(exclude_if=_is_empty)]


def _step_status(value: object) -> object:
    return "processing" if value == UNDER_WAY_EARLIER else value


class Part(BaseModel):
    """A part of the record: tolerant on reading, because items written before this project lack its attributes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Segment(Part):
    """A sentence of the used excerpt, in seconds of the recording; the label of who says it, if anybody asked."""

    start_time: float
    end_time: float
    text: str
    confidence: float
    speaker: Annotated[str, Field(exclude_if=_is_empty)] = ""


class AudioTranscription(Part):
    """What was heard; `full_text` is bounded by FULL_TEXT_LIMIT characters."""

    full_text: str
    segments: list[Segment]
    confidence: float
    language_code: str


class SceneBeat(Part):
    """A scene as the customer's page shows it, in seconds of the video."""

    sequence: int
    start_time: float
    end_time: float
    duration: float
    audio_text: str
    scene_description: str
    vertex_ai_prompt: str
    visual_style: str


class SceneBeats(Part):
    """The plan as the customer's page shows it."""

    overall_theme: str
    scenes: list[SceneBeat]
    target_duration: float


class Reason(Part):
    """Why a clip was put off, withheld or failed: the error's name, and what is said of it; both empty otherwise."""

    code: str = ""
    message: str = ""


class PublicTask(Part):
    """One scene's clip; `task_id` is Google's operation name, `attempt` the try that it was ordered at (0: no order),
    `cost_usd` what was charged. `status` says in the customer's words how far it is, `state` in finer ones.

    `deadline` is when waiting ends, in Unix seconds: for the clip, or for its order's turn.
    `rephrased_for` is the try that `prompt` was rephrased for, `rephrasing_usd` what all rephrasing of the scene cost.
    `reorder_count` counts how often a clip was ordered anew by a person's decision, `doubtful_usd` is what earlier
    clips, and rephrasings that were never answered, may have cost besides. `scene` is the id of the plan's scene, which
    stays when its place changes, `take` that of the take that is chosen.
    """

    task_id: str = ""
    state: TaskState = "pending"
    video_url: str = ""
    prompt: str = ""
    created_at: Time = ""
    sequence: int = 0
    scene: str = ""
    take: str = ""
    attempt: int = 0
    cost_usd: float = 0
    reason: Reason = Reason()
    deadline: float = 0
    rephrased_for: int = 0
    rephrasing_usd: float = 0
    reorder_count: int = 0
    doubtful_usd: float = 0

    @computed_field
    @property
    def status(self) -> StepStatus:
        """The state in the customer's words."""
        return STATUS_OF[self.state]

    @model_validator(mode="before")
    @classmethod
    def _read_earlier(cls, values: Any) -> Any:
        return task_attributes(cast("dict[str, Any]", values)) if isinstance(values, dict) else values


class ProcessingStep(Part):
    """One of the four STEPS."""

    step: str
    status: Annotated[StepStatus, BeforeValidator(_step_status)] = "pending"
    started_at: Time = ""
    completed_at: Time = ""
    error_message: str = ""


class CostBreakdown(Part):
    """USD spent so far; `undecided` may be charged besides: clips and plans that were ordered, and never seen."""

    transcription: float = 0
    scene_generation: float = 0
    rephrasing: float = 0
    video_generation: float = 0
    total: float = 0
    undecided: float = 0


class Failure(Part):
    """Why a generation failed: the step, the scene when it was one, the error class and what to do next.

    `charged` is whether anything was bought for the generation, or may have been.
    """

    step: str
    error: str
    message: str
    next_action: str = ""
    scene: int | None = None
    charged: bool = False


class PublicPreview(Part):
    """A film that is not the video yet: of which goal, of which revision of the plan, and its length in seconds."""

    goal: Goal = "draft"
    revision: int = 1
    seconds: float = 0


class PublicGeneration(Part):
    """The latest generation; `run` counts its executions, `goal` is that of the latest, `revision` that of its plan.

    `final_revision` is the one that the finished video was made of; 0 before there is one, or when that is unknown.
    `webhook_url` is notified of its end.
    """

    generation_id: str = ""
    run: int = 1
    goal: Goal = "video"
    revision: int = 1
    model: str = ""
    options: dict[str, Any] = {}
    audio_transcription: AudioTranscription | None = None
    scene_beats: SceneBeats | None = None
    processing_steps: list[ProcessingStep] = []
    final_video_url: str = ""
    captions_srt_url: str = ""
    captions_vtt_url: str = ""
    poster_url: str = ""
    final_revision: int = 0
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    generation_time: float = 0
    planned_video_cost: float = 0
    cost_breakdown: CostBreakdown = CostBreakdown()
    user_prompt: str = ""
    target_duration: float = 0
    style: str = ""
    started_at: Time = ""
    degraded: list[str] = []
    failure: Failure | None = None
    webhook_url: str = ""


class PublicVideo(Part):
    """A video; times are ISO 8601 in UTC, `duration` seconds, `file_size` bytes."""

    video_id: str
    user_id: str
    user_email: str = ""
    title: str = ""
    filename: str = ""
    upload_date: Time = ""
    file_size: int = 0
    content_type: str = ""
    duration: float = 0
    created_at: Time = ""
    updated_at: Time = ""
    ai_project_type: Literal["standard", "ai_generated"] | None = None
    ai_generation_status: GenerationStatus | None = None
    metadata: dict[str, str] = {}
    uploaded_at: Time = ""
    parent_id: str | None = None
    variant_of: str | None = None
