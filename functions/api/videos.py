"""The routes of recordings: create, list, show, delete.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.api import core, progress, wire
from functions.api.adapters import LINK_SECONDS, UPLOAD_SECONDS
from functions.api.core import User
from functions.api.services import Services, now_text
from shared import media_keys
from shared.http.refusals import AlreadyProcessing
from shared.http.requests import NewVideo
from shared.http.responses import UploadForm, VideoCreated, VideoList, VideoOutcome, VideoShown
from shared.video.tombstones import delete_files


def create(services: Services, user: User, body: NewVideo) -> VideoCreated:
    """POST /videos: write the record and return it with a form for the upload."""
    core.check_upload(body)
    video_id = secrets.token_hex(8)
    key = media_keys.upload(user[0], video_id, body.filename)
    record = core.new_video(video_id, body, user, f"s3://{services.bucket.name}/{key}", now_text())
    services.table.put(record)
    until = datetime.now(UTC) + timedelta(seconds=UPLOAD_SECONDS)
    form = services.objects.upload(key, body.content_type, body.file_size)
    return VideoCreated(
        video=services.view(record), upload=UploadForm(**form, expires_at=until.isoformat(timespec="seconds"))
    )


@dataclass(frozen=True)
class Listing:
    """A page of a list: `reply` is None when the caller has it already."""

    reply: VideoList | None
    tag: str


def listing(services: Services, user: User, limit: int, after: str | None, if_none_match: str | None) -> Listing:
    """GET /videos: the caller's own, newest first."""
    page = services.table.page(user[0], limit, wire.position(after) if after else None)
    records = [services.with_upload(services.repair_if_dead(record)) for record in page.records]
    tag = wire.entity_tag(records, datetime.now(UTC), LINK_SECONDS)
    if wire.matches(if_none_match, tag):
        return Listing(None, tag)
    videos = [core.short(services.view(record)) for record in records]
    return Listing(VideoList(videos=videos, next=wire.token(page.after) if page.after else None), tag)


@dataclass(frozen=True)
class VideoAnswer:
    """A record for its owner: `reply` is None when the caller has it already, `waiting` that a quota is used up."""

    reply: VideoShown | None
    tag: str
    running: bool
    waiting: bool


def show(services: Services, user: User, video_id: str, if_none_match: str | None) -> VideoAnswer:
    """GET /videos/{videoId} and /ai-video/{videoId}."""
    record = services.with_upload(services.own(user, video_id))
    tag = wire.entity_tag([record], datetime.now(UTC), LINK_SECONDS)
    data = record.ai_generation_data
    running = record.ai_generation_status == "processing"
    waiting = bool(data and progress.waiting_for(data))
    reply = None if wire.matches(if_none_match, tag) else VideoShown(video=services.view(record))
    return VideoAnswer(reply, tag, running, waiting)


def delete(services: Services, user: User, video_id: str) -> VideoOutcome:
    """DELETE /videos/{videoId}: the objects, then the record; what fails half way can be asked for again.

    What late writers bring back is swept later, until the tombstone goes, which nobody is shown.
    """
    record = services.own(user, video_id)
    now = time.time()
    if not services.table.close(video_id, now_text()):
        raise AlreadyProcessing("A generation of this video is running; cancel it first.")
    # Listed first, so that no tombstone stays that nobody sweeps.
    services.tombstones.add(video_id, now)
    delete_files(services.bucket, record)
    services.table.bury(video_id, now)
    return VideoOutcome(message="The video and its files were deleted.", video_id=video_id, status="deleted")
