"""What may go wrong for a job, drawn at random from a seed.

Touches nothing; `order` hands the faults that were drawn to the emulators of a running system.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from local.emulators.faults import Fault
from local.emulators.google.omni import ENDS, FORM, NO_BACKGROUND
from local.emulators.google.operation_pool import PARTIAL
from local.emulators.google.pictures import DRAW
from local.system import LocalSystem
from shared.choices.words import Goal, VideoGoal
from shared.models.video_models import OMNI

# A job meets up to this many troubles; one in QUIET meets none.
MOST_TROUBLES = 3
QUIET = 4
# One job in so many is a film of several scenes.
SEVERAL = 5
# One job in so many is resumed if it fails, with a higher budget if that is why.
RESUMED = 2
# What the owner does while the job runs; mostly nothing.
AGAIN = "uses the form again"
CANCEL = "cancels and deletes"
DELETE = "deletes while it runs"
HABITS = ("", "", "", AGAIN, CANCEL, DELETE)
# What the owner does with a video that is finished; mostly nothing.
RETAKE = "makes a scene anew"
RETAKE_STILL = "has a still made anew"
RESTYLE = "changes the captions"
PUT_BACK = "makes a scene anew and puts its first take back"
REWRITE = "writes another prompt"
REMODEL = "has another model make it"
ANIMATE = "has all scenes animated"
REMODEL_ALL = "has another model make all scenes"
SPLIT = "cuts the first scene in two"
MERGE = "makes one scene of the first two"
REORDER = "shows the pictures the other way round"
MOVE_CUT = "cuts the first scene earlier"
SHORTEN = "ends the excerpt at an earlier place"
RECUTS = (SPLIT, MERGE, REORDER, MOVE_CUT, SHORTEN)
CHANGES = ("", "", "", RETAKE, RETAKE_STILL, RESTYLE, PUT_BACK, REWRITE, REMODEL, *RECUTS)
# What the owner does with one that has failed, and is not resumed; mostly nothing.
REPAIRS = ("", RETAKE, RETAKE_STILL, RESTYLE, REWRITE, REMODEL)
# By which model its clips are made; mostly by the default.
MODELS = ("", "", "", OMNI)
# How far a job is made at first; mostly to the video.
GOALS: tuple[Goal, ...] = ("video", "video", "plan", "draft", "stills")
# The goals that may follow, each in two of three jobs, if they come after the first: some jobs end short of the video.
LATER: tuple[Goal, ...] = ("plan", "draft", "stills", "video")
SKIPPED = 3
# What the owner edits before each of them, besides changes of the finished video; sometimes nothing.
RELOOK = "describes the place"
CORRECT = "corrects a word"
REDRAW = "has a still drawn anew"
CHAIN = "has each clip begin where the scene before ends"
FIRST_STILL = "has each clip begin with its still"
BETWEEN = (
    *("", RESTYLE, REWRITE, REMODEL, RELOOK, CORRECT, REDRAW, CHAIN, FIRST_STILL, ANIMATE, REMODEL_ALL),
    *RECUTS,
)
# What is made of a recording, or of a finished video, besides: one or the other by each job of several scenes, and the
# second by one in four of the others.
CLIPS = "has clips made of its moments"
VARIANT = "has it made in another format"
CLIP_GOALS: tuple[VideoGoal, ...] = ("plan", "draft", "video")
# Seconds after the start at which it is done.
MOMENTS = (0.0, 1.0, 3.0, 6.0, 10.0)
_SHORT = 0.5


@dataclass(frozen=True)
class ChaosJob:
    """One video to make, of one scene or several; `mark` is a word of its wish, by which providers' faults find it."""

    number: int
    mark: str
    scenes: int
    user: str
    captions: str
    budget: float | None
    troubles: tuple[str, ...]
    is_resumed: bool
    habit: str = ""
    moment: float = 0.0
    change: str = ""
    repair: str = ""
    model: str = ""
    goal: Goal = "video"
    further_goals: tuple[tuple[Goal, str], ...] = ()
    offspring: str = ""
    clip_goal: VideoGoal = "video"
    # Whether the video goes while its clips are made.
    is_parent_deleted: bool = False


# What a still's request may meet.
_DRAWINGS = (
    *("throttle", "server_error", "unavailable", "slow", "hang_up_before", "hang_up_after", "empty_reply"),
    *("filter", "block", "empty", "refuse", "no_access", "retired"),
)
Order = Callable[[LocalSystem, ChaosJob, str], None]


def _veo(kind: str, where: str = "", times: int = 1, seconds: float = _SHORT) -> Order:
    def order(system: LocalSystem, job: ChaosJob, _video: str) -> None:
        system.veo.faults.add(Fault(kind, where, times, job.mark, seconds))

    return order


_OPENAI_ONCE = (
    *("throttle", "server_error", "insufficient_quota"),
    *("hang_up", "hang_up_after", "slow", "truncated", "overthought"),
)


def _openai(kind: str, times: int = 1) -> Order:
    def order(system: LocalSystem, job: ChaosJob, _video: str) -> None:
        system.openai.faults.add(Fault(kind, "", times, job.mark, _SHORT))

    return order


def _aws(service: str, kind: str, times: int = 1) -> Order:
    def order(system: LocalSystem, _job: ChaosJob, video: str) -> None:
        system.cloud.aws.faults.add(Fault(kind, service, times, video, _SHORT))

    return order


def _lambda(kind: str, stage: str, times: int = 1, seconds: float = 0.05) -> Order:
    def order(system: LocalSystem, _job: ChaosJob, video: str) -> None:
        system.cloud.lambda_faults.add(Fault(kind, "", times, f"-{stage}-\n{video}", seconds))

    return order


