"""What a brand adds to a video: a logo in a corner, an intro and an outro, and music.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.wire import Wire

MusicId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{20})?$")]
PRESET_NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
PresetName = Annotated[str, StringConstraints(pattern=PRESET_NAME_PATTERN)]
# Seconds that an intro or outro can last, and those of a picture of which nobody says how long.
SHORTEST_BUMPER = 0.5
LONGEST_BUMPER = 5.0
USUAL_BUMPER = 3.0
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


class Logo(Wire):
    """A logo that lies with the generation: `digest` is that of its file's content."""

    digest: str
    corner: Corner

    @property
    def take(self) -> str:
        """What its file is called among the generation's takes, none of which it is."""
        return f"own{self.digest}-logo"


class Bumper(Wire):
    """A picture or clip of the user's own before or after a video's scenes, for so many `frames`.

    It lies with the generation: `digest` is that of its file's content.
    """

    digest: str
    kind: Literal["clip", "still"]
    frames: Annotated[int, Field(ge=1)]

    @property
    def take(self) -> str:
        """What its file is called among the generation's takes, none of which it is."""
        return f"own{self.digest}-bumper"


class Brand(Wire):
    """What a generation shows of a brand: in every scene, before the first, and after the last."""

    logo: Logo | None = None
    intro: Bumper | None = None
    outro: Bumper | None = None

    @property
    def bumpers(self) -> dict[str, Bumper]:
        """The intro and the outro by what they are called, those that there are."""
        both = {"intro": self.intro, "outro": self.outro}
        return {name: bumper for name, bumper in both.items() if bumper}
