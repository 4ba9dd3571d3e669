"""Clips of a long recording: a video of each of its moments, all of one transcript, on one budget.

Touches the table, the bucket and the state machine through the services. Each is a video of its own: recording and
transcript are copied within the bucket, so that nothing of it goes when the recording's own video is deleted.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from functions.api import core
from functions.api.build import launch
from functions.api.build.launch import GenerationStart
from functions.api.core import User
from functions.api.images import fonts
from functions.api.moments import clip_orders, copies, twins
from functions.api.moments.clip_orders import ClipOrder, ClipWish
from functions.api.presets import brand
from functions.api.services import Services
from shared.choices.words import VideoGoal
from shared.contracts import Options
from shared.http.moments.requests import StartClips
from shared.http.moments.responses import ClipPrice, ClipsPriced, ClipsStarted, ClipStarted
from shared.http.refusals import AlreadyProcessing
from shared.http.responses import GoalPrice, VideoList
from shared.video.own_font import OwnFonts


def start(services: Services, user: User, video_id: str, body: StartClips, key: str | None = None) -> ClipsStarted:
    """POST /videos/{videoId}/clips: start a video of each; raises MomentsMissing, InvalidRequest or BudgetExceeded.

    Whatever is refused is refused before anything is written. An idempotency `key` names the videos, so what an earlier
    call with it has begun is not begun again; nor is, unless the body says so, what a call with another key has, or
    with none: such a clip is answered as it is.
    """
    order = clip_orders.order(services, user, video_id, body)
    budgets = order.budgets(services)
    beginning = _Beginning(services, user, order, key)
    twins_by_wish = {} if body.again else twins.find(services, order)
    named_wishes = [wish for wish in order.wishes if wish not in twins_by_wish or beginning.is_named(wish)]
    if count := sum(not beginning.is_begun(wish) for wish in named_wishes):
        services.pace.count(user[0], count)
    rows = [
        beginning.start(wish, usd) if wish in named_wishes else beginning.row(wish, twins_by_wish[wish].video_id)
        for wish, usd in zip(order.wishes, budgets, strict=True)
    ]
    new_rows = [row for row in rows if row.is_new]
    return ClipsStarted(message=_message(rows), clips=rows, usd=round(sum(row.usd for row in new_rows), 6))


def _message(rows: list[ClipStarted]) -> str:
    count = sum(row.is_new for row in rows)
    others = len(rows) - count
    started = "1 clip was started" if count == 1 else f"{count} clips were started"
    if not others:
        return f"{started}."
    return f"{started}; {'1 was' if others == 1 else f'{others} were'} there already."


def price(services: Services, user: User, video_id: str, body: StartClips) -> ClipsPriced:
    """POST /videos/{videoId}/clips/estimate: say what they cost, together and by goal; nothing is bought."""
    order = clip_orders.order(services, user, video_id, body)
    prices = [order.prices(services, wish) for wish in order.wishes]
    rows = [
        ClipPrice(title=wish.title, **wish.excerpt.model_dump(), **usd[order.goal].model_dump(exclude={"goal"}))
        for wish, usd in zip(order.wishes, prices, strict=True)
    ]
    goals = [_together(goal, [usd[goal] for usd in prices]) for goal in prices[0]]
    total = _together(order.goal, [usd[order.goal] for usd in prices])
    budget = order.choices.budget
    is_within = budget is None or total.usd <= budget
    return ClipsPriced(clips=rows, usd=total.usd, most_usd=total.most_usd, goals=goals, within_budget=is_within)


def _together(goal: VideoGoal, prices: list[GoalPrice]) -> GoalPrice:
    usd = round(sum(price.usd for price in prices), 6)
    return GoalPrice(goal=goal, usd=usd, most_usd=round(sum(price.most_usd for price in prices), 6))


def listing(services: Services, user: User, video_id: str) -> VideoList:
    """GET /videos/{videoId}/clips: the videos that were made of its moments and are still there, newest first."""
    parent = services.own(user, video_id)
    records = services.table.made_of(parent, lambda each: each.parent_id == video_id)
    views = [services.view(services.repair_if_dead(record)) for record in records]
    return VideoList(videos=[core.short(view) for view in views])


@dataclass(frozen=True)
class _Beginning:
    """Who starts the clips of an order, and by which idempotency key."""

    services: Services
    user: User
    order: ClipOrder
    key: str | None

    def is_named(self, wish: ClipWish) -> bool:
        """Return whether an earlier call with the same key has written the clip's record."""
        return self.key is not None and self.services.table.get(self._video_id(wish)) is not None

    def is_begun(self, wish: ClipWish) -> bool:
        """Return whether an earlier call with the same key has begun the clip."""
        record = self.services.table.get(self._video_id(wish)) if self.key else None
        data = record.ai_generation_data if record else None
        return data is not None and data.generation_id == core.generation_id(self._video_id(wish), self.key)

    def row(self, wish: ClipWish, video_id: str, *, is_new: bool = False) -> ClipStarted:
        """Return what is answered of a clip."""
        usd = self.order.prices(self.services, wish)[self.order.goal].usd
        return ClipStarted(video_id=video_id, title=wish.title, **wish.excerpt.model_dump(), usd=usd, is_new=is_new)

    def start(self, wish: ClipWish, budget: float | None) -> ClipStarted:
        """Start one clip, unless an earlier call with the same key has."""
        services = self.services
        video_id = self._video_id(wish)
        generation_id = core.generation_id(video_id, self.key)
        parent = self.order.parent
        services.table.put(copies.record_of(parent, video_id, wish.title, parent_id=parent.video_id))
        record = services.table.get(video_id)
        row = self.row(wish, video_id, is_new=True)
        # One that was begun, or deleted, since an earlier call with this key is as it is.
        if record is None or launch.take_up(services, record, generation_id):
            return row
        record = copies.with_recording(services, parent, record)
        options = self._options(wish, video_id, generation_id, budget)
        start = GenerationStart(generation_id, options, self.order.goal, self.order.webhook_url)
        try:
            launch.begin(services, record, start)
        except AlreadyProcessing:
            # A call with the same key at the same moment has begun it.
            if self.key is None:
                raise
        return row

    def _options(self, wish: ClipWish, video_id: str, generation_id: str, budget: float | None) -> Options:
        """Return what the clip's generation is asked for; what was heard, and its logo, are copied to it."""
        is_heard = self.order.hearing.share(self.services, video_id, generation_id)
        options = self.order.choices_of(wish, budget).options(self.services.default_model)
        logo = brand.place(self.services, self.user, self.order.preset, video_id, generation_id)
        own_fonts = OwnFonts(self.services.bucket, video_id, generation_id)
        fonts.place(self.services, self.user, options.caption_style.font, own_fonts)
        more = {"excerpt": wish.excerpt, "is_heard": True if is_heard else None, "brand": logo}
        return options.model_copy(update=more)

    def _video_id(self, wish: ClipWish) -> str:
        if self.key is None:
            return secrets.token_hex(8)
        name = f"{self.order.parent.video_id} {self.key} {wish.excerpt.start:g} {wish.excerpt.end:g}"
        return hashlib.sha256(name.encode()).hexdigest()[:16]
