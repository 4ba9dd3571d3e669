"""What a brand adds to a video: a logo in a corner, what stands before and after it, and music.

Values only; touches nothing; lengths are frames at the video's rate.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

MusicId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{20})?$")]
PRESET_NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
PresetName = Annotated[str, StringConstraints(pattern=PRESET_NAME_PATTERN)]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
