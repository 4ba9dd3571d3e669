"""Clips of a long recording: a video of each of its moments, all of one transcript, on one budget.

Touches the table, the bucket and the state machine through the services. Each is a video of its own: recording and
transcript are copied within the bucket, so that nothing of it goes when the recording's own video is deleted.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from functions.api import core, estimate
from functions.api.build import launch
from functions.api.build.launch import GenerationStart
from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.moments import heard, moments
from functions.api.moments.heard import SHARED, Hearing
from functions.api.presets import brand, presets
from functions.api.services import Services, now_text
from shared import media_keys
from shared.contracts import Goal
from shared.errors import BudgetExceeded, InvalidRequest
from shared.film.moments import RankedMoments
from shared.http.moments.requests import StartClips
from shared.http.moments.responses import ClipsStarted, ClipStarted
from shared.http.presets.models import Preset
from shared.http.refusals import AlreadyProcessing, MomentsMissing, UploadMissing
from shared.http.requests import Choices
from shared.models import video_models
from shared.recordings.excerpts import LONGEST_CLIP, SHORTEST_CLIP, RecordingExcerpt
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
class _Order:
    """What all clips of a request have in common."""

    parent: VideoRecord
    hearing: Hearing
    choices: Choices
    preset: Preset
    goal: Goal
    key: str | None


def start(services: Services, user: User, video_id: str, body: StartClips, key: str | None = None) -> ClipsStarted:
    """POST /videos/{videoId}/clips: start a video of each; raises MomentsMissing, InvalidRequest or BudgetExceeded.

    Whatever is refused is refused before anything is written. An idempotency `key` names the videos, so what an earlier
    call with it has begun is not begun again.
    """
    parent = services.own(user, video_id)
    ranking = moments.read(services, video_id)
    wishes = _wishes(body, ranking, parent)
    hearing = moments.hearing_of(ranking, video_id) if ranking else heard.of_latest(parent)
    if hearing is None or not hearing.is_there(services):
        raise MomentsMissing
    plain_choices = body.choices()
    preset = presets.named_by(services, user, plain_choices)
    choices = presets.fill(plain_choices, preset)
    music.require_ready(services, user, choices.music)
    fonts.require_ready(services, user, choices.caption_style.font)
    order = _Order(parent, hearing, choices, preset, body.goal, key)
    budgets = _budgets(services, order, wishes)
    for _ in wishes:
        services.pace.count(user[0])
    rows = [_start_one(services, user, order, wish, usd) for wish, usd in zip(wishes, budgets, strict=True)]
    count = "1 clip was" if len(rows) == 1 else f"{len(rows)} clips were"
    return ClipsStarted(message=f"{count} started.", clips=rows, usd=round(sum(row.usd for row in rows), 6))


def _wishes(body: StartClips, ranking: RankedMoments | None, parent: VideoRecord) -> list[ClipWish]:
    if bool(body.moments) == bool(body.excerpts):
        raise InvalidRequest("moments: name moments, or give excerpts, one of the two.")
    if not body.moments:
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


def _choices(order: _Order, wish: ClipWish, budget: float | None) -> Choices:
    """Return what one clip is asked for: it has the words that were heard, and lasts as long as its excerpt."""
    shared_choices = {name: getattr(order.hearing.options, name) for name in SHARED}
    length = estimate.clip_length(wish.excerpt.seconds)
    return order.choices.model_copy(update={**shared_choices, "target_duration": length, "budget": budget})


def _price(services: Services, order: _Order, wish: ClipWish) -> float:
    models = services.default_model, services.planner_model
    prices = estimate.estimate(_choices(order, wish, None), *models, wish.excerpt.seconds, has_times=True)
    return next(price.usd for price in prices.goals if price.goal == order.goal)


def _budgets(services: Services, order: _Order, wishes: Sequence[ClipWish]) -> list[float | None]:
    """Return each clip's part of the budget, by its price; raise BudgetExceeded when it is too little."""
    choices = order.choices
    video_models.offer(choices.model or services.default_model, choices.aspect_ratio, choices.resolution)
    prices = [_price(services, order, wish) for wish in wishes]
    total = sum(prices)
    budget = order.choices.budget
    if budget is None:
        return [None] * len(wishes)
    if budget < round(total, 6) or budget < _CENT * len(wishes):
        raise BudgetExceeded(
            f"The clips cost about {total:.4f} USD together and the budget for all of them is {budget:g} USD; "
            "nothing was started."
        )
    shares = [math.floor(budget * price / total * 1e6) / 1e6 for price in prices]
    for wish, share in zip(wishes, shares, strict=True):
        clip_choices = _choices(order, wish, share)
        estimate.check_affordable(clip_choices, services.planner_model, wish.excerpt.seconds, has_times=True)
    return list(shares)


