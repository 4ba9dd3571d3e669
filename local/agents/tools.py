"""What an agent may do with Reelwright: a method for each tool, of a call or two of the REST API.

Touches the API, and the recording that is uploaded; nothing is bought that was not agreed to, up to a sum in USD.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from local.agents import agreement
from local.agents.agreement import AGAIN, Body
from local.agents.answers import choices_body, plan_body
from local.agents.posting import PostingTools, Tag
from local.client import make, pictures, recordings
from local.client.clips import api as clips_api
from local.client.make import VideoJob
from local.client.own import fonts, music, shelves, transcripts
from local.client.plan import api as plan_api
from local.client.plan.api import path_of
from shared.brand.choices import PresetName
from shared.build.edits import Edit
from shared.choices.words import CaptionLanguage, Shape, VideoGoal
from shared.http.moments.requests import LookForMoments, StartClips
from shared.http.requests import Choices, NewVideo
from shared.video.take import TakeKind

LONGEST_WAIT = 50.0
LOOK_SECONDS = 1.0

OwnFileKind = Literal["picture", "music", "font"]
MostUsd = Annotated[float, Field(ge=0, description="The most that this call may buy for, in USD.")]
Confirmation = Annotated[bool, Field(description="Whether the price is agreed to; without it, it is only told.")]
WaitSeconds = Annotated[float, Field(ge=0, le=LONGEST_WAIT, description="How long to wait for the end, in seconds.")]
Page = Annotated[int, Field(ge=1, le=100)]


@dataclass(frozen=True)
class Tools(PostingTools):
    """The tools on the API that `client` returns: the caller's own; names of parameters and answers are the API's.

    Each raises ApiError, or a ReelwrightError, when it is refused; `pause` waits for seconds.
    """

    pause: Callable[[float], None] = time.sleep

    def list_videos(self, limit: Page = 20) -> Body:
        """List the videos, newest first: their ids, titles, statuses and what they cost."""
        return self.client().call("GET", f"/videos?limit={limit}").body

    def upload_recording(self, path: str) -> Body:
        """Upload a recording of speech from this machine, and return its videoId; nothing is bought."""
        recording = Path(path).expanduser()
        recordings.check(recording)
        recordings.examine(recording, recording)
        return {"videoId": make.upload(VideoJob(recording, {}, recording.parent), self.client())}

    def upload_transcript(self, videoId: str, path: str) -> Body:
        """Upload SRT, VTT or plain text of what a recording says, and return its transcriptId for the choices."""
        file = Path(path).expanduser()
        transcripts.are_all_timed([file])
        return {"transcriptId": self.client().upload_transcript(videoId, file)}

    def list_fonts(self, limit: Page = 20) -> Body:
        """List the user's own fonts, newest first; a fontId that is ready is a font of captionStyle."""
        return self.client().call("GET", f"/fonts?limit={limit}").body

    def upload_font(self, path: str) -> Body:
        """Upload a TTF or OTF font from this machine, and return its fontId for captionStyle, once it is checked."""
        file = Path(path).expanduser()
        fonts.check(file, "path")
        return {"fontId": fonts.upload(file, self.client(), self.pause, "path")}

    def list_pictures(self, limit: Page = 20) -> Body:
        """List the user's own pictures and clips, newest first; edit_plan gives a scene one by its imageId."""
        return self.client().call("GET", f"/images?limit={limit}").body

    def upload_picture(self, path: str) -> Body:
        """Upload a picture, or a clip of up to 60 s, from this machine, and return its imageId, once it is checked."""
        file = Path(path).expanduser()
        pictures.check(file, None)
        return {"imageId": pictures.upload(self.client(), file, self.pause)}

    def list_music(self, limit: Page = 20) -> Body:
        """List the user's own music, newest first; a musicId that is ready is the music of choices and of edit_plan."""
        return self.client().call("GET", f"/music?limit={limit}").body

    def upload_music(self, path: str) -> Body:
        """Upload music to lie under the voice from this machine, and return its musicId, once it is checked."""
        file = Path(path).expanduser()
        music.check(file, "path")
        return {"musicId": music.upload(file, self.client(), self.pause, "path")}

    def delete_own(self, kind: OwnFileKind, ownId: str) -> Body:
        """Delete a picture, music or a font of the user's own, by its id; videos that were made with it stay."""
        shelf = next(each for each in shelves.SHELVES if each.noun == kind)
        return dict(shelves.delete(shelf, ownId, self.client()))

    def create_upload(self, recording: NewVideo) -> Body:
        """Create a video for a recording, and return the form that its file is posted to; nothing is bought."""
        return self.client().call("POST", "/videos", recording.model_dump(mode="json", by_alias=True)).body

    def estimate(
        self, choices: Choices | None = None, videoId: str = "", recordingSeconds: float | None = None
    ) -> Body:
        """Tell what a video would cost and how long it would take, by each model; nothing is bought."""
        recording = {"videoId": videoId or None, "recordingSeconds": recordingSeconds}
        wishes = choices_body(choices) | {name: value for name, value in recording.items() if value is not None}
        return self.client().call("POST", "/ai-video/estimate", wishes).body

    def make_video(
        self,
        videoId: str,
        maxUsd: MostUsd,
        confirm: Confirmation = False,
        goal: VideoGoal = "video",
        choices: Choices | None = None,
    ) -> Body:
        """Start to make a video of an uploaded recording, or its plan, draft or stills; maxUsd becomes its budget."""
        wishes = choices_body(choices)
        wishes["budget"] = min(maxUsd, wishes.get("budget", maxUsd))
        if not confirm:
            return {"started": False, "advice": AGAIN, **self.estimate(choices, videoId)}
        return self.client().call("POST", "/ai-video", {"videoId": videoId, "goal": goal, **wishes}).body

    def status(self, videoId: str, waitSeconds: WaitSeconds = 0) -> Body:
        """Show a video: status, steps, costs, links to what is finished; optionally wait until nothing runs."""
        end = time.monotonic() + waitSeconds
        while True:
            answer = self.client().call("GET", path_of(videoId)).body
            if answer["video"].get("ai_generation_status") != "processing" or time.monotonic() >= end:
                return answer
            self.pause(LOOK_SECONDS)

    def cancel(self, videoId: str) -> Body:
        """Stop what is being made; what was paid for stays and is used when it goes on."""
        return self.client().call("DELETE", path_of(videoId)).body

    def show_plan(self, videoId: str) -> Body:
        """Show the plan: scenes, prompts, takes, words, and what a run to each goal would buy; and its etag."""
        return plan_body(plan_api.show(self.client(), videoId))

    def edit_plan(self, videoId: str, etag: Tag, edits: list[Edit]) -> Body:
        """Edit the plan, all edits or none; nothing is bought until it is run."""
        return plan_body(plan_api.edit(self.client(), videoId, etag, edits))

    def run(
        self, videoId: str, maxUsd: MostUsd, confirm: Confirmation = False, goal: VideoGoal = "video", etag: Tag = ""
    ) -> Body:
        """Make what the plan needs for the goal and what is not there; go on with what has failed, too."""
        api = self.client()
        if not confirm:
            return agreement.price_of_run(api, videoId, goal)
        return api.call(
            "POST", path_of(videoId, "runs"), {"goal": goal, **agreement.sums(api, videoId, maxUsd)}, etag
        ).body

    def retake(
        self,
        videoId: str,
        sceneId: str,
        *,
        maxUsd: MostUsd,
        confirm: Confirmation = False,
        prompt: str | None = None,
        model: str | None = None,
        kind: TakeKind = "clip",
        etag: Tag = "",
    ) -> Body:
        """Make one scene anew, by another prompt or model if they are named; the earlier takes stay."""
        api = self.client()
        if not confirm:
            plan = plan_api.show(api, videoId)
            return agreement.price(plan.retake_usd(plan.scene(sceneId), kind, model), plan.tag)
        wishes = {"prompt": prompt, "model": model, "kind": kind, **agreement.sums(api, videoId, maxUsd)}
        body = {name: value for name, value in wishes.items() if value is not None}
        return api.call("POST", path_of(videoId, "scenes", sceneId, "takes"), body, etag).body

    def choose_take(self, videoId: str, sceneId: str, takeId: str) -> Body:
        """Have a scene show one of its takes; the run that follows buys nothing for it."""
        return plan_body(plan_api.choose(self.client(), videoId, sceneId, takeId))

    def find_moments(
        self,
        videoId: str,
        maxUsd: MostUsd,
        confirm: Confirmation = False,
        search: LookForMoments | None = None,
    ) -> Body:
        """Start to look for the best moments of a long recording, as many and as long as the search says."""
        api = self.client()
        wishes = {} if search is None else search.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if not confirm:
            return agreement.offer(api, clips_api.path_of(videoId, "moments/estimate"), wishes)
        return api.call("POST", clips_api.path_of(videoId, "moments"), {**wishes, "budget": maxUsd}).body

    def show_moments(self, videoId: str) -> Body:
        """Show the moments that were chosen last: words, times, how each was judged, and what a video of it costs."""
        return self.client().call("GET", clips_api.path_of(videoId, "moments")).body

    def make_clips(self, videoId: str, maxUsd: MostUsd, clips: StartClips, confirm: Confirmation = False) -> Body:
        """Start a video of each of several moments, by their ids, or of excerpts; maxUsd is for all of them together.

        Each is a video of its own, whose id `status`, `show_plan`, `edit_plan` and `run` take.
        """
        api = self.client()
        wishes = clips.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if not confirm:
            return agreement.offer(api, clips_api.path_of(videoId, "clips/estimate"), wishes)
        return api.call("POST", clips_api.path_of(videoId, "clips"), {**wishes, "budget": maxUsd}).body

    def make_variant(
        self,
        videoId: str,
        aspectRatio: Shape,
        *,
        maxUsd: MostUsd = 0,
        confirm: Confirmation = False,
        captionLanguage: CaptionLanguage | None = None,
        preset: PresetName | None = None,
    ) -> Body:
        """Start to make a finished video in another format, as a video of its own; no clip is bought for it.

        Captions in another language are: what translates them is told first. A preset brings its captions, music, logo,
        intro and outro.
        """
        api = self.client()
        choices = {"captionLanguage": captionLanguage, "preset": preset}
        wishes = {"aspectRatio": aspectRatio, **{name: value for name, value in choices.items() if value is not None}}
        offer = agreement.offer(api, path_of(videoId, "variants", "estimate"), wishes)
        if offer["usd"] and not confirm:
            return offer
        started = clips_api.start_variant(api, videoId, {**wishes, "maxUsd": maxUsd})
        return started.model_dump(mode="json", by_alias=True)

    def versions(self, videoId: str) -> Body:
        """List the finished videos of a recording, newest first, with links to them."""
        return self.client().call("GET", path_of(videoId, "versions")).body

    def export(self, videoId: str) -> Body:
        """List everything that the video is edited on with, clips, stills, narration, timeline, each with a link."""
        return self.client().call("GET", path_of(videoId, "export")).body
