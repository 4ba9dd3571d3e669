"""The plan of a film as it is stored in the bucket: its scenes, and the words that are spoken in it.

Touches nothing; times are seconds, money is USD.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.contracts import (
    MOST_SCENES,
    Aspect,
    GenerationId,
    Options,
    Resolution,
    Sequence,
    Style,
    Usd,
    VideoId,
    Wire,
)

# The shorter side of the picture in pixels.
_SHORT_SIDE: dict[Resolution, int] = {"720p": 720, "1080p": 1080}


def frame_size(aspect: Aspect, resolution: Resolution) -> tuple[int, int]:
    """Return the width and height of the film's picture in pixels."""
    short = _SHORT_SIDE[resolution]
    long = short * 16 // 9
    return (short, long) if aspect == "9:16" else (long, short)


class Word(Wire):
    """A spoken word with its times in seconds from the start of the film (in a plan) or of the recording."""

    text: str
    start: float
    end: float
    ends_sentence: bool = False


class PlannedScene(Wire):
    """One scene: frames and seconds count from the film's start; `veo_seconds` is what is bought."""

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


class Plan(Wire):
    """The whole plan as stored in S3; `excerpt_*` are seconds in the recording, `words` lie inside the excerpt.

    `planning_cost_usd` is what making it cost, so that a resumed generation knows it without asking again.
    """

    video_id: VideoId
    generation_id: GenerationId
    model: str
    language_code: str
    options: Options
    overall_theme: str
    look: str
    negative_prompt: str
    excerpt_start: float
    excerpt_end: float
    frame_rate: int
    frames: int
    scenes: Annotated[tuple[PlannedScene, ...], Field(min_length=1, max_length=MOST_SCENES)]
    words: tuple[Word, ...]
    planning_cost_usd: Usd = 0

    def scene(self, sequence: int) -> PlannedScene:
        """Return the scene numbered `sequence` (from 1)."""
        return self.scenes[sequence - 1]
