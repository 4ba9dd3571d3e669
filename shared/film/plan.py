"""A revision of a film's plan as it is stored in the bucket: its scenes, and the words that are spoken in it.

Touches nothing; times are seconds, money is USD. A revision is written once: an edit is another one.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.brand.choices import Brand
from shared.choices.words import Resolution, Shape, Style
from shared.contracts import MOST_SCENES, GenerationId, Options, SceneId, Sequence, Usd, VideoId
from shared.film.picture_choices import ScenePicture
from shared.publishing.cover import Cover
from shared.publishing.words import PostWords
from shared.wire import Wire

# The shorter side of the picture in pixels.
_SHORT_SIDE: dict[Resolution, int] = {"720p": 720, "1080p": 1080}


def frame_size(shape: Shape, resolution: Resolution) -> tuple[int, int]:
    """Return the width and height in pixels of a picture of the shape."""
    width, height = (int(side) for side in shape.split(":"))
    short = _SHORT_SIDE[resolution]
    return short * width // min(width, height), short * height // min(width, height)


def corrections_source(language: str, transcript_id: str | None = None) -> str:
    """Return under what the corrections of a transcript are kept: its language, and which it is if a user brought it.

    Its times are others than a recogniser's, so that what was corrected of the one does not fit the other.
    """
    return f"{language} {transcript_id}" if transcript_id else language


class Word(Wire):
    """A spoken word with its times in seconds from the start of the film (in a plan) or of the recording.

    `confidence` is how sure the recogniser is of it, from 0 to 1; what a person has typed is sure. `speaker` is the
    label of who says it, "" when speakers were not told apart.
    """

    text: str
    start: float
    end: float
    ends_sentence: bool = False
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    speaker: str = ""


class Look(Wire):
    """What stays the same from scene to scene, and is part of every scene's prompt."""

    people: str
    place: str
    palette: str


class PlannedScene(Wire):
    """One scene: frames and seconds count from the film's start; `veo_seconds` is what is bought.

    `id` stays with the picture through every edit, while `sequence` (from 1) is only the scene's place. `prompt` is the
    scene's own part of `vertex_ai_prompt`. `take` and `still` are the clip and the still that a person chose; without
    one the newest that was made of this very prompt by this very model is the scene's. `retake` and `redraw` count how
    often a person asked for another clip and another still of the same prompt; `earlier_take` and `earlier_still` stand
    in when the safety filter withholds it. `picture` is the user's own, which is shown unless `take` names another, or
    goes to the model. `prompts` are those that earlier takes were made by, as far as an edit has known, by their ids.
    A plan of earlier versions has a chosen still in `take`.
    """

    id: SceneId
    sequence: Sequence
    start_frame: int
    end_frame: int
    start_time: float
    end_time: float
    duration: float
    veo_seconds: int
    audio_text: str
    scene_description: str
    vertex_ai_prompt: str
    visual_style: Style
    prompt: str = ""
    model: str = ""
    take: str = ""
    still: str = ""
    earlier_take: str = ""
    earlier_still: str = ""
    retake: int = 0
    redraw: int = 0
    prompts: dict[str, str] = Field(default_factory=dict[str, str])
    picture: ScenePicture | None = None

    @property
    def frames(self) -> int:
        """The scene's length in frames."""
        return self.end_frame - self.start_frame

    @property
    def prompt_shown(self) -> str:
        """The prompt of what the scene shows: that of the take that a person chose, where it is known, or its own."""
        return self.prompts.get(self.take or self.still, self.prompt)

    @property
    def shows_picture(self) -> bool:
        """Whether the scene shows an own picture, so that no clip is bought for it."""
        return self.picture is not None and self.picture.is_shown

    @property
    def references(self) -> int:
        """How many own pictures go to the video model as references, which decides on how long its clips are."""
        return self.picture.references if self.picture else 0


class Plan(Wire):
    """The whole plan as stored in S3; `excerpt_*` are seconds in the recording, `words` lie inside the excerpt.

    `planning_cost_usd` is what making it cost, so that a resumed generation knows it without asking again. `title` is
    what an edit has called the video, "" before; `speakers` are the names that edits have given, by their labels.
    """

    video_id: VideoId
    generation_id: GenerationId
    revision: Annotated[int, Field(ge=1)] = 1
    model: str
    language_code: str
    options: Options
    title: str = ""
    overall_theme: str
    look: Look
    publish: PostWords = Field(default_factory=PostWords)
    cover: Cover = Field(default_factory=Cover)
    negative_prompt: str
    excerpt_start: float
    excerpt_end: float
    frame_rate: int
    frames: int
    scenes: Annotated[tuple[PlannedScene, ...], Field(min_length=1, max_length=MOST_SCENES)]
    words: tuple[Word, ...]
    speakers: dict[str, str] = Field(default_factory=dict[str, str])
    planning_cost_usd: Usd = 0

    @property
    def words_source(self) -> str:
        """Under what corrections of its words are kept."""
        return corrections_source(self.language_code, self.options.transcript_id)

    @property
    def brand(self) -> Brand:
        """What the film shows of a brand; a plan of none has an empty one."""
        return self.options.brand or Brand()

    @property
    def shape(self) -> Shape:
        """The shape of the video's picture: that of its clips, unless they are cut to another."""
        return self.options.shape or self.options.aspect_ratio

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the video's picture in pixels."""
        return frame_size(self.shape, self.options.resolution)

    @property
    def clip_size(self) -> tuple[int, int]:
        """The width and height of its clips' pictures in pixels."""
        return frame_size(self.options.aspect_ratio, self.options.resolution)

    @property
    def lead_frames(self) -> int:
        """How many frames of an intro are before the first scene, whose times count from the film's own start."""
        return self.brand.intro.frames if self.brand.intro else 0

    @property
    def tail_frames(self) -> int:
        """How many frames of an outro are after the last scene."""
        return self.brand.outro.frames if self.brand.outro else 0

    @property
    def video_frames(self) -> int:
        """The length in frames of the whole video: its intro, the film, and its outro."""
        return self.lead_frames + self.frames + self.tail_frames

    @property
    def spoken_seconds(self) -> float:
        """When the last scene ends, in seconds of the whole video: nothing is said after it."""
        return (self.lead_frames + self.frames) / self.frame_rate

    def scene(self, sequence: int) -> PlannedScene:
        """Return the scene numbered `sequence` (from 1)."""
        return self.scenes[sequence - 1]

    def model_of(self, scene: PlannedScene) -> str:
        """Return the video model of the scene: its own, else the plan's."""
        return scene.model or self.model
