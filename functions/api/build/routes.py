"""The routes of plans and runs: see what will be bought, change it, and make what is missing.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BaseModel

from functions.api import wire
from functions.api.build import export, plans, runs, variants
from functions.api.build.run_order import RunHeaders
from functions.api.core import User
from functions.api.documented import ALLOWANCE, LOCATION, ONE_VIDEO, TAG, Documented
from functions.api.routing import PRIVATE, IfNoneMatch, Key, Routing, VideoId, with_allowance, with_tag
from shared.build import edits
from shared.contracts import GENERATION_ID_PATTERN
from shared.errors import BudgetExceeded, InvalidEdit
from shared.http.export_responses import ExportShown
from shared.http.plan_responses import PlanShown, RunStarted
from shared.http.refusals import (
    FontNotFound,
    ImageNotFound,
    MusicNotFound,
    NotFinished,
    NothingToMake,
    PlanChanged,
    PlanMissing,
    PreconditionMissing,
    PresetNotFound,
    SceneNotFound,
    TooManyTakes,
)
from shared.http.requests import ChosenTake, EditPlan, NewTake, Resume, StartRun, StartVariant
from shared.http.responses import VariantPriced, VideoList, VideoOutcome
from shared.recordings.limits import LONGEST_RECORDING

_VIDEO = "/ai-video/<videoId>"
_SCENE = f"{_VIDEO}/scenes/<sceneId>"
RESUMING = (*ONE_VIDEO, BudgetExceeded)
RUNNING = (*RESUMING, InvalidEdit, PlanChanged, PlanMissing, TooManyTakes)
STARTING = (*RUNNING, NothingToMake)
VARYING = (*STARTING, NotFinished, PresetNotFound, ImageNotFound, MusicNotFound, FontNotFound)
PRICING = (*ONE_VIDEO, InvalidEdit, PlanMissing, NotFinished, PresetNotFound, MusicNotFound, FontNotFound)
EXPORTING = (*ONE_VIDEO, PlanMissing)
EDITING = (*ONE_VIDEO, MusicNotFound, PlanMissing, PlanChanged, PreconditionMissing, InvalidEdit)
SceneId = Annotated[str, Path(alias="sceneId", pattern=GENERATION_ID_PATTERN)]
Around = Annotated[float | None, Query(ge=0, le=LONGEST_RECORDING)]
IfMatch = Annotated[str | None, Header(alias="If-Match")]


class BuildRoutes(Routing):
    """The routes; their order and paths are in `functions.api.app`."""

    def resume_generation(self, video_id: VideoId, body: Resume, key: Key = None) -> Response[str]:
        """Continue a failed or cancelled generation; transcript, plan and clips that were paid for are used."""
        services, pace = self.counting()

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            return self.with_location(runs.resume(services, user, video_id, body, self._headers(key, body)))

        return with_allowance(self.once(key, body, 202, act), pace)

    def start_run(self, video_id: VideoId, body: StartRun, key: Key = None, if_match: IfMatch = None) -> Response[str]:
        """Make what the plan needs for the goal and what is not there yet; the answer says what that buys.

        With the plan's ETag as If-Match nothing is made of another revision than the caller has seen.
        """
        services, pace = self.counting()
        headers = self._headers(key, body, if_match)

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            return self.with_location(runs.start(services, user, video_id, body, headers))

        return with_allowance(self.once(key, body, 202, act), pace)

    def retake_scene(
        self, video_id: VideoId, scene_id: SceneId, body: NewTake, key: Key = None, if_match: IfMatch = None
    ) -> Response[str]:
        """Make another take of a scene; the earlier ones stay, and can be chosen again for nothing."""
        services, pace = self.counting()
        headers = self._headers(key, body, if_match)

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            return self.with_location(runs.retake(services, user, video_id, scene_id, body, headers=headers))

        return with_allowance(self.once(key, body, 202, act), pace)

    def _headers(self, key: str | None, body: BaseModel, if_match: str | None = None) -> RunHeaders:
        return RunHeaders(if_match, self.call_of(key, body))

    def show_plan(self, video_id: VideoId, around: Around = None, if_none_match: IfNoneMatch = None) -> Response[str]:
        """Show the plan: scenes, takes, words, where it may be cut, and what a run to each goal would buy.

        Places to cut are shown near the excerpt; with `around`, in seconds of the recording, near one that would begin
        there, so that it can be moved anywhere.
        """
        answer = plans.show(self.services, self.user(), video_id, if_none_match, around)
        return with_tag(answer.reply, answer.tag)

    def edit_plan(self, video_id: VideoId, body: EditPlan, if_match: IfMatch = None) -> Response[str]:
        """Edit the plan whose ETag is sent as If-Match; nothing is bought until a run is started."""
        answer = plans.edit(self.services, self.user(), video_id, if_match, body.edits)
        return with_tag(answer.reply, answer.tag)

    def start_variant(self, video_id: VideoId, body: StartVariant, key: Key = None) -> Response[str]:
        """Make the finished video in another format: a video of its own, of the same clips, for which none is bought.

        A translation of its captions is, where there is none yet.
        """
        services, pace = self.counting()
        headers = self._headers(key, body)

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            return self.with_location(variants.start(services, user, video_id, body, key=key, headers=headers))

        return with_allowance(self.once(key, body, 202, act), pace)

    def price_variant(self, video_id: VideoId, body: StartVariant) -> Response[str]:
        """Say what such a variant will buy, which is a translation of its captions or nothing; nothing is bought."""
        return wire.answer(200, variants.price(self.services, self.user(), video_id, body))

    def list_variants(self, video_id: VideoId) -> Response[str]:
        """List the other formats of a video that are still there, newest first; each is a video of its own."""
        reply = variants.listing(self.services, self.user(), video_id)
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})

    def show_export(self, video_id: VideoId) -> Response[str]:
        """Show everything that the video is edited on with, each file as a link or a text, for a client to pack."""
        return wire.answer(200, export.show(self.services, self.user(), video_id), {"Cache-Control": PRIVATE})

    def choose_take(
        self, video_id: VideoId, scene_id: SceneId, body: ChosenTake, if_match: IfMatch = None
    ) -> Response[str]:
        """Show an earlier take of a scene again; the run that follows buys nothing for it."""
        edit = edits.ChooseTake(op="take", scene=scene_id, take=body.take)
        answer = plans.edit(self.services, self.user(), video_id, if_match or "*", [edit], scene_id=scene_id)
        return with_tag(answer.reply, answer.tag)


def build_table(build: BuildRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    plan_answers: Any = {
        "reply": PlanShown,
        "errors": (*ONE_VIDEO, PlanMissing),
        "headers": TAG,
        "has_not_modified": True,
    }
    edit_answers: Any = {"reply": PlanShown, "errors": EDITING, "headers": TAG}
    choice_answers: Any = edit_answers | {"errors": (*EDITING, SceneNotFound)}
    run_answers: Any = {"reply": RunStarted, "status": 202, "errors": STARTING, "headers": LOCATION | ALLOWANCE}
    retake_answers: Any = run_answers | {"errors": (*RUNNING, SceneNotFound)}
    resume_answers: Any = run_answers | {"reply": VideoOutcome, "errors": RESUMING}
    variant_answers: Any = run_answers | {"errors": VARYING}
    pricing_answers: Any = {"reply": VariantPriced, "errors": PRICING}
    return (
        Documented("POST", f"{_VIDEO}/variants", build.start_variant, "Started", **variant_answers),
        Documented("GET", f"{_VIDEO}/variants", build.list_variants, "The formats", VideoList, errors=ONE_VIDEO),
        Documented("POST", f"{_VIDEO}/variants/estimate", build.price_variant, "What it buys", **pricing_answers),
        Documented("POST", f"{_VIDEO}/resume", build.resume_generation, "Resumed", **resume_answers),
        Documented("POST", f"{_VIDEO}/runs", build.start_run, "Started", **run_answers),
        Documented("GET", f"{_VIDEO}/plan", build.show_plan, "The plan", **plan_answers),
        Documented("PATCH", f"{_VIDEO}/plan", build.edit_plan, "The next revision", **edit_answers),
        Documented("POST", f"{_SCENE}/takes", build.retake_scene, "Started", **retake_answers),
        Documented("GET", f"{_VIDEO}/export", build.show_export, "The files", ExportShown, errors=EXPORTING),
        Documented("PUT", f"{_SCENE}/take", build.choose_take, "The next revision", **choice_answers),
    )
