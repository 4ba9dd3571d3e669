"""From the model's plan to one that can be made: in order, without gap or overlap, within every limit.

Values only; touches nothing; what cannot be repaired is PlanInvalid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from functions.plan.timeline import ENOUGH, Timeline
from shared.contracts import MOST_SCENES
from shared.errors import PlanInvalid
from shared.models.plan_question import PlannerScene
from shared.recordings.limits import OVER, SHORTEST_PLANNED

# Another place is taken when it holds this many times the speech.
WORTH_MOVING = 1.5
# The first and the last phrase.
Excerpt = tuple[int, int]
OTHER_MOMENT = " Another moment of the same scene, from a different angle."


@dataclass(frozen=True)
class Shot:
    """A scene that can be made: phrases `first` to `last`, both included."""

    first: int
    last: int
    description: str
    prompt: str


def repair_scenes(scenes: list[PlannerScene], timeline: Timeline) -> list[Shot]:
    """Return the shots of the film; raise PlanInvalid when no scene of the plan is usable."""
    shots = _contiguous(_usable(scenes, len(timeline.phrases)))
    preferred_ends = timeline.ends if timeline.whole else _fit(shots, timeline)
    shots = _cut_to(shots, *_best(preferred_ends, timeline))
    shots = [part for shot in shots for part in _split(shot, timeline)]
    shots = _two_at_least(_join_short(shots, timeline), timeline)
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
    shots = sorted((s for s in usable if s.first <= s.last), key=lambda shot: (shot.first, shot.last))
    if not shots:
        raise PlanInvalid("The planning model's plan has no usable scene.")
    return shots


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


def _fit(shots: list[Shot], timeline: Timeline) -> tuple[int, int]:
    """Return the excerpt of the shots cut to the length asked for, or grown when too little is said in it."""
    first, last = timeline.trim_silence(shots[0].first, shots[-1].last)
    if first > last:
        first = last = timeline.voice_near(shots[0].first)
    while last > first and timeline.seconds(first, last) > timeline.target + OVER:
        last -= 1
    if timeline.seconds(first, last) > timeline.target + OVER:
        raise PlanInvalid("The excerpt of the plan cannot be cut to the length that was asked for.")
    first, last = _dense(*timeline.trim_silence(first, last), timeline)
    while not timeline.has_enough(first, last):
        wider = _grow(first, last, timeline)
        if wider == (first, last):
            break
        first, last = wider
    return first, last


def _cut_to(shots: list[Shot], first: int, last: int) -> list[Shot]:
    """Return the shots from phrase `first` to phrase `last`, the outer ones stretched or cut."""
    within = [shot for shot in shots if shot.first <= last and shot.last >= first] or _laid_over(shots, first, last)
    within[-1] = replace(within[-1], last=last)
    within[0] = replace(within[0], first=first)
    return within


def _laid_over(shots: list[Shot], first: int, last: int) -> list[Shot]:
    """Return as many of the shots as there are phrases from `first` to `last`, spread over them evenly."""
    phrases = last - first + 1
    count = min(len(shots), phrases)
    cuts = [first + phrases * number // count for number in range(count + 1)]
    return [replace(shot, first=begin, last=end - 1) for shot, (begin, end) in zip(shots, pairwise(cuts), strict=False)]


def _dense(first: int, last: int, timeline: Timeline) -> tuple[int, int]:
    """Return the part that holds most speech and is not too silent; all of it when it is not."""
    if timeline.fits(first, last):
        return first, last
    return max(timeline.places(first, last), key=lambda place: timeline.seconds(*place), default=(first, last))


def _best(preferred_ends: Excerpt, timeline: Timeline) -> Excerpt:
    """Return the excerpt that was asked for, or a better one.

    Where it is too silent, or too little is said in it: the nearest place with enough speech and little silence. Where
    there is none: the place that holds most speech, of those with little silence if they hold nearly as much as any. So
    an excerpt is too silent only where every place of a scene's length is that holds ENOUGH of what a film can.
    """
    if timeline.is_good(*preferred_ends):
        return preferred_ends
    places = list(timeline.places(0, len(timeline.phrases) - 1))
    if good := [place for place in places if timeline.is_good(*place)]:
        return max(good, key=lambda place: _nearness(place, preferred_ends, timeline))
    most = max((timeline.speech(*place) for place in places), default=0.0)
    long_enough = [
        p for p in places if timeline.speech(*p) >= ENOUGH * most and timeline.seconds(*p) >= SHORTEST_PLANNED
    ]
    legal = [place for place in long_enough if not timeline.is_too_quiet(*place)]
    fullest = max(legal or places, key=lambda place: timeline.speech(*place), default=preferred_ends)
    is_worth_it = timeline.speech(*fullest) >= WORTH_MOVING * timeline.speech(*preferred_ends)
    return fullest if is_worth_it or (legal and timeline.is_too_quiet(*preferred_ends)) else preferred_ends


def _nearness(place: Excerpt, preferred_ends: Excerpt, timeline: Timeline) -> tuple[float, int, float]:
    return -timeline.between(place, preferred_ends), timeline.sentence_ends(*place), timeline.speech(*place)


def _grow(first: int, last: int, timeline: Timeline) -> tuple[int, int]:
    """Return the excerpt with the next phrase in which somebody speaks, after it or before it."""
    after = next((n for n in range(last + 1, len(timeline.phrases)) if not timeline.phrases[n].silent), None)
    before = next((n for n in range(first - 1, -1, -1) if not timeline.phrases[n].silent), None)
    wider = [*([(first, after)] if after is not None else []), *([(before, last)] if before is not None else [])]
    return next((stretch for stretch in wider if timeline.fits(*stretch)), (first, last))


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


def _join_short(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    """Return the shots with those that are too short joined to the shorter neighbour that has room."""
    while True:
        pairs = [
            (timeline.seconds(a.first, b.last), place)
            for place, (a, b) in enumerate(pairwise(shots))
            if min(timeline.seconds(a.first, a.last), timeline.seconds(b.first, b.last)) < SHORTEST_PLANNED
            and timeline.seconds(a.first, b.last) <= timeline.longest
        ]
        if not pairs:
            return shots
        place = min(pairs)[1]
        longer = max(shots[place : place + 2], key=lambda shot: timeline.seconds(shot.first, shot.last))
        joint = replace(longer, first=shots[place].first, last=shots[place + 1].last)
        shots = [*shots[:place], joint, *shots[place + 2 :]]


def _two_at_least(shots: list[Shot], timeline: Timeline) -> list[Shot]:
    """Return one shot as two, if both are scenes."""
    if len(shots) > 1 or shots[0].first == shots[0].last:
        return shots
    halves = _halves(shots[0], timeline)
    # A clip is bought for each: one of which a moment is seen is not worth it.
    are_scenes = all(timeline.seconds(half.first, half.last) >= SHORTEST_PLANNED for half in halves)
    return halves if are_scenes else shots
