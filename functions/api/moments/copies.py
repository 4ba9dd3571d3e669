"""A video that is made of another's recording: a record of its own, and a copy of the recording and its corrections.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

from functions.api.services import Services, now_text
from shared import media_keys
from shared.http.refusals import UploadMissing
from shared.video.record import VideoRecord


def record_of(
    parent: VideoRecord, video_id: str, title: str, *, parent_id: str | None = None, variant_of: str | None = None
) -> VideoRecord:
    """Return the record of a video that is made of the same recording: a clip of it, or a variant of a video."""
    now = now_text()
    return VideoRecord(
        **parent.model_dump(include={"user_id", "user_email", "filename", "file_size", "content_type", "duration"}),
        video_id=video_id,
        title=title,
        bucket_location=parent.bucket_location,
        upload_date=now,
        created_at=now,
        updated_at=now,
        metadata=dict(parent.metadata),
        parent_id=parent_id,
        variant_of=variant_of,
    )


def with_recording(services: Services, parent: VideoRecord, record: VideoRecord) -> VideoRecord:
    """Return the record with a recording of its own, and what was corrected of its words."""
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
