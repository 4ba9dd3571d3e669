"""The request bodies of the REST API: one strict, frozen model each, camelCase on the wire.

Touches nothing; seconds and USD as in `shared.contracts`, of whose payloads these are the API's face.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from shared.brand.choices import PresetName
from shared.build.edits import MOST_EDITS, Edit, WishedPicture
from shared.choices.words import CaptionLanguage, Shape, VideoGoal
from shared.client_values import PLAIN, VISIBLE, WHOLE, Title
from shared.contracts import (
    MOST_SCENES,
    PROMPT_LIMIT,
    Budget,
    GenerationOptions,
    Metadata,
    Options,
    Prompt,
    Sequence,
    Usd,
    VideoId,
)
from shared.film.picture_choices import MOST_PICTURES
from shared.http import media_types
from shared.models import video_models
from shared.recordings.limits import LARGEST_RECORDING, LONGEST_RECORDING
from shared.transcript.own_transcript import LARGEST_TRANSCRIPT
from shared.video.own_image import LARGEST_FONT, LARGEST_MUSIC, LARGEST_OWN_CLIP
from shared.video.take import TakeKind
from shared.wire import Wire

BATCH_LIMIT = 25
# What the OpenAPI document says of a field beyond its constraints: another refusal than theirs answers what is wrong.
_MEDIA: Any = {"enum": sorted(media_types.RECORDINGS)}
_PICTURE: Any = {"enum": sorted(media_types.OWN_IMAGES)}
_CLIP_SIZE: Any = {"maximum": LARGEST_OWN_CLIP}
_MUSIC: Any = {"enum": sorted(media_types.MUSIC)}
_MUSIC_SIZE: Any = {"maximum": LARGEST_MUSIC}
_FONT: Any = {"enum": sorted(media_types.FONTS)}
_FONT_SIZE: Any = {"maximum": LARGEST_FONT}
FOR_SALE: Any = {"enum": ["", *video_models.MODELS]}
_URL: Any = {"format": "uri"}
# Said here, and checked by the API itself: a larger one has a status of its own.
_SIZE: Any = {"maximum": LARGEST_RECORDING}
_START: Any = {"$ref": "#/components/schemas/StartGeneration"}


_LABELS: Any = {"propertyNames": {"maxLength": 40, "minLength": 1, **VISIBLE}}
Labels = Annotated[Metadata, PLAIN, Field(json_schema_extra=_LABELS)]


class ApiBody(Wire):
    """The base of every request body of the REST API: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


ScenePrompt = Annotated[
    str,
    StringConstraints(min_length=1, max_length=PROMPT_LIMIT, strip_whitespace=True),
    PLAIN,
    Field(json_schema_extra=VISIBLE),
]
WebhookUrl = Annotated[str, StringConstraints(min_length=1, max_length=2000), Field(json_schema_extra=_URL)]
Pictures = Annotated[list[WishedPicture], Field(max_length=MOST_PICTURES)]
Filename = Annotated[str, StringConstraints(min_length=1, max_length=255), PLAIN, Field(json_schema_extra=VISIBLE)]


class NewVideo(ApiBody):
    """POST /videos: a recording that is about to be uploaded; `file_size` in bytes."""

    title: Title
    filename: Filename
    content_type: Annotated[str, StringConstraints(max_length=100, to_lower=True), Field(json_schema_extra=_MEDIA)]
    file_size: Annotated[int, Field(ge=1, json_schema_extra=_SIZE), WHOLE]
    metadata: Labels = Field(default_factory=dict[str, str])


class NewImage(ApiBody):
    """POST /images: a picture or clip of the caller's own that is about to be uploaded; `file_size` in bytes."""

    filename: Filename
    content_type: Annotated[str, StringConstraints(max_length=100, to_lower=True), Field(json_schema_extra=_PICTURE)]
    file_size: Annotated[int, Field(ge=1, json_schema_extra=_CLIP_SIZE), WHOLE]


class NewMusic(ApiBody):
    """POST /music: music of the caller's own that is about to be uploaded; `file_size` in bytes."""

    filename: Filename
    content_type: Annotated[str, StringConstraints(max_length=100, to_lower=True), Field(json_schema_extra=_MUSIC)]
    file_size: Annotated[int, Field(ge=1, json_schema_extra=_MUSIC_SIZE), WHOLE]


class NewFont(ApiBody):
    """POST /fonts: a TTF or OTF font of the caller's own that is about to be uploaded; `file_size` in bytes."""

    filename: Filename
    content_type: Annotated[str, StringConstraints(max_length=100, to_lower=True), Field(json_schema_extra=_FONT)]
    file_size: Annotated[int, Field(ge=1, json_schema_extra=_FONT_SIZE), WHOLE]


