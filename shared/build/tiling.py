"""A plan whose scenes lie side by side and cover its excerpt in whole frames: the one place that makes it so.

Values only; touches nothing; frames and seconds count from the film's start.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.build.prompts import recompose
from shared.contracts import MOST_SCENES
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.plan import Plan, PlannedScene, Word
from shared.film.running_text import join_texts
from shared.film.word_times import middle
from shared.models import video_models

# Seconds: no scene is shorter, and a film is at most so long, and at least.
SHORTEST_SCENE = 0.5
LONGEST_FILM = 60.5
SHORTEST_FILM = 2.0
TEXT_LIMIT = 2000


def tile(plan: Plan, pictures: Sequence[PlannedScene], ends: Sequence[int]) -> Plan:
    """Return the plan with these pictures in this order, whose scenes end at these frames.

    Raises InvalidEdit when a scene is too short, or longer than its model's longest clip, or when there are too many.
    """
    _check(plan, pictures, ends)
    starts = (0, *ends[:-1])
    scenes = (
        _scene(plan, picture, number, start, end)
        for number, (picture, start, end) in enumerate(zip(pictures, starts, ends, strict=True), start=1)
    )
    rate = plan.frame_rate
    end_of_excerpt = round(plan.excerpt_start + ends[-1] / rate, 3)
    return plan.model_copy(update={"scenes": tuple(scenes), "frames": ends[-1], "excerpt_end": end_of_excerpt})


def _check(plan: Plan, pictures: Sequence[PlannedScene], ends: Sequence[int]) -> None:
    rate = plan.frame_rate
    if not SHORTEST_FILM <= ends[-1] / rate <= LONGEST_FILM:
        why = f"The video would be {ends[-1] / rate:.1f} s long; {SHORTEST_FILM:g} to 60 s are possible."
        raise InvalidEdit(why, limit=EditLimit(SHORTEST_FILM, LONGEST_FILM))
    if len(pictures) > MOST_SCENES:
        why = f"The plan would have {len(pictures)} scenes; at most {MOST_SCENES} are possible."
        raise InvalidEdit(why, limit=EditLimit(most=MOST_SCENES))
    for picture, start, end in zip(pictures, (0, *ends[:-1]), ends, strict=True):
        seconds = (end - start) / rate
        longest = longest_scene(plan, picture)
        if not SHORTEST_SCENE <= seconds <= longest + 1e-6:
            why = f"Scene {picture.id} would be {seconds:.2f} s long; its video model makes {SHORTEST_SCENE:g} to "
            raise InvalidEdit(f"{why}{longest} s.", limit=EditLimit(SHORTEST_SCENE, longest))


def longest_scene(plan: Plan, picture: PlannedScene) -> int:
    """Return how long a scene may be by its video model, in seconds; raise InvalidEdit if that takes no such picture.

    What an own picture is shown in is as long as a clip would be, so that it can be replaced by one at any time.
    """
    spec = video_models.model(plan.model_of(picture))
    own = picture.picture
    lengths = spec.lengths(picture.references)
    if not lengths:
        raise InvalidEdit(f"{spec.id} takes no reference pictures; choose another model for scene {picture.id}.")
    if own and own.begins_clip and not spec.first_frame:
        raise InvalidEdit(f"{spec.id} takes no first frame; choose another model for scene {picture.id}.")
    return lengths[-1]


def _scene(plan: Plan, picture: PlannedScene, number: int, start: int, end: int) -> PlannedScene:
    rate = plan.frame_rate
    start_time = round(start / rate, 4)
    end_time = round(end / rate, 4)
    model = video_models.model(plan.model_of(picture))
    place = {
        "sequence": number,
        "start_frame": start,
        "end_frame": end,
        "start_time": start_time,
        "end_time": end_time,
        # The difference of the rounded times, so that the durations add up to the film's length.
        "duration": round(end_time - start_time, 4),
        "veo_seconds": video_models.billed_seconds(model, (end - start) / rate, picture.references),
        "audio_text": text_between(plan.words, start_time, end_time),
    }
    return recompose(plan, picture.model_copy(update=place))


def text_between(words: Sequence[Word], start: float, end: float) -> str:
    """Return the words that are said between two times; one that a cut goes through is on one side of it only."""
    return join_texts(word.text for word in words if start <= middle(word) < end)[:TEXT_LIMIT]


def ends_of(plan: Plan) -> list[int]:
    """Return the frames at which the plan's scenes end."""
    return [scene.end_frame for scene in plan.scenes]