def _transcribe(kind: str, where: str) -> Order:
    def order(system: LocalSystem, _job: ChaosJob, video: str) -> None:
        system.cloud.transcribe.faults.add(Fault(kind, where, 1, video, _SHORT))

    return order


STAGES = ("Transcribe", "Plan", "GenerateScene", "PollVeo", "DrawScene", "RenderScene", "Stitch")
TROUBLES: dict[str, Order] = {
    **{f"veo submit {kind}": _veo(kind, "submit") for kind in ("throttle", "server_error", "unavailable", "slow")},
    **{f"veo {kind}": _veo(kind) for kind in ("hang_up_before", "hang_up_after", "empty_reply", "retired")},
    **{f"veo poll {kind}": _veo(kind, "poll") for kind in ("throttle", "server_error", "unavailable", "hang_up")},
    **{f"veo clip {kind}": _veo(kind) for kind in ("fail", "empty", "never", "not_a_video")},
    **{f"veo clip {kind}": _veo(kind) for kind in ("wrong_size", "wrong_fps", "wrong_length")},
    **{f"veo filter {times}": _veo("filter", times=times) for times in (1, 3, 9)},
    **{
        f"veo block {where} {times}": _veo("block", where, times) for where in ("submit", "outcome") for times in (1, 9)
    },
    **{f"veo submit {kind}": _veo(kind, "submit") for kind in ("refuse", "no_access", "not_enabled")},
    **{f"veo poll {kind}": _veo(kind, "poll") for kind in ("no_access", "not_enabled")},
    **{f"still {kind}": _veo(kind, DRAW) for kind in _DRAWINGS},
    **{f"still filter {times}": _veo("filter", DRAW, times) for times in (3, 9)},
    **{f"omni {kind}": _veo(kind, ENDS) for kind in sorted(PARTIAL)},
    "omni waits for no clip": _veo(NO_BACKGROUND, FORM, 9),
    **{f"openai {kind}": _openai(kind) for kind in _OPENAI_ONCE},
    **{f"openai {kind}": _openai(kind, 2) for kind in ("refusal", "invalid", "invalid_plan")},
    **{f"transcribe {kind}": _transcribe(kind, "start") for kind in ("throttle", "conflict")},
    **{f"transcribe job {kind}": _transcribe(kind, "job") for kind in ("failed", "sample_rate", "empty", "slow")},
    **{f"s3 {kind}": _aws("s3", kind) for kind in ("throttle", "unavailable", "slow", "access_denied", "not_found")},
    **{f"s3 {kind}": _aws("s3", kind) for kind in ("hang_up", "hang_up_after")},
    **{f"dynamodb {kind}": _aws("dynamodb", kind) for kind in ("throttle", "unavailable", "slow", "conditional")},
    **{f"dynamodb {kind}": _aws("dynamodb", kind) for kind in ("hang_up", "hang_up_after", "access_denied")},
    **{f"dynamodb conflict {times}": _aws("dynamodb", "conflict", times) for times in (1, 9)},
    **{f"lambda {kind}": _aws("lambda", kind) for kind in ("throttle", "unavailable", "slow")},
    **{f"{stage} killed at once": _lambda("killed", stage, seconds=0) for stage in STAGES},
    **{f"{stage} killed soon": _lambda("killed", stage) for stage in STAGES},
    **{f"{stage} out of memory": _lambda("out_of_memory", stage) for stage in STAGES},
    **{f"{stage} killed twice": _lambda("killed", stage, times=2) for stage in STAGES},
    **{f"{stage} killed after its work": _lambda("killed_after", stage) for stage in STAGES},
    **{f"{stage} out of time": _lambda("timeout", stage, seconds=0.3) for stage in STAGES},
}


def job(random: Random, number: int) -> ChaosJob:
    """Return a job with its choices and its troubles."""
    goal = random.choice(GOALS)
    troubles = () if random.randrange(QUIET) == 0 else random.sample(sorted(TROUBLES), random.randint(1, MOST_TROUBLES))
    return ChaosJob(
        number,
        f"tq{number}x",
        2 if number % SEVERAL == 0 else 1,
        random.choice(("demo", "other")),
        random.choice(("words", "none")),
        # A clip of 6 s costs 0.60.
        random.choice((None, None, 5.0, 0.81, 0.5)),
        tuple(troubles),
        random.randrange(RESUMED) == 0,
        random.choice(HABITS),
        random.choice(MOMENTS),
        random.choice(CHANGES),
        random.choice(REPAIRS),
        random.choice(MODELS),
        goal,
        _further_goals(random, goal),
    )


def jobs(random: Random, count: int) -> list[ChaosJob]:
    """Return so many jobs; what becomes of the first so many of a seed does not depend on how many there are."""
    plain_jobs = [job(random, number) for number in range(count)]
    return [_with_offspring(Random(f"{each.number} {each.troubles}"), each) for each in plain_jobs]


def _with_offspring(random: Random, chaos_job: ChaosJob) -> ChaosJob:
    choices = (CLIPS, VARIANT) if chaos_job.scenes > 1 else ("", "", "", VARIANT)
    return replace(
        chaos_job,
        offspring=random.choice(choices),
        clip_goal=random.choice(CLIP_GOALS),
        is_parent_deleted=random.choice((True, False)),
    )


def _further_goals(random: Random, goal: Goal) -> tuple[tuple[Goal, str], ...]:
    """Return the goals of a job's further runs, and what is edited before each."""
    later_goals = LATER[LATER.index(goal) + 1 :]
    return tuple((later, random.choice(BETWEEN)) for later in later_goals if random.randrange(SKIPPED))


def order(system: LocalSystem, chaos_job: ChaosJob, video: str) -> None:
    """Order the job's troubles, now that its video has an id."""
    for name in chaos_job.troubles:
        TROUBLES[name](system, chaos_job, video)
