"""Another part of the recording for the film: its words, and its scenes, which keep their pictures where they can.

Values only; touches nothing; seconds count from the recording's start unless said otherwise.
"""

from __future__ import annotations

from shared.build import cut_places, edits
from shared.build.scene_edits import Bench, new_picture
from shared.build.tiling import longest_scene, tile
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.plan import Plan, PlannedScene, Word


def move_excerpt(plan: Plan, edit: edits.MoveExcerpt, bench: Bench) -> Plan:
    """Return the plan of another excerpt; raise InvalidEdit where it may not begin or end.

    A scene that lies in it keeps its words and its picture; what is new at an end belongs to the scene beside it, which
    is cut in two where it would be longer than a clip.
    """
    start = cut_places.time_at(bench.material, edit.start, "start")
    end = cut_places.time_at(bench.material, edit.end, "end")
    if end <= start:
        raise InvalidEdit("the excerpt must end after it begins.", "end", EditLimit(least=start))
    frames = round((end - start) * plan.frame_rate)
    # A scene belongs to the new excerpt when any of its frames does.
    offset = round((start - plan.excerpt_start) * plan.frame_rate)
    inside = [scene for scene in plan.scenes if scene.end_frame > offset and scene.start_frame < offset + frames]
    pictures: list[PlannedScene] = inside or [plan.scenes[-1 if offset > 0 else 0]]
    ends = [scene.end_frame - offset for scene in pictures[:-1]] + [frames]
    new_plan = plan.model_copy(
        update={"excerpt_start": start, "frames": frames, "words": _words(plan, bench, start, end)}
    )
    return _with_cuts(new_plan, pictures, ends, bench)


def _words(plan: Plan, bench: Bench, start: float, end: float) -> tuple[Word, ...]:
    """Return the words of the new excerpt in seconds of the film: corrected where they were, else as heard."""
    plan_words = [_shift(word, plan.excerpt_start) for word in plan.words]
    other_words = [word for word in bench.material.words if not plan.excerpt_start <= word.start < plan.excerpt_end]
    words = sorted(
        (word for word in (*plan_words, *other_words) if start <= word.start < end), key=lambda word: word.start
    )
    return tuple(_shift(word, -start, end - start) for word in words)


def _shift(word: Word, by: float, latest: float = float("inf")) -> Word:
    times = {"start": round(min(word.start + by, latest), 3), "end": round(min(word.end + by, latest), 3)}
    return word.model_copy(update=times)


def _with_cuts(plan: Plan, pictures: list[PlannedScene], ends: list[int], bench: Bench) -> Plan:
    """Return the plan with every scene that is longer than a clip cut at the last place where it fits."""
    places = cut_places.frames(plan, bench.material)
    clean_cuts = tuple(cut for cut in bench.material.cuts if cut.clean)
    pauses = cut_places.frames(plan, bench.material.model_copy(update={"cuts": clean_cuts}))
    index = 0
    while index < len(ends):
        start = ends[index - 1] if index else 0
        longest = longest_scene(plan, pictures[index]) * plan.frame_rate
        fitting = [frame for frame in places if start < frame <= start + longest and frame < ends[index]]
        # In a pause where there is one, else between two words.
        fitting = [frame for frame in fitting if frame in pauses] or fitting
        if ends[index] - start > longest and fitting:
            ends.insert(index, fitting[-1])
            plan_so_far = plan.model_copy(update={"scenes": tuple(pictures)})
            pictures.insert(index + 1, new_picture(plan_so_far, pictures[index], bench))
        index += 1
    return tile(plan, pictures, ends)
