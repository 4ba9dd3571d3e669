"""What the REST API answers: one model for each reply, camelCase on the wire around the record's own names.

Touches nothing; seconds, USD, and times in ISO 8601.
"""

from __future__ import annotations

from typing import Literal

from shared.choices.words import VideoGoal
from shared.http.api_reply import ApiReply
from shared.http.plan_responses import Purchase
from shared.http.problems import Problem
from shared.http.views import VersionView, VideoView
from shared.video.public_record import Moment


class UploadForm(ApiReply):
    """A form: POST its `fields`, then the file as the field `file`, to `url` before `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: Moment


class VideoCreated(ApiReply):
    """A new record and the form for its recording."""

    success: bool = True
    video: VideoView
    upload: UploadForm


class VideoShown(ApiReply):
    """One record."""

    success: bool = True
    video: VideoView


class VariantPriced(ApiReply):
    """What a run that makes another format of a video would buy, for how many USD at most; nothing was started."""

    success: bool = True
    buys: list[Purchase]
    usd: float


class VideoList(ApiReply):
    """A page of the caller's records, newest first; `next` is there when there are more."""

    success: bool = True
    videos: list[VideoView]
    next: str | None = None


class VersionList(ApiReply):
    """The finished videos of a recording, newest first."""

    success: bool = True
    versions: list[VersionView]


class LinkShown(ApiReply):
    """The public link of a finished video: its path below the API's own address, and which cut of it is shown.

    `revision` is that of the plan it was made of; 0 when that is unknown.
    """

    success: bool = True
    public_link: str
    revision: int


class VideoOutcome(ApiReply):
    """What became of a video."""

    success: bool = True
    message: str
    video_id: str
    status: Literal["processing", "cancelled", "deleted"]


class BatchAnswer(ApiReply):
    """The answer to one item of a batch: what POST /ai-video would have answered, with its HTTP status."""

    status_code: int
    video_id: str | None = None
    started: VideoOutcome | None = None
    problem: Problem | None = None


class BatchAnswers(ApiReply):
    """One answer per item, in the items' order; `success` when every one was started."""

    success: bool
    results: list[BatchAnswer]


class Costs(ApiReply):
    """USD by what they are for."""

    transcription: float
    scene_planning: float
    video_generation: float
    total: float


class Alternative(ApiReply):
    """The same video by another model: the seconds of clips that it bills, and what all of it costs, in USD.

    It is never more than `most_usd`, however the planner cuts its scenes.
    """

    model: str
    billed_seconds: int
    usd: float
    most_usd: float


class GoalPrice(ApiReply):
    """What a generation costs that is made as far as the goal, usually and at most, in USD."""

    goal: VideoGoal
    usd: float
    most_usd: float


class Estimate(ApiReply):
    """What a generation will cost and take, before the plan: `clip_seconds` are the clips as they are sold.

    `alternatives` are all models that make such a video, the cheapest first; `goals` are what it costs to go as far as
    each, `cost` being that of the video.
    """

    model: str
    seconds: float
    clip_seconds: list[int]
    cost: Costs
    generation_seconds: int
    within_budget: bool
    alternatives: list[Alternative]
    goals: list[GoalPrice]


class Estimated(ApiReply):
    """An estimate."""

    success: bool = True
    estimate: Estimate
