"""What a brand adds to a video: a logo in a corner, and music.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.wire import Wire

MusicId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{20})?$")]
PRESET_NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
PresetName = Annotated[str, StringConstraints(pattern=PRESET_NAME_PATTERN)]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


class Logo(Wire):
    """A logo that lies with the generation: `digest` is that of its file's content."""

    digest: str
    corner: Corner

    @property
    def take(self) -> str:
        """What its file is called among the generation's takes, none of which it is."""
        return f"own{self.digest}-logo"


class Brand(Wire):
    """What every scene of a generation shows of a brand."""

    logo: Logo