def _start_one(services: Services, user: User, order: _Order, wish: ClipWish, budget: float | None) -> ClipStarted:
    video_id = _video_id(order, wish)
    generation_id = core.generation_id(video_id, order.key)
    services.table.put(_record(order.parent, video_id, wish.title))
    record = services.table.get(video_id)
    usd = _price(services, order, wish)
    row = ClipStarted(video_id=video_id, title=wish.title, **wish.excerpt.model_dump(), usd=usd)
    # One that was begun, or deleted, since an earlier call with this key is as it is.
    if record is None or launch.was_begun(services, record, generation_id):
        return row
    record = _with_recording(services, order.parent, record)
    is_heard = order.hearing.share(services, video_id, generation_id)
    options = _choices(order, wish, budget).options(services.default_model)
    logo = brand.place(services, user, order.preset, video_id, generation_id)
    more = {"excerpt": wish.excerpt, "is_heard": True if is_heard else None, "brand": logo}
    try:
        launch.begin(services, record, GenerationStart(generation_id, options.model_copy(update=more), order.goal))
    except AlreadyProcessing:
        # A call with the same key at the same moment has begun it.
        if order.key is None:
            raise
    return row


def _video_id(order: _Order, wish: ClipWish) -> str:
    if order.key is None:
        return secrets.token_hex(8)
    name = f"{order.parent.video_id} {order.key} {wish.excerpt.start:g} {wish.excerpt.end:g}"
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _record(parent: VideoRecord, video_id: str, title: str) -> VideoRecord:
    now = now_text()
    return VideoRecord(
        **parent.model_dump(include={"user_id", "user_email", "filename", "file_size", "content_type", "duration"}),
        video_id=video_id,
        parent_id=parent.video_id,
        title=title,
        bucket_location=parent.bucket_location,
        upload_date=now,
        created_at=now,
        updated_at=now,
        metadata=dict(parent.metadata),
    )


def _with_recording(services: Services, parent: VideoRecord, record: VideoRecord) -> VideoRecord:
    """Return the clip's record with a recording of its own, and what was corrected of its words."""
    changes = {"recording_etag": parent.recording_etag, "uploaded_at": now_text(), "bucket_location": ""}
    if parent.recording_copy:
        etag = services.bucket.etag(parent.recording_copy)
        if not etag:
            raise UploadMissing("The recording is gone.")
        upload = media_keys.upload(record.user_id, record.video_id, record.filename)
        copy = media_keys.recording_copy(upload, parent.recording_etag)
        services.bucket.copy_seen(parent.recording_copy, etag, copy)
        changes |= {"recording_copy": copy, "bucket_location": f"s3://{services.bucket.name}/{copy}"}
    if parent.corrections:
        source = media_keys.corrections(parent.video_id, parent.corrections)
        target = media_keys.corrections(record.video_id, parent.corrections)
        services.bucket.copy(source, target, "application/json")
        changes["corrections"] = parent.corrections
    changes["bucket_location"] = changes["bucket_location"] or parent.bucket_location
    services.table.hand_over(record.video_id, changes)
    return record.model_copy(update=changes)
