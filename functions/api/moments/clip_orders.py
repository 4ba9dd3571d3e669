"""What clips of a recording are asked for, and what each costs: an order is made whole before anything is written.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from functions.api import estimate
from functions.api.build.translation import require_offered
from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.moments import heard
from functions.api.moments.heard import SHARED, Hearing
from functions.api.presets import presets
from functions.api.services import Services
from shared.choices.words import VideoGoal
from shared.errors import BudgetExceeded, InvalidRequest
from shared.film.moments import RankedMoments
from shared.http import webhook_url
from shared.http.moments.requests import StartClips
from shared.http.presets.models import Preset
from shared.http.refusals import MomentsMissing
from shared.http.requests import Choices
from shared.http.responses import GoalPrice
from shared.models import video_models
from shared.recordings.excerpts import RecordingExcerpt
from shared.recordings.limits import LONGEST_CLIP, SHORTEST_CLIP
from shared.video.record import VideoRecord

# What a cut may be beside the length that was asked for, in seconds.
TOLERANCE = 0.5
_CENT = 0.01


@dataclass(frozen=True)
class ClipWish:
    """An excerpt that is to become a video, and what it is called."""

    excerpt: RecordingExcerpt
    title: str


@dataclass(frozen=True)
class ClipOrder:
    """The clips of a request, and what all of them have in common."""

    parent: VideoRecord
    hearing: Hearing
    wishes: list[ClipWish]
    choices: Choices
    preset: Preset
    goal: VideoGoal
    webhook_url: str | None = None

    def choices_of(self, wish: ClipWish, budget: float | None) -> Choices:
        """Return what one clip is asked for: it has the words that were heard, and lasts as long as its excerpt."""
        shared_choices = {name: getattr(self.hearing.options, name) for name in SHARED}
        length = estimate.clip_length(wish.excerpt.seconds)
        return self.choices.model_copy(update={**shared_choices, "target_duration": length, "budget": budget})

    def prices(self, services: Services, wish: ClipWish) -> dict[VideoGoal, GoalPrice]:
        """Return what one clip costs as far as each goal."""
        models = services.default_model, services.planner_model
        prices = estimate.estimate(self.choices_of(wish, None), *models, wish.excerpt.seconds, has_times=True)
        return {price.goal: price for price in prices.goals}

    def budgets(self, services: Services) -> list[float | None]:
        """Return each clip's part of the budget, by its price; raise BudgetExceeded when it is too little."""
        prices = [self.prices(services, wish)[self.goal].usd for wish in self.wishes]
        total = sum(prices)
        budget = self.choices.budget
        if budget is None:
            return [None] * len(self.wishes)
        if budget < round(total, 6) or budget < _CENT * len(self.wishes):
            raise BudgetExceeded(
                f"The clips cost about {total:.4f} USD together and the budget for all of them is {budget:g} USD; "
                "nothing was started."
            )
        shares = [math.floor(budget * price / total * 1e6) / 1e6 for price in prices]
        for wish, share in zip(self.wishes, shares, strict=True):
            choices = self.choices_of(wish, share)
            estimate.check_affordable(choices, services.planner_model, wish.excerpt.seconds, has_times=True)
        return list(shares)


def order(services: Services, user: User, video_id: str, body: StartClips) -> ClipOrder:
    """Return what the request asks for; raise MomentsMissing, InvalidRequest, or what a choice is refused for."""
    parent = services.own_film(user, video_id)
    ranking = heard.read(services, video_id)
    wishes = _wishes(body, ranking, parent)
    hearing = heard.hearing_of(ranking, video_id) if ranking else heard.of_latest(parent)
    if hearing is None or not hearing.is_there(services):
        raise MomentsMissing
    webhook_url.require_allowed(body.webhook_url, services.webhook_allowed_origins)
    plain_choices = body.choices()
    preset = presets.named_by(services, user, plain_choices)
    choices = presets.fill(plain_choices, preset)
    require_offered(services, choices.caption_language)
    music.require_ready(services, user, choices.music)
    fonts.require_ready(services, user, choices.caption_style.font)
    video_models.offer(choices.model or services.default_model, choices.aspect_ratio, choices.resolution)
    return ClipOrder(parent, hearing, wishes, choices, preset, body.goal, body.webhook_url)


def _wishes(body: StartClips, ranking: RankedMoments | None, parent: VideoRecord) -> list[ClipWish]:
    if bool(body.moments) == bool(body.excerpts):
        raise InvalidRequest("moments: name moments, or give excerpts, one of the two.")
    if not body.moments:
        if len({(wish.excerpt.start, wish.excerpt.end) for wish in body.excerpts}) < len(body.excerpts):
            raise InvalidRequest("excerpts: name each once.")
        return [_excerpt(parent, wish.excerpt, wish.title) for wish in body.excerpts]
    if ranking is None:
        raise MomentsMissing
    by_id = {moment.id: moment for moment in ranking.moments}
    unknown = [name for name in body.moments if name not in by_id]
    if unknown or len({*body.moments}) < len(body.moments):
        raise InvalidRequest(f"moments: name each once, of {', '.join(by_id)}.")
    return [ClipWish(by_id[name].excerpt, by_id[name].title) for name in body.moments]


def _excerpt(parent: VideoRecord, excerpt: RecordingExcerpt, title: str | None) -> ClipWish:
    if not SHORTEST_CLIP - TOLERANCE <= excerpt.seconds <= LONGEST_CLIP + TOLERANCE:
        raise InvalidRequest(f"excerpts: each lasts {SHORTEST_CLIP:g} to {LONGEST_CLIP:g} s.")
    if parent.duration and excerpt.end > parent.duration + TOLERANCE:
        raise InvalidRequest(f"excerpts: the recording ends at {parent.duration:g} s.")
    minutes, seconds = divmod(round(excerpt.start), 60)
    return ClipWish(excerpt, title or f"{parent.title} {minutes}:{seconds:02d}"[:200])
