"""The routes of recordings: create, list, show, delete.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from functions.api import core, pages
from functions.api.adapters import LINK_SECONDS, UPLOAD_SECONDS
from functions.api.core import User
from functions.api.services import Services, now_text
from shared import media_keys
from shared.bodies import NewVideo
from shared.refusals import AlreadyProcessing
from shared.replies import Done, UploadForm, VideoCreated, VideoList, VideoShown


def create(services: Services, user: User, body: NewVideo) -> VideoCreated:
    """POST /videos: write the record and return it with a form for the upload."""
    core.check_upload(body, services.upload_limit)
    video_id = secrets.token_hex(8)
    key = media_keys.upload(user[0], video_id, body.filename)
    record = core.new_video(video_id, body, user, f"s3://{services.bucket.name}/{key}", now_text())
    services.table.put(record)
    until = datetime.now(UTC) + timedelta(seconds=UPLOAD_SECONDS)
    form = services.objects.upload(key, body.content_type, body.file_size)
    return VideoCreated(
        video=services.view(record), upload=UploadForm(**form, expires_at=until.isoformat(timespec="seconds"))
    )


def listing(services: Services, user: User, limit: int, after: str | None) -> VideoList:
    """GET /videos: the caller's own, newest first."""
    page = services.table.page(user[0], limit, pages.position(after) if after else None)
    shown = [core.short(services.view(record)) for record in page.records]
    return VideoList(videos=shown, next=pages.token(page.after) if page.after else None)


def show(services: Services, user: User, video_id: str, if_none_match: str | None) -> tuple[VideoShown | None, str]:
    """GET /videos/{videoId} and /ai-video/{videoId}: the record, or None when the caller has it, and its tag."""
    record = services.uploaded(services.own(user, video_id))
    tag = pages.entity_tag(record, datetime.now(UTC), LINK_SECONDS)
    if pages.matches(if_none_match, tag):
        return None, tag
    return VideoShown(video=services.view(record)), tag


def delete(services: Services, user: User, video_id: str) -> Done:
    """DELETE /videos/{videoId}: the objects, then the record; what fails half way can be asked for again."""
    record = services.own(user, video_id)
    if not services.table.close(video_id, now_text()):
        raise AlreadyProcessing("A generation of this video is running; cancel it first.")
    for prefix in media_keys.everything(record.user_id, video_id):
        services.objects.delete_below(prefix)
    services.table.delete(video_id)
    return Done(message="The video and its files are deleted.", video_id=video_id, status="deleted")
