"""The request bodies of moments and clips.

Touches nothing; seconds of the recording, USD.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from shared.brand.choices import MusicId, PresetName
from shared.choices.captions import CaptionStyle, Speakers, TranscriptId
from shared.choices.words import Aspect, CaptionLanguage, CaptionMode, Continuity, Resolution, Style, VideoGoal
from shared.client_values import PLAIN, WHOLE, Title
from shared.contracts import LANGUAGE_PATTERN, Budget, Options, Prompt
from shared.http.requests import FOR_SALE, ApiBody, Choices, WebhookUrl
from shared.recordings.excerpts import MomentCount, RecordingExcerpt
from shared.recordings.limits import LONGEST_CLIP, LONGEST_RECORDING, MOST_MOMENTS, SHORTEST_CLIP, USUAL_MOMENTS

MomentId = Annotated[str, StringConstraints(pattern=r"^m[0-9]{1,2}$")]


class LookForMoments(ApiBody):
    """POST /videos/{videoId}/moments: how many, how long, and what to look for; `budget` in USD.

    `webhook_url` is told of the search's end by a signed request.
    """

    count: Annotated[MomentCount, WHOLE] = USUAL_MOMENTS
    target_duration: Annotated[float, Field(ge=SHORTEST_CLIP, le=LONGEST_CLIP)] = 30
    prompt: Annotated[Prompt, PLAIN] = ""
    language_code: Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)] | None = None
    speakers: Speakers = False
    transcript_id: TranscriptId | None = None
    budget: Budget | None = None
    webhook_url: WebhookUrl | None = None

    def search(self, model: str) -> Options:
        """Return what is looked for as the state machine takes it."""
        values = self.model_dump(exclude={"count", "budget", "webhook_url"})
        return Options(**values, moments=self.count, budget_usd=self.budget, model=model)


class ClipExcerpt(ApiBody):
    """A stretch of the recording that becomes a video; its ends move to the nearest places between two phrases."""

    start: Annotated[float, Field(ge=0, le=LONGEST_RECORDING)]
    end: Annotated[float, Field(gt=0, le=LONGEST_RECORDING)]
    title: Title | None = None

    @property
    def excerpt(self) -> RecordingExcerpt:
        """The stretch."""
        return RecordingExcerpt(start=self.start, end=self.end)


class StartClips(ApiBody):
    """POST /videos/{videoId}/clips: moments, by their ids, or excerpts, and what all of their videos are like.

    Length, language and speakers are those of the excerpts. `budget`, in USD, is for all of them together. A clip that
    is there already, of the same excerpt and the same wishes, is made once more only `again`. `webhook_url` is
    told of each one's end by a signed request.
    """

    moments: Annotated[list[MomentId], Field(max_length=MOST_MOMENTS)] = Field(default=[])
    excerpts: Annotated[list[ClipExcerpt], Field(max_length=MOST_MOMENTS)] = Field(default=[])
    goal: VideoGoal = "video"
    prompt: Annotated[Prompt, PLAIN] = ""
    style: Style = "cinematic"
    aspect_ratio: Aspect = "9:16"
    resolution: Resolution = "720p"
    captions: CaptionMode = "words"
    caption_style: CaptionStyle = Field(default_factory=CaptionStyle)
    caption_language: CaptionLanguage = ""
    continuity: Continuity = "none"
    music: MusicId = ""
    budget: Budget | None = None
    model: Annotated[str, StringConstraints(max_length=100), Field(json_schema_extra=FOR_SALE)] = ""
    preset: PresetName | None = None
    again: bool = False
    webhook_url: WebhookUrl | None = None

    def choices(self) -> Choices:
        """Return what is chosen for all videos; what was not said a preset may still say."""
        names = self.model_fields_set - {"moments", "excerpts", "goal", "again", "webhook_url"}
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        return Choices(**values)
