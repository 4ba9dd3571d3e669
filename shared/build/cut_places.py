"""Where the scenes of a plan may begin and end: a time of a person's is the place that is meant by it, or none.

Values only; touches nothing; frames count from the film's start, seconds from where the function says.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.material import Material
from shared.film.plan import Plan

# Seconds: a place that is no further away than this is the one that is meant.
NEAR = 0.1


def frames(plan: Plan, material: Material) -> list[int]:
    """Return the places inside the excerpt where it may be cut, its two ends left out."""
    places = (round((cut.time - plan.excerpt_start) * plan.frame_rate) for cut in material.cuts)
    return [frame for frame in places if 0 < frame < plan.frames]


def frame_at(plan: Plan, material: Material, seconds: float, field: str) -> int:
    """Return the place at `seconds` of the film; raise InvalidEdit, which names the nearest places, if not."""
    places = frames(plan, material)
    near = sorted(places, key=lambda frame: abs(frame / plan.frame_rate - seconds))
    if not near or abs(near[0] / plan.frame_rate - seconds) > NEAR:
        raise _refusal(field, seconds, sorted(frame / plan.frame_rate for frame in near[:3]))
    return near[0]


def time_at(material: Material, seconds: float, field: str) -> float:
    """Return the place at `seconds` of the recording; raise InvalidEdit, which names the nearest, if there is none."""
    near = sorted((cut.time for cut in material.cuts), key=lambda time: abs(time - seconds))
    if not near or abs(near[0] - seconds) > NEAR:
        raise _refusal(field, seconds, sorted(near[:3]))
    return near[0]


def _refusal(field: str, seconds: float, places: Sequence[float]) -> InvalidEdit:
    names = ", ".join(f"{place:.2f}" for place in places)
    why = f"the recording cannot be cut at {seconds:.2f} s; the nearest places are {names or 'none'}."
    return InvalidEdit(why, field, EditLimit(choices=tuple(round(place, 3) for place in places)))
