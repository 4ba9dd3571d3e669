"""Where a clip is cut to another shape, by the faces in it: one place for a whole scene, so that the picture is still.

Values only; touches nothing; lengths and places are shares of the picture's width or height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# What else decides where a clip is cut: another finder, frames or rule is another name, and renders scenes anew.
RULE = "centerface 1"
# How many frames of a scene are looked at.
LOOKS = 5
# A face that is smaller or less sure than a tenth of the weightiest is somebody in the background.
LEAST_WEIGHT = 0.1
# How sure the finder must be of somebody in one of the frames, for it sees faces in patterns too, at up to 0.64.
SURE = 0.7
# What is kept besides a face, in parts of it: hair above and chin below, and beside it.
_BESIDE = {"y": (0.45, 0.25), "x": (0.3, 0.3)}
# Where in a face its eyes are, which are what is placed, and where in the picture they belong.
_EYES = {"y": 0.4, "x": 0.5}
_PLACE = {"y": 1 / 3, "x": 1 / 2}
# Two that are as near as this are one: it is less than a pixel.
_NEAR = 1e-4


@dataclass(frozen=True)
class SeenFace:
    """A face in a frame: where its box begins and how large it is, and how sure its finder is of it, up to 1."""

    left: float
    top: float
    width: float
    height: float
    score: float

    @property
    def weight(self) -> float:
        """How much it matters."""
        return self.width * self.height * self.score


@dataclass(frozen=True)
class Trim:
    """What is cut away of a clip: of its height (`y`) or its width, and how much of that is shown."""

    axis: Literal["x", "y"]
    length: float

    @property
    def room(self) -> float:
        """How much is cut away."""
        return 1 - self.length


@dataclass(frozen=True)
class _Reach:
    """A stretch to be kept whole, the point in it that is placed, and how much it matters."""

    start: float
    end: float
    eyes: float
    weight: float


def trim_of(clip: tuple[int, int], size: tuple[int, int]) -> Trim | None:
    """Return what is cut away where a clip fills a picture, by their sizes in pixels; None where that is nothing."""
    shape = clip[0] * size[1] / (clip[1] * size[0])
    if abs(shape - 1) < 0.01:  # noqa: PLR2004 - a rounded pixel or two
        return None
    return Trim("y", shape) if shape < 1 else Trim("x", 1 / shape)


def frames_to_look_at(frames: int) -> tuple[int, ...]:
    """Return the frames of a scene that are looked at, spread over it."""
    return tuple(sorted({(2 * at + 1) * frames // (2 * LOOKS) for at in range(LOOKS)}))


def share_before(looks: Sequence[Sequence[SeenFace]], trim: Trim) -> float | None:
    """Return how much of what is cut away lies above or to the left, from 0 to 1, by the faces of each frame.

    All that matter are kept whole if they can be, else those that matter most; the eyes are a third from the top, or in
    the middle. None where nobody is seen.
    """
    faces = _that_matter(looks)
    if not faces:
        return None
    choices = [_hold_most([_reach(face, trim, margin) for face in faces], trim) for margin in (1.0, 0.5, 0.0)]
    best = max(choices, key=_weight)
    eyes = sum(reach.eyes * reach.weight for reach in best) / _weight(best)
    start = eyes - trim.length * _PLACE[trim.axis]
    start = _within(start, max(reach.end for reach in best) - trim.length, min(reach.start for reach in best))
    return round(_within(start / trim.room, 0, 1), 3)


def _that_matter(looks: Sequence[Sequence[SeenFace]]) -> list[SeenFace]:
    """Return the faces of all frames that matter; none unless somebody is surely seen."""
    faces = [face for frame in looks for face in frame]
    if all(face.score < SURE for face in faces):
        return []
    most = max(face.weight for face in faces)
    # One on the very edge has nothing left of its box.
    return [face for face in faces if face.weight > 0 and face.weight >= most * LEAST_WEIGHT]


def _reach(face: SeenFace, trim: Trim, margin: float) -> _Reach:
    """Return what is to be kept of a face and, by `margin`, beside it; of too large a one, what is about its eyes."""
    start, length = (face.top, face.height) if trim.axis == "y" else (face.left, face.width)
    eyes = start + length * _EYES[trim.axis]
    if length > trim.length:
        start = _within(eyes - trim.length * _PLACE[trim.axis], 0, trim.room)
        return _Reach(start, start + trim.length, eyes, face.weight)
    before, after = (part * length for part in _BESIDE[trim.axis])
    part = min(margin, (trim.length - length) / (before + after))
    return _Reach(max(start - before * part, 0), min(start + length + after * part, 1), eyes, face.weight)


def _hold_most(reaches: Sequence[_Reach], trim: Trim) -> list[_Reach]:
    """Return those that are whole in the one picture, of all that can be cut, in which they weigh the most."""
    starts = {_within(start, 0, trim.room) for reach in reaches for start in (reach.start, reach.end - trim.length)}
    return max((_inside(reaches, start, start + trim.length) for start in sorted(starts)), key=_weight)


def _inside(reaches: Sequence[_Reach], start: float, end: float) -> list[_Reach]:
    return [reach for reach in reaches if start - _NEAR <= reach.start and reach.end <= end + _NEAR]


def _weight(reaches: Sequence[_Reach]) -> float:
    return sum(reach.weight for reach in reaches)


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))
