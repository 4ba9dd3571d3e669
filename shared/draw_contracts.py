"""The payloads of the stage draw_scene, beside `shared.contracts` until a state of the machine calls it.

Touches nothing; money is USD, keys are S3 keys in the deployment's bucket.
"""

from __future__ import annotations

from typing import Literal

from shared.contracts import Key, Sequence, StageInput, Usd, Wire


class DrawSceneIn(StageInput):
    """The scene to draw: a sketch of it, or a still by an image model that a camera passes."""

    user_id: str
    plan_key: Key
    sequence: Sequence
    goal: Literal["draft", "stills"]


class DrawSceneOut(Wire):
    """A clip with at least the scene's frames, of the plan's format; `cost_usd` is what the scene has cost so far."""

    clip_key: Key
    cost_usd: Usd = 0
    degraded: tuple[str, ...] = ()
