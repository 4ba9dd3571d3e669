"""When waiting for a clip ends, and what the film will show otherwise than planned once it is there.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.errors import SceneTimedOut
from shared.video.record import VertexAiTask


def check_deadline(now: float, deadline: float, sequence: int) -> None:
    """Raise SceneTimedOut when a clip still runs after its deadline (Unix seconds)."""
    if now > deadline:
        raise SceneTimedOut(f"Veo did not finish the clip of scene {sequence} in time; it may still be charged.")


def notes(task: VertexAiTask) -> tuple[str, ...]:
    """Return what the film will show otherwise than planned in the scene of `task`, whose clip is there."""
    if not task.rephrased:
        return ()
    return (f"Scene {task.sequence} shows a rephrased description: Veo's safety filter withheld the planned one.",)
