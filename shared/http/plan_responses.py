"""What the REST API answers about plans, takes and runs: one model for each reply, camelCase.

Touches nothing; seconds, USD, and times in ISO 8601.
"""

from __future__ import annotations

from typing import Literal

from shared.choices.captions import CaptionStyle
from shared.choices.words import CaptionLanguage, CaptionMode, Continuity, Goal, Resolution, Shape, Style, VideoGoal
from shared.film.picture_choices import PictureUse
from shared.http.api_reply import ApiReply
from shared.http.views import Link
from shared.publishing.platforms import Platform
from shared.video.public_record import Moment
from shared.video.take import TakeKind

PurchaseKind = TakeKind | Literal["translation"]


class Purchase(ApiReply):
    """A take that a run buys: of which scene, by which model, of how many seconds, for how many USD.

    A `translation` is of all captions, for at most so many USD.
    """

    scene: str
    kind: PurchaseKind
    model: str
    seconds: int
    usd: float


class NextGoal(ApiReply):
    """What a run to the goal would buy, for how many USD in all, and roughly how many seconds it would take.

    `is_made` says that the latest run has made it of this very revision: there is nothing to make.
    """

    goal: VideoGoal
    is_made: bool
    buys: list[Purchase]
    usd: float
    seconds: int


class RunStarted(ApiReply):
    """A run that has started, and what it buys."""

    success: bool = True
    message: str
    video_id: str
    status: Literal["processing"] = "processing"
    goal: Goal
    buys: list[Purchase]
    usd: float


class TakeShown(ApiReply):
    """A take of a scene; `is_shown` says that the video shows it, `link` plays it, `image_id` names an own picture."""

    id: str
    kind: TakeKind
    model: str
    seconds: float
    usd: float
    created_at: Moment
    is_shown: bool
    link: Link
    image_id: str = ""


class OtherTake(TakeShown):
    """A take of a scene that the plan has no more; it was paid for, and stays while the generation does."""

    scene: str


class ModelShown(ApiReply):
    """A video model that makes a clip of the scene: of how many seconds it would be, and what it would cost in USD."""

    model: str
    seconds: int
    usd: float


class PictureShown(ApiReply):
    """A scene's own picture, and what it is used for."""

    image_id: str
    use: PictureUse


class UseShown(ApiReply):
    """A use of an own picture: the length in seconds of the clip that it has a model make, and its USD.

    `refusal` is why the scene's model takes no picture so.
    """

    use: PictureUse
    seconds: int
    usd: float
    refusal: str | None = None


class SceneShown(ApiReply):
    """A scene of the plan, in seconds of the video; `take` is what a person chose, `takes` are all, newest first.

    `clip_seconds` and `usd` are what a new clip of it would be, `still_usd` what a new still would cost, and
    `longest_seconds` how long the scene may be at most with its model; `models` are all that make a clip of it.
    `held_seconds` is for how long the last frame of the chosen take is held, where it is shorter than the scene.
    `picture` is the user's own, `picture_uses` what one can be used for.
    """

    id: str
    sequence: int
    start: float
    end: float
    text: str
    description: str
    prompt: str
    model: str
    take: str
    takes: list[TakeShown]
    clip_seconds: int
    usd: float
    still_usd: float
    longest_seconds: int
    held_seconds: float
    models: list[ModelShown]
    picture: PictureShown | None = None
    picture_uses: list[UseShown]


class CutShown(ApiReply):
    """A place where the recording may be cut, in seconds of the recording, and the words up to the next one."""

    time: float
    clean: bool
    ends_sentence: bool
    text: str


class WordShown(ApiReply):
    """A word of the video, in seconds of the video; a plan of an earlier version does not know how sure it is."""

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: str = ""


class SpeakerShown(ApiReply):
    """Somebody who speaks in the video: a label, the name that a person has given, the colour of the captions."""

    label: str
    name: str
    color: str


class ExcerptShown(ApiReply):
    """The part of the recording that the video is made of, in its seconds."""

    start: float
    end: float


class LookShown(ApiReply):
    """What all scenes have in common."""

    people: str
    place: str
    palette: str


class PostShown(ApiReply):
    """The words as one platform takes them: its title, empty where it has none, and the text with its hashtags."""

    platform: Platform
    title: str
    text: str


class PublishShown(ApiReply):
    """The words that the video is posted with, as they can be edited, and as each platform takes them."""

    title: str
    hook: str
    description: str
    hashtags: list[str]
    posts: list[PostShown]


class CoverShown(ApiReply):
    """The video's cover: the second of the film that it shows, absent where that is the video's choice, its title.

    `document` is what is drawn over it: an ASS document, empty when that is nothing.
    """

    at: float | None = None
    text: str
    document: str


class PlanView(ApiReply):
    """The current revision of a plan; `next` says what a run to each goal would buy.

    `other_takes` are of scenes that the plan has no more. `caption_document` are the captions as they come into the
    picture: an ASS document, empty when there are none; `caption_font` is the font of the user's own that they are
    drawn in. Those in another language, `caption_language`, are as they are spoken until a run has bought the
    translation. `music` is the id of the music under the voice, "" for none.
    """

    video_id: str
    generation_id: str
    revision: int
    model: str
    style: Style
    captions: CaptionMode
    caption_style: CaptionStyle
    caption_language: CaptionLanguage
    continuity: Continuity
    music: str
    aspect_ratio: Shape
    resolution: Resolution
    language_code: str
    title: str
    theme: str
    excerpt: ExcerptShown
    seconds: float
    look: LookShown
    publish: PublishShown
    cover: CoverShown
    scenes: list[SceneShown]
    other_takes: list[OtherTake]
    words: list[WordShown]
    speakers: list[SpeakerShown]
    caption_document: str
    caption_font: Link | None = None
    cuts: list[CutShown]
    next: list[NextGoal]


class PlanShown(ApiReply):
    """The plan of a video."""

    success: bool = True
    plan: PlanView
