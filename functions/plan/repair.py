"""From the model's plan to one that can be made: in order, without gap or overlap, within every limit.

Values only; touches nothing; what cannot be repaired is PlanInvalid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from functions.plan.phrases import Phrase
from functions.plan.reply import PlannerScene
from shared.errors import PlanInvalid

# Seconds: how much longer than asked for a film may be, and how much shorter before more speech is taken in.
OVER = 0.5
ENOUGH = 0.75
# Seconds: a shorter scene is joined to a neighbour; an excerpt from TWO_SCENES on has at least two.
SHORTEST = 2.0
TWO_SCENES = 4.0
MOST_SCENES = 40
OTHER_MOMENT = " Another moment of the same scene, from a different angle."


@dataclass(frozen=True)
class Shot:
    """A scene that can be made: phrases `first` to `last`, both included."""

    first: int
    last: int
    description: str
    prompt: str


@dataclass(frozen=True)
class Timeline:
    """The phrases and the limits, in seconds, that shots are measured against."""

    phrases: list[Phrase]
    target: float
    longest: float

    def seconds(self, first: int, last: int) -> float:
        """Return the length from phrase `first` to phrase `last`."""
        # Rounded, so that noise in the last digit never splits a scene of exactly a whole clip.
        return round(self.phrases[last].end - self.phrases[first].start, 6)

    @property
    def whole(self) -> bool:
        """Whether the recording is no longer than the film that was asked for."""
        return self.seconds(0, len(self.phrases) - 1) <= self.target


def repaired(scenes: list[PlannerScene], timeline: Timeline) -> list[Shot]:
    """Return the shots of the film; raise PlanInvalid when no scene of the plan is usable."""
    shots = _contiguous(_usable(scenes, len(timeline.phrases)))
    shots = _stretched_to_ends(shots, timeline) if timeline.whole else _fitted(shots, timeline)
    shots = [part for shot in shots for part in _split(shot, timeline)]
    shots = _two_at_least(_joined(shots, timeline), timeline)
    if len(shots) > MOST_SCENES:
        raise PlanInvalid(f"The plan needs {len(shots)} scenes; at most {MOST_SCENES} can be made.")
    return shots


def _usable(scenes: list[PlannerScene], count: int) -> list[Shot]:
    last = count - 1
    usable = [
        Shot(min(max(s.first_phrase, 0), last), min(max(s.last_phrase, 0), last), s.scene_description.strip(), prompt)
        for s in scenes
        if (prompt := s.prompt.strip() or s.scene_description.strip()) and s.first_phrase <= last and s.last_phrase >= 0
    ]
    ordered = sorted((s for s in usable if s.first <= s.last), key=lambda shot: (shot.first, shot.last))
    if not ordered:
        raise PlanInvalid("The planning model's plan has no usable scene.")
    return ordered


def _contiguous(shots: list[Shot]) -> list[Shot]:
    """Return the shots so that each begins where the one before ends."""
    side_by_side = [shots[0]]
    for shot in shots[1:]:
        before = side_by_side[-1]
        if shot.last <= before.last:
            continue
        if shot.first > before.last + 1:
            side_by_side[-1] = replace(before, last=shot.first - 1)
        side_by_side.append(replace(shot, first=side_by_side[-1].last + 1))
    return side_by_side


def _stretched_to_ends(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    shots = [replace(shots[0], first=0), *shots[1:]]
    return [*shots[:-1], replace(shots[-1], last=len(timeline.phrases) - 1)]


def _fitted(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    """Return the shots cut to the length asked for, or with more speech when they are far from it."""
    first, last = shots[0].first, shots[-1].last
    while last > first and timeline.seconds(first, last) > timeline.target + OVER:
        last -= 1
    if timeline.seconds(first, last) > timeline.target + OVER:
        raise PlanInvalid("The excerpt of the plan cannot be cut to the length that was asked for.")
    while timeline.seconds(first, last) < timeline.target * ENOUGH:
        grown = _grown(first, last, timeline)
        if grown == (first, last):
            break
        first, last = grown
    kept = [shot for shot in shots if shot.first <= last]
    kept[-1] = replace(kept[-1], last=last)
    kept[0] = replace(kept[0], first=first)
    return kept


def _grown(first: int, last: int, timeline: Timeline) -> tuple[int, int]:
    for wider in ((first, last + 1), (first - 1, last)):
        inside = wider[0] >= 0 and wider[1] < len(timeline.phrases)
        if inside and timeline.seconds(*wider) <= timeline.target + OVER:
            return wider
    return first, last


def _split(shot: Shot, timeline: Timeline) -> list[Shot]:
    """Return a shot that is longer than a clip as several, balanced and cut between phrases."""
    if shot.first == shot.last or timeline.seconds(shot.first, shot.last) <= timeline.longest:
        return [shot]
    return [part for half in _halves(shot, timeline) for part in _split(half, timeline)]


def _halves(shot: Shot, timeline: Timeline) -> list[Shot]:
    middle = (timeline.phrases[shot.first].start + timeline.phrases[shot.last].end) / 2
    cut = min(range(shot.first, shot.last), key=lambda index: abs(timeline.phrases[index].end - middle))
    rest = shot if shot.prompt.endswith(OTHER_MOMENT) else replace(shot, prompt=shot.prompt + OTHER_MOMENT)
    return [replace(shot, last=cut), replace(rest, first=cut + 1)]


def _joined(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    """Return the shots with those that are too short joined to the shorter neighbour that has room."""
    while True:
        pairs = [
            (timeline.seconds(a.first, b.last), place)
            for place, (a, b) in enumerate(pairwise(shots))
            if min(timeline.seconds(a.first, a.last), timeline.seconds(b.first, b.last)) < SHORTEST
            and timeline.seconds(a.first, b.last) <= timeline.longest
        ]
        if not pairs:
            return shots
        place = min(pairs)[1]
        longer = max(shots[place : place + 2], key=lambda shot: timeline.seconds(shot.first, shot.last))
        one = replace(longer, first=shots[place].first, last=shots[place + 1].last)
        shots = [*shots[:place], one, *shots[place + 2 :]]


def _two_at_least(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    only = shots[0]
    long_enough = timeline.seconds(only.first, only.last) >= TWO_SCENES
    if len(shots) > 1 or not long_enough or only.first == only.last:
        return shots
    return _halves(only, timeline)
