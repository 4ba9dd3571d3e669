"""Say what one clip must be, in a form that crosses a process boundary as JSON.

Touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.film.camerawork import Camerawork

FPS = 24


@dataclass(frozen=True)
class ClipSpec:
    """One clip: its prompt, length in seconds, picture size in pixels, and place in the film (0: unknown)."""

    prompt: str
    seconds: float
    width: int
    height: int
    scene: int = 0
    scenes: int = 0
    seed: int = 0
    fps: int = FPS

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return round(self.seconds * self.fps)

    @property
    def landscape(self) -> bool:
        """True when the picture is wider than it is high."""
        return self.width > self.height


@dataclass(frozen=True)
class Sketch:
    """What a draft knows of its scene besides the prompt: how it is shot, what it shows in words, and its style."""

    camerawork: Camerawork
    description: str
    style: str
