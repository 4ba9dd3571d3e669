"""Every payload that crosses a boundary: one strict, frozen model each, and the table of stages.

Touches nothing; times are seconds, money is USD, keys are S3 keys in the deployment's bucket.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.brand.choices import Brand, MusicId, PresetName
from shared.choices.captions import CaptionStyle, Speakers, TranscriptId
from shared.choices.words import Aspect, CaptionLanguage, CaptionMode, Continuity, Goal, Resolution, Shape, Style
from shared.recordings.excerpts import MomentCount, RecordingExcerpt
from shared.wire import Wire

VIDEO_ID_PATTERN = r"^[A-Za-z0-9_-]{1,100}$"  # Ours are shorter than what something else may have written.
VideoId = Annotated[str, StringConstraints(pattern=VIDEO_ID_PATTERN)]
GENERATION_ID_PATTERN = r"^[A-Za-z0-9_-]{1,40}$"
GenerationId = Annotated[str, StringConstraints(pattern=GENERATION_ID_PATTERN)]
SceneId = GenerationId
PlanName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9a-f]{12})?$")]
FIRST_PLAN = "0001"
MOST_SCENES = 40
Key = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Sequence = Annotated[int, Field(ge=1, le=MOST_SCENES)]
Usd = Annotated[float, Field(ge=0)]
Budget = Annotated[float, Field(ge=0.01, le=1000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Metadata = Annotated[dict[Label, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=16)]
Prompt = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]  # What a user wishes to see.
PROMPT_LIMIT = 1_500  # Characters of a prompt for the video model.
LANGUAGE_PATTERN = r"^[a-z]{2,3}-[A-Za-z]{2,4}$"


class GenerationOptions(Wire):
    """What the user may choose for any generation; the duration in seconds."""

    prompt: Prompt = ""
    target_duration: Annotated[float, Field(ge=5, le=60)] = 30
    style: Style = "cinematic"
    aspect_ratio: Aspect = "9:16"
    resolution: Resolution = "720p"
    captions: CaptionMode = "words"
    caption_style: CaptionStyle = Field(default_factory=CaptionStyle)
    caption_language: CaptionLanguage = ""
    continuity: Continuity = "none"
    music: MusicId = ""
    language_code: Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)] | None = None
    speakers: Speakers = False
    transcript_id: TranscriptId | None = None


class Options(GenerationOptions):
    """A generation's choices: `moments` to look for, a clip's `excerpt`, `is_heard` if its transcript is paid for.

    `shape` is what the picture is cut to, where it is another than that of the clips.
    """

    preset: PresetName | None = None
    moments: MomentCount | None = None
    excerpt: RecordingExcerpt | None = None
    is_heard: Literal[True] | None = None
    brand: Brand | None = None
    shape: Shape | None = None
    budget_usd: Budget | None = None
    model: str = Field(default="", max_length=100, description="A video model; empty means the deployment's default.")


class ExecutionInput(Wire):
    """The input of an execution, a run to its `goal` by a revision of the plan; `recording_etag` is that once seen."""

    video_id: VideoId
    generation_id: GenerationId
    user_id: str
    recording_key: Key
    recording_etag: str = ""
    options: Options
    goal: Goal = "video"
    plan_name: PlanName = FIRST_PLAN
    metadata: Metadata = Field(default_factory=dict[str, str])


class StageInput(Wire):
    """What every stage is given."""

    video_id: VideoId
    generation_id: GenerationId


class TranscribeIn(StageInput):
    """The recording to transcribe, and whose money pays for it unless a transcript of the user's own says times."""

    user_id: str
    recording_key: Key
    recording_etag: str = ""
    language_code: str | None = None
    speakers: Speakers = False
    transcript_id: TranscriptId | None = None
    is_heard: bool = False
    budget_usd: Budget | None = None


class TranscribeOut(Wire):
    """The transcription job that runs; `ready` says that its transcript is there already."""

    job_name: str
    ready: bool = False
    transcript_key: Key
    recording_seconds: float
    cost_usd: Usd


class PlanIn(StageInput):
    """The transcript and the wishes to plan from."""

    user_id: str
    transcript_key: Key
    recording_seconds: Annotated[float, Field(gt=0)]
    transcription_cost_usd: Usd
    options: Options
    goal: Goal = "video"
    plan_name: PlanName = FIRST_PLAN


class SceneRef(Wire):
    """A scene as the Map state sees it."""

    sequence: Sequence


class PlanOut(Wire):
    """The stored plan, its scenes, none of moments, and the record's attributes as DynamoDB attribute values."""

    plan_key: Key
    scenes: Annotated[tuple[SceneRef, ...], Field(max_length=MOST_SCENES)]
    cost_usd: Usd
    planned_video_cost_usd: Usd
    audio_transcription: dict[str, Any]
    scene_beats: dict[str, Any]
    vertex_ai_tasks: dict[str, Any]
    degraded: dict[str, Any]


Attempt = Annotated[int, Field(ge=1, le=8)]  # Four filtered, five failed in passing; the last of all is of either.


class SceneIn(StageInput):
    """One scene of a plan."""

    plan_key: Key
    sequence: Sequence


class GenerateSceneIn(SceneIn):
    """A scene's clip to order; `attempt` counts its orders from 1, whatever became of them."""

    user_id: str
    attempt: Attempt
    budget_usd: Budget | None = None


class GenerateSceneOut(Wire):
    """The operation that makes the scene, or for how long its order waits for its turn."""

    status: Literal["ordered", "waiting"] = "ordered"
    wait_seconds: int = 0
    operation_name: str
    deadline: float  # The Unix time, in seconds, at which waiting ends.
    cost_usd: Usd  # What rephrasing has cost.
    ready: bool = False  # Nothing is waited for: the clip is there, or the prompt was refused.


class PollVeoIn(SceneIn):
    """The operation to read once."""

    attempt: Attempt
    operation_name: str
    deadline: float


class PollVeoOut(Wire):
    """`clip_key` is there when it is `done`, else a `reason`; `filtered` and `failed`, which passes, are uncharged."""

    status: Literal["running", "done", "filtered", "failed"]
    clip_key: Key | None = None
    cost_usd: Usd = 0
    degraded: tuple[str, ...] = ()
    reason: str = ""


class DrawSceneIn(SceneIn):
    """A scene to be drawn: as a draft, or as a still of an image model."""

    user_id: str
    goal: Literal["draft", "stills"]
    budget_usd: Budget | None = None


class DrawSceneOut(Wire):
    """A clip of the drawn picture, as long as the scene; `cost_usd` is what the scene's stills have cost."""

    clip_key: Key
    cost_usd: Usd = 0
    degraded: tuple[str, ...] = ()


class RenderSceneIn(SceneIn):
    """The clip to cut to its scene, or the picture that a camera passes for as long."""

    clip_key: Key


class RenderSceneOut(Wire):
    """A clip of exactly `frames` frames; `degraded` says what had to be changed ("clip held its last frame")."""

    rendered_key: Key
    frames: int
    degraded: tuple[str, ...] = ()


class StitchIn(StageInput):
    """The plan whose scenes are all rendered, those in their order, what kind of film they make, and whose."""

    plan_key: Key
    scene_keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_SCENES)]
    user_id: str
    goal: Goal = "video"


class StitchOut(Wire):
    """The finished files; loudness in LUFS, true peak in dBTP, both measured on the finished video."""

    video_key: Key
    srt_key: Key
    vtt_key: Key
    poster_key: Key
    seconds: float
    size_bytes: int
    loudness_lufs: float
    true_peak_dbtp: float
    degraded: tuple[str, ...] = ()
