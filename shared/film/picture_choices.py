"""What a user may choose about own pictures: which one a scene has, and what it is used for.

Values only; touches nothing; seconds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.wire import Wire

IMAGE_ID_PATTERN = r"^[0-9a-f]{20}$"
ImageId = Annotated[str, StringConstraints(pattern=IMAGE_ID_PATTERN)]
PictureUse = Literal["still", "clip", "first_frame", "reference"]
OwnKind = Literal["clip", "still"]
# Uses that show the picture itself, for which nothing is bought.
SHOWN: tuple[PictureUse, ...] = ("still", "clip")
# Uses that go to the scene's video model, which makes a clip of them.
BY_MODEL: tuple[PictureUse, ...] = ("first_frame", "reference")
# What a file that can be so used is, and what a file is used for when nobody says.
KIND_OF: dict[PictureUse, OwnKind] = {"still": "still", "clip": "clip", "first_frame": "still", "reference": "still"}
# What the ids of takes begin with that are own pictures.
OWN_TAKE = "own"
# The most pictures that one request can name: one for each scene of the longest plan.
MOST_PICTURES = 40


class ScenePicture(Wire):
    """A scene's own picture: `digest` is that of its file's content, `seconds` how long it is if it is a clip."""

    image_id: str
    use: PictureUse
    digest: str
    seconds: float = 0

    @property
    def kind(self) -> OwnKind:
        """Whether the file is a picture or a clip."""
        return KIND_OF[self.use]

    @property
    def is_shown(self) -> bool:
        """Whether the scene shows the picture itself, so that nothing is bought for it."""
        return self.use in SHOWN

    @property
    def references(self) -> int:
        """How many pictures go to the video model as references."""
        return int(self.use == "reference")

    @property
    def begins_clip(self) -> bool:
        """Whether a clip of the scene begins with it."""
        return self.use == "first_frame"

    def take_id(self, scene_id: str) -> str:
        """Return the id of the take that the picture is of a scene; the file is the same for all scenes."""
        return f"{OWN_TAKE}{self.digest}-{scene_id}"


class PlacedPicture(Wire):
    """A picture that was looked up, and the number of the scene that it is for, if it is for one."""

    picture: ScenePicture
    scene: int | None = None


class FirstPictures(Wire):
    """The pictures that a generation's first plan is given."""

    pictures: list[PlacedPicture]
