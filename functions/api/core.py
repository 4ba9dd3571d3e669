"""What the API decides: new records, who may see which, and how a record looks to a client.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from functions.api import progress
from functions.api.build import explanations
from functions.api.build.provenance import scene_sources
from shared import media_keys
from shared.contracts import ExecutionInput, Options
from shared.errors import RecordingTooLarge, UnsupportedMedia
from shared.film import subtitles
from shared.http import media_types
from shared.http.refusals import NotSignedIn, NotYourVideo, VideoNotFound
from shared.http.requests import NewVideo
from shared.http.views import (
    GenerationView,
    Link,
    PreviewView,
    TaskReason,
    UploadView,
    VersionView,
    VideoView,
    legible_times,
)
from shared.recordings.limits import LARGEST_RECORDING
from shared.redaction import redact, short_id
from shared.video import failure_words, versions
from shared.video.costs import costs, has_charge
from shared.video.public_record import PublicPreview
from shared.video.record import GenerationData, Preview, VertexAiTask, VideoRecord
from shared.video.timestamps import moment
from shared.video.version import Version

# The record's s3:// URLs that are shown as links, and the names of the links.
LINKS = {
    "final_video_url": "video",
    "captions_srt_url": "captions_srt",
    "captions_vtt_url": "captions_vtt",
    "poster_url": "poster",
}
# What a list leaves out of a generation: most of its bytes, and of no use there.
LONG_PARTS: dict[str, Any] = {"audio_transcription": None, "scene_beats": None, "vertex_ai_tasks": [], "provenance": []}
# What no system allows in the name of a file.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
User = tuple[str, str]


def caller(claims: dict[str, Any], client_ids: frozenset[str]) -> User:
    """Return the user id and e-mail of the Cognito claims; raise NotSignedIn when there are none.

    API Gateway's authorizer checks the pool and not for whom a token was issued; a pool may serve other applications.
    """
    user_id = claims.get("sub")
    if not user_id:
        raise NotSignedIn("Sign in first: the request carries no identity.")
    if claims.get("aud") not in client_ids:
        raise NotSignedIn("Sign in to this application: the token was issued for another one.")
    return str(user_id), str(claims.get("email", ""))


def check_upload(body: NewVideo) -> None:
    """Raise RecordingTooLarge or UnsupportedMedia when the upload cannot be a recording."""
    if body.file_size > LARGEST_RECORDING:
        raise RecordingTooLarge(f"The file has {body.file_size} bytes; at most {LARGEST_RECORDING} are accepted.")
    if body.content_type not in media_types.RECORDINGS:
        raise UnsupportedMedia("contentType: this is not a media type of sound or video that is accepted.")


def require_own(record: VideoRecord | None, user_id: str) -> VideoRecord:
    """Return the record if it is the caller's; raise VideoNotFound or NotYourVideo."""
    if record is None:
        raise VideoNotFound("There is no video with this id.")
    if record.user_id != user_id:
        raise NotYourVideo("This video belongs to another user.")
    return record


def new_video(video_id: str, body: NewVideo, user: User, location: str, now: str) -> VideoRecord:
    """Return the record of a recording that is about to be uploaded to `location` (an s3:// URL)."""
    return VideoRecord(
        video_id=video_id,
        user_id=user[0],
        user_email=user[1],
        title=body.title,
        filename=body.filename,
        bucket_location=location,
        upload_date=now,
        file_size=body.file_size,
        content_type=body.content_type,
        created_at=now,
        updated_at=now,
        metadata=dict(body.metadata),
    )


def download_name(record: VideoRecord, location: str) -> str:
    """Return what a downloaded result is called: the video's title, and for what is one of several which."""
    key = media_keys.key_of(location)
    tasks = record.ai_generation_data.vertex_ai_tasks if record.ai_generation_data else []
    scene = next((task.sequence for task in tasks if task.video_url == location), 0)
    part = f" scene {scene}" if scene else " spoken" if f"/{subtitles.SPOKEN}" in key else ""
    return f"{file_name(record)}{part}.{key.rpartition('.')[2]}"


def file_name(record: VideoRecord) -> str:
    """Return the video's title as the name of a file, without an ending."""
    return (_NOT_IN_NAMES.sub("-", record.title).strip(". -") or "video")[:100]


def recording_key(record: VideoRecord, bucket: str) -> str:
    """Return the key of the record's recording in `bucket`; nothing when it lies where the stages may not read."""
    return record.recording_copy or uploaded_key(record, bucket)


def uploaded_key(record: VideoRecord, bucket: str) -> str:
    """Return the key in `bucket` that the recording was uploaded to; nothing when the stages may not read it."""
    key = record.bucket_location.removeprefix(f"s3://{bucket}/")
    return key if key.startswith(f"{media_keys.UPLOADS}/") else ""


