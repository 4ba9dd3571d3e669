"""The edits of a plan that a person can make: one payload for each kind.

Values only; touches nothing. Seconds count from the film's start, those of the excerpt from the recording's.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from shared.brand.choices import MusicId
from shared.build.posting.edits import ChangeCover, ChangePublish, ChangeTitle
from shared.build.speech_edits import CorrectWord, DeleteWord, JoinWords, NameSpeakers
from shared.choices.captions import Color, FontChoice, PictureLabel
from shared.choices.words import (
    CaptionLanguage,
    CaptionMode,
    CaptionPlatform,
    CaptionPosition,
    CaptionProfanity,
    CaptionSize,
    Continuity,
    Shape,
    Style,
)
from shared.client_values import PLAIN, WHOLE
from shared.contracts import MOST_SCENES, PROMPT_LIMIT, SceneId
from shared.film.picture_choices import IMAGE_ID_PATTERN, MOST_PICTURES, ImageId, PictureUse
from shared.wire import Wire

MOST_EDITS = 100
Text = Annotated[str, StringConstraints(max_length=PROMPT_LIMIT, strip_whitespace=True), PLAIN]
Sentence = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), PLAIN]
LookText = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), PLAIN]
ModelName = Annotated[str, StringConstraints(max_length=100)]


class ChangeScene(Wire):
    """What a scene shows: its prompt, its description, its video model ("" is the plan's)."""

    op: Literal["scene"]
    scene: SceneId
    prompt: Text | None = None
    description: Sentence | None = None
    model: ModelName | None = None


class Retake(Wire):
    """Another clip of a scene, or another still, though nothing need have changed; perhaps by another prompt."""

    op: Literal["retake"]
    scene: SceneId
    prompt: Text | None = None
    model: ModelName | None = None
    kind: Literal["clip", "still"] = "clip"


class ChooseTake(Wire):
    """An earlier take of a scene is shown again; "" leaves it to the plan."""

    op: Literal["take"]
    scene: SceneId
    take: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,40}$")]


class WishedPicture(Wire):
    """A picture as a client names it; without a use a photo stands still, moving slowly, and a clip is a clip.

    Without a `scene`, its number from 1, it is one of those that fill all scenes that no other is named for.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    image_id: ImageId
    use: PictureUse | None = None
    scene: Annotated[int, Field(ge=1, le=MOST_PICTURES), WHOLE] | None = None


class PlacePicture(Wire):
    """A scene has a picture or clip of the user's own, from now on; "" is none, and leaves the scene to its model.

    Without a use a picture stands still, moving slowly, and a clip is cut to the scene: neither buys anything.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    op: Literal["picture"]
    scene: SceneId
    image_id: Annotated[str, StringConstraints(pattern=f"^$|{IMAGE_ID_PATTERN}")]
    use: PictureUse | None = None


class PlacePictures(Wire):
    """Pictures of the user's own are spread over the scenes, in their order, and come again where they are too few."""

    op: Literal["pictures"]
    pictures: Annotated[list[WishedPicture], Field(min_length=1, max_length=MOST_PICTURES)]


class MoveCut(Wire):
    """The cut between a scene and the next one lies at `end` from now on."""

    op: Literal["move"]
    scene: SceneId
    end: float


class Split(Wire):
    """A scene becomes two, cut at `at`; the second begins with the first one's prompt."""

    op: Literal["split"]
    scene: SceneId
    at: float


class Merge(Wire):
    """A scene and the next one become one, which shows what the first showed."""

    op: Literal["merge"]
    scene: SceneId


class Reorder(Wire):
    """The pictures of the scenes come in another order, over the same words."""

    op: Literal["order"]
    pictures: Annotated[list[SceneId], Field(min_length=1, max_length=MOST_SCENES)]


class MoveExcerpt(Wire):
    """The video is made of another part of the recording: from `start` to `end`, in seconds of the recording."""

    op: Literal["excerpt"]
    start: float
    end: float


class ChangeLook(Wire):
    """What all scenes have in common; what is not named stays."""

    op: Literal["look"]
    people: LookText | None = None
    place: LookText | None = None
    palette: LookText | None = None


class ChangeStyle(Wire):
    """The style of all scenes."""

    op: Literal["style"]
    style: Style


class ChangeCaptions(Wire):
    """How captions are shown; what is not named stays, and a colour that is "" is the look's own again.

    `language` is what they are translated into, bought by the next run; "" is the spoken one.
    """

    op: Literal["captions"]
    captions: CaptionMode | None = None
    language: CaptionLanguage | None = None
    position: CaptionPosition | None = None
    platform: CaptionPlatform | None = None
    size: CaptionSize | None = None
    font: FontChoice | None = None
    color: Color | None = None
    highlight: Color | None = None
    profanity: CaptionProfanity | None = None
    label: PictureLabel | None = None
    hook: bool | None = None


class ChangeFormat(Wire):
    """The shape of the video's picture, cut from the clips that are there; it costs nothing."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    op: Literal["format"]
    aspect_ratio: Shape


class ChangeContinuity(Wire):
    """What clips begin with: nothing given, where the scene before ends, or the scene's still."""

    op: Literal["continuity"]
    continuity: Continuity


class ChangeMusic(Wire):
    """The music under the voice, by its id; "" is none."""

    op: Literal["music"]
    music: MusicId


class ChangeModel(Wire):
    """The video model of all scenes that have none of their own."""

    op: Literal["model"]
    model: ModelName


Edit = Annotated[
    ChangeScene
    | Retake
    | ChooseTake
    | PlacePicture
    | PlacePictures
    | MoveCut
    | Split
    | Merge
    | Reorder
    | MoveExcerpt
    | ChangeLook
    | ChangeStyle
    | ChangeCaptions
    | ChangeFormat
    | ChangeContinuity
    | ChangeMusic
    | ChangeModel
    | ChangeTitle
    | ChangePublish
    | ChangeCover
    | NameSpeakers
    | CorrectWord
    | JoinWords
    | DeleteWord,
    Field(discriminator="op"),
]
