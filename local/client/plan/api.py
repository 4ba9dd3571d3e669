"""The routes of plans, takes and runs, as the command line calls them.

Touches the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from local.api_client import ApiClient, ApiError, Reply
from shared.build.edits import Edit
from shared.choices.words import Goal
from shared.errors import InvalidRequest
from shared.http.export_responses import ExportShown, ExportView
from shared.http.plan_responses import NextGoal, PlanShown, PlanView, RunStarted, SceneShown
from shared.video.take import TakeKind

# What a run makes of a scene's new take.
KIND_GOALS: dict[TakeKind, Goal] = {"clip": "video", "still": "stills"}


@dataclass(frozen=True)
class TaggedPlan:
    """A plan and its entity tag, by which it is edited."""

    view: PlanView
    tag: str

    @property
    def revision_name(self) -> str:
        """The name of the revision: the part of the tag that is about the plan alone."""
        return self.tag.removeprefix("W/").strip('"').partition(".")[0]

    def next(self, goal: Goal) -> NextGoal:
        """Return what a run to the goal would buy; a plan buys nothing."""
        nothing = NextGoal(goal="plan", is_made=False, buys=[], usd=0, seconds=0)
        return next((each for each in self.view.next if each.goal == goal), nothing)

    def scene(self, text: str) -> SceneShown:
        """Return the scene that `text`, its id or its number, means; raise InvalidRequest when there is none."""
        for scene in self.view.scenes:
            if text in (scene.id, str(scene.sequence)):
                return scene
        names = ", ".join(scene.id for scene in self.view.scenes)
        raise InvalidRequest(f"There is no scene {text}; choose from 1 to {len(self.view.scenes)}, or {names}.")

    def lacking(self, scene: SceneShown, kind: TakeKind) -> list[int]:
        """Return the numbers of the other scenes that lack a take of the kind, which a retake buys as well."""
        scene_ids = {each.scene for each in self.next(KIND_GOALS[kind]).buys} - {scene.id}
        return [each.sequence for each in self.view.scenes if each.id in scene_ids]

    def retake_usd(self, scene: SceneShown, kind: TakeKind, model: str | None = None) -> float:
        """Return what another take of the scene would cost, in USD, with what the other scenes lack."""
        others = [each.usd for each in self.next(KIND_GOALS[kind]).buys if each.scene != scene.id]
        clip_usd = next((each.usd for each in scene.models if each.model == model), scene.usd)
        return round(sum(others) + (scene.still_usd if kind == "still" else clip_usd), 6)


def show(api: ApiClient, video_id: str) -> TaggedPlan:
    """Return the current revision of a video's plan; raises ApiError when there is none."""
    return _open_plan(api.call("GET", path_of(video_id, "plan")))


def edit(api: ApiClient, video_id: str, tag: str, edits: Sequence[Edit]) -> TaggedPlan:
    """Make the edits of the revision with that tag, and return the next one; raises ApiError when they are refused."""
    bodies = [edit.model_dump(mode="json", by_alias=True, exclude_none=True) for edit in edits]
    try:
        return _open_plan(api.call("PATCH", path_of(video_id, "plan"), {"edits": bodies}, tag))
    except ApiError as error:
        if error.edit is None:
            raise
        # The person knows what they wanted, and not which edit of how many that has become.
        what = f"{bodies[error.edit]['op']} {bodies[error.edit].get('scene', '')}".strip()
        raise ApiError(error.status, error.code, f"{what}: {error}", edit=error.edit) from error


def choose(api: ApiClient, video_id: str, scene_id: str, take: str) -> TaggedPlan:
    """Have the scene show the take, and return the next revision; raises ApiError when it has no such take."""
    return _open_plan(api.call("PUT", path_of(video_id, "scenes", scene_id, "take"), {"take": take}))


def start_run(api: ApiClient, video_id: str, wishes: dict[str, Any], tag: str = "") -> RunStarted:
    """Start a run, wished for as in POST /ai-video/{videoId}/runs, and return what it buys; raises ApiError.

    With the `tag` of a revision it is refused when the plan has another one by now.
    """
    return RunStarted.model_validate(api.call("POST", path_of(video_id, "runs"), wishes, tag).body)


def retake(api: ApiClient, plan: TaggedPlan, scene_id: str, wishes: dict[str, Any]) -> RunStarted:
    """Start a run that makes another take of a scene of the plan, and return what it buys; raises ApiError."""
    path = path_of(plan.view.video_id, "scenes", scene_id, "takes")
    return RunStarted.model_validate(api.call("POST", path, wishes, plan.tag).body)


def export(api: ApiClient, video_id: str) -> ExportView:
    """Return what a video is edited on with, and where it is fetched; raises ApiError when there is no plan."""
    return ExportShown.model_validate(api.call("GET", path_of(video_id, "export")).body).export


def _open_plan(reply: Reply) -> TaggedPlan:
    return TaggedPlan(PlanShown.model_validate(reply.body).plan, reply.tag)


def path_of(video_id: str, *parts: str) -> str:
    """Return the path of a video's route: below it, the parts."""
    return "/".join(["/ai-video", *(quote(part, safe="") for part in (video_id, *parts))])
