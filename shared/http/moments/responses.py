"""What the REST API answers of moments and clips.

Touches nothing; seconds of the recording, USD.
"""

from __future__ import annotations

from shared.http.api_reply import ApiReply
from shared.http.plan_responses import WordShown
from shared.http.responses import Alternative, GoalPrice


class JudgementView(ApiReply):
    """Points from 0 to 10 for one criterion, and why."""

    points: int
    because: str


class RubricView(ApiReply):
    """How a moment was judged."""

    hook: JudgementView
    self_contained: JudgementView
    emotion: JudgementView
    novelty: JudgementView


class MomentView(ApiReply):
    """An excerpt that makes a video of its own; its ends may be moved to any of `cuts`, which lie in pauses."""

    id: str
    start: float
    end: float
    seconds: float
    title: str
    hook: str
    reason: str
    score: int
    rubric: RubricView
    text: str
    words: list[WordShown]
    nearby: list[WordShown]
    cuts: list[float]
    prices: list[Alternative]


class MomentsShown(ApiReply):
    """The moments of a recording, the best first, and which model judged them."""

    success: bool = True
    generation_id: str
    judged_by: str
    language_code: str
    recording_seconds: float
    moments: list[MomentView]


class MomentsPriced(ApiReply):
    """About what looking for moments costs, in USD, and at most; nothing was started.

    So much of `most_usd` as the planning model does not need is given back.
    """

    success: bool = True
    usd: float
    most_usd: float
    within_budget: bool


class ClipStarted(ApiReply):
    """A clip that was started, or was before by the same Idempotency-Key, and about what it will cost.

    One that is not `is_new` was begun by another call, by the same wishes; nothing is bought for it.
    """

    video_id: str
    title: str
    start: float
    end: float
    usd: float
    is_new: bool


class ClipsStarted(ApiReply):
    """The clips, in the order in which they were asked for, and about what those that are new cost together."""

    success: bool = True
    message: str
    clips: list[ClipStarted]
    usd: float


class ClipPrice(ApiReply):
    """A clip that may be started, and about what making it as far as its goal costs, and at most."""

    title: str
    start: float
    end: float
    usd: float
    most_usd: float


class ClipsPriced(ApiReply):
    """What clips cost, one by one, together, and together as far as each goal; nothing was started."""

    success: bool = True
    clips: list[ClipPrice]
    usd: float
    most_usd: float
    goals: list[GoalPrice]
    within_budget: bool