class NewTranscript(ApiBody):
    """POST /videos/{videoId}/transcripts: SRT, VTT or plain text that is about to be uploaded; `file_size` in bytes."""

    filename: Filename
    file_size: Annotated[int, Field(ge=1, le=LARGEST_TRANSCRIPT), WHOLE]


class Choices(GenerationOptions, ApiBody):
    """What the user chooses for a generation; seconds and USD as in Options. `preset` fills what is left out."""

    prompt: Annotated[Prompt, PLAIN] = ""
    budget: Budget | None = None
    model: Annotated[str, StringConstraints(max_length=100), Field(json_schema_extra=FOR_SALE)] = ""
    preset: PresetName | None = None

    def options(self, default_model: str) -> Options:
        """Return the choices as the state machine takes them."""
        values = self.model_dump(include=set(GenerationOptions.model_fields))
        return Options(**values, preset=self.preset, budget_usd=self.budget, model=self.model or default_model)


class StartGeneration(Choices):
    """POST /ai-video: the video to generate and the user's choices; `metadata` replaces the video's.

    `goal` is how far it is made before a review. `webhook_url` is told of the end by a signed request. `pictures` are
    the caller's own, for scenes by their number, or in turn for all scenes that none is named for.
    """

    video_id: VideoId
    goal: VideoGoal = "video"
    metadata: Labels | None = None
    pictures: Pictures = Field(default=[])
    webhook_url: WebhookUrl | None = None


class EstimateRequest(Choices):
    """POST /ai-video/estimate: the choices, and how long the recording is, in seconds, if the caller knows.

    `pictures` are those that the generation would begin with; they need not be there yet.
    """

    video_id: VideoId | None = None
    pictures: Pictures = Field(default=[])
    recording_seconds: Annotated[float, Field(gt=0, le=LONGEST_RECORDING)] | None = None


class ChangedScene(ApiBody):
    """A scene that is made anew by a prompt of the user's own; `sequence` counts from 1."""

    sequence: Annotated[Sequence, WHOLE]
    prompt: ScenePrompt


class Resume(ApiBody):
    """POST /ai-video/{videoId}/resume: whether clips that may have been bought are ordered again, and new prompts.

    `budget`, in USD, replaces the generation's, what it has cost so far included; without one that stays.
    """

    order_again: bool = False
    budget: Budget | None = None
    scenes: Annotated[list[ChangedScene], Field(max_length=MOST_SCENES, default_factory=list)]


class StartRun(ApiBody):
    """POST /ai-video/{videoId}/runs: how far the generation is made, from what is there.

    `budget`, in USD, replaces the generation's, what it has cost so far included; without one that stays. A run that
    would buy for more than `max_usd` is refused.
    """

    goal: VideoGoal = "video"
    order_again: bool = False
    budget: Budget | None = None
    max_usd: Usd | None = None


class StartVariant(ApiBody):
    """POST /ai-video/{videoId}/variants: the format, and what else of the captions is other than the video's.

    One that would buy for more than `max_usd` is refused. `webhook_url` is told of the end by a signed request.
    """

    aspect_ratio: Shape
    caption_language: CaptionLanguage | None = None
    preset: PresetName | None = None
    max_usd: Usd | None = None
    webhook_url: WebhookUrl | None = None


class EditPlan(ApiBody):
    """PATCH /ai-video/{videoId}/plan: edits that are made in turn, all of them or none."""

    edits: Annotated[list[Edit], Field(min_length=1, max_length=MOST_EDITS)]


class NewTake(ApiBody):
    """POST /ai-video/{videoId}/scenes/{sceneId}/takes: another take of a scene, perhaps of something else.

    Without a `kind` it is what the generation is made of: a still where its goal is the video of stills, else a clip.
    """

    prompt: ScenePrompt | None = None
    model: Annotated[str, StringConstraints(max_length=100), Field(json_schema_extra=FOR_SALE)] | None = None
    kind: TakeKind | None = None
    order_again: bool = False
    budget: Budget | None = None
    max_usd: Usd | None = None


class ChosenTake(ApiBody):
    """PUT /ai-video/{videoId}/scenes/{sceneId}/take: which take the scene shows; "" leaves it to the plan."""

    take: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,40}$")]


class Batch(ApiBody):
    """POST /ai-video/batch: bodies of POST /ai-video, each judged and answered on its own."""

    items: Annotated[
        list[dict[str, Any]], Field(min_length=1, max_length=BATCH_LIMIT, json_schema_extra={"items": _START})
    ]