def may_have_form(record: VideoRecord, bucket: str) -> bool:
    """Return whether a form of ours writes the key of the recording: other recordings can be replaced by nobody."""
    form_key = media_keys.upload(record.user_id, record.video_id, record.filename)
    return uploaded_key(record, bucket) == form_key


def generation_id(video_id: str, key: str | None) -> str:
    """Return the id of a new generation; the same one for the same idempotency key."""
    return hashlib.sha256(f"{video_id} {key}".encode()).hexdigest()[:16] if key else secrets.token_hex(4)


def execution_input(record: VideoRecord, bucket: str, generation_id: str, options: Options) -> ExecutionInput:
    """Return the state machine's input for a generation of this record."""
    return ExecutionInput(
        video_id=record.video_id,
        generation_id=generation_id,
        user_id=record.user_id,
        recording_key=recording_key(record, bucket),
        recording_etag="" if record.recording_copy else record.recording_etag,
        options=options,
        metadata=record.metadata,
    )


def upload_state(record: VideoRecord, has_arrived: bool, now: datetime, patience: timedelta) -> UploadView:
    """Return the state of a recording's upload, whose form works for `patience` after the record was made."""
    if has_arrived:
        return UploadView(status="arrived")
    start = moment(record.created_at)
    until = start + patience if start else now
    return UploadView(status="waiting" if now < until else "expired", expiresAt=until.isoformat())


def view(record: VideoRecord, link: Callable[[str], Link], now: datetime) -> VideoView:
    """Return the record as a client sees it; `link` makes a link of an s3:// URL."""
    data = record.ai_generation_data
    plain = legible_times(record.model_dump(exclude={"ai_generation_data", "versions"}))
    plain["versions"] = [legible_times(version.model_dump()) for version in versions.versions(record)]
    if data is None:
        return VideoView.model_validate(plain)
    running = record.ai_generation_status == "processing"
    # What waits for the quota, or for how long, is of interest only while something runs.
    still = {
        "waiting_for": progress.waiting_for(data),
        "seconds_left": progress.seconds_left(data, record.duration, now),
    }
    links = {name: link(url) for field, name in LINKS.items() if (url := getattr(data, field))}
    clips = {f"scene_{task.sequence}": link(task.video_url) for task in data.vertex_ai_tasks if task.video_url}
    fields = data.model_dump() | {
        **{field: links[name].url for field, name in LINKS.items() if name in links},
        "links": {**links, **_spoken_links(data, link), **clips},
        "progress": progress.percent(data),
        "cost_breakdown": costs(data),
        "vertex_ai_tasks": [_task(task, clips) for task in data.vertex_ai_tasks],
        "processing_steps": [explanations.step_view(step, data.failure) for step in data.processing_steps],
        "failure": explanations.failure_view(data),
        "preview": _preview(data.preview, link) if data.preview else None,
        "provenance": [source.model_dump() for source in scene_sources(data)],
        **(still if running else {}),
    }
    generation = GenerationView.model_validate(legible_times(fields))
    return VideoView.model_validate({**plain, "ai_generation_data": generation})


def _spoken_links(data: GenerationData, link: Callable[[str], Link]) -> dict[str, Link]:
    """Return links to the subtitles as they are spoken, where the video's captions are translated."""
    if not (data.options.get("caption_language") and data.final_revision == data.revision):
        return {}
    urls = {"spoken_srt": data.captions_srt_url, "spoken_vtt": data.captions_vtt_url}
    return {name: link(subtitles.spoken_beside(url)) for name, url in urls.items() if url}


def version_view(version: Version, link: Callable[[str], Link]) -> VersionView:
    """Return a finished video as a client sees it; `link` makes a link of an s3:// URL."""
    links = {name: link(url) for field, name in LINKS.items() if (url := getattr(version, field))}
    return VersionView.model_validate(legible_times(version.model_dump()) | {"links": links})


def short(video: VideoView) -> VideoView:
    """Return a view as a list shows it."""
    data = video.ai_generation_data
    short_data = data.model_copy(update=LONG_PARTS) if data else None
    return video.model_copy(update={"ai_generation_data": short_data, "versions": None})


def _preview(preview: Preview, link: Callable[[str], Link]) -> PreviewView:
    links = {"video": link(preview.video_url), "poster": link(preview.poster_url)}
    return PreviewView(**preview.model_dump(include=set(PublicPreview.model_fields)), links=links)


def _task(task: VertexAiTask, clips: dict[str, Link]) -> dict[str, Any]:
    clip = clips.get(f"scene_{task.sequence}")
    code = task.reason.code
    words = failure_words.sentence(code, task.reason.message) if code else redact(task.reason.message)
    reason = TaskReason(code=code, message=words, charged=has_charge(task))
    changes = {"task_id": short_id(task.task_id), "reason": reason, "video_url": clip.url if clip else ""}
    return legible_times(task.model_dump()) | changes
