"""What the API decides: new records, who may see which, and how a record looks to a client.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any

from shared.bodies import NewVideo
from shared.contracts import ExecutionInput, Options
from shared.errors import (
    AlreadyProcessing,
    NotSignedIn,
    NotYourVideo,
    RecordingTooLarge,
    ReelwrightError,
    VideoNotFound,
    named,
)
from shared.record import GenerationData, VideoRecord, VideoView

# What each step weighs in the progress shown, in percent; the clips take nearly all of the time.
STEP_WEIGHTS = {"transcription": 15, "scene_planning": 10, "video_generation": 65, "finalization": 10}
SCENE_PROGRESS = {"submitting": 0.1, "generating": 0.3, "clip_ready": 0.7, "completed": 1.0}
LINKS = ("final_video_url", "captions_srt_url", "captions_vtt_url", "poster_url")


def caller(claims: dict[str, Any]) -> tuple[str, str]:
    """Return the user id and e-mail of the Cognito claims; raise NotSignedIn when there are none."""
    user_id = claims.get("sub")
    if not user_id:
        raise NotSignedIn("Sign in first: the request carries no identity.")
    return str(user_id), str(claims.get("email", ""))


def check_size(size: int, limit: int) -> None:
    """Raise RecordingTooLarge when an upload of `size` bytes is over `limit`."""
    if size > limit:
        raise RecordingTooLarge(f"The file has {size} bytes; at most {limit} are accepted.")


def owned(record: VideoRecord | None, user_id: str) -> VideoRecord:
    """Return the record if it is the caller's; raise VideoNotFound or NotYourVideo."""
    if record is None:
        raise VideoNotFound("There is no video with this id.")
    if record.user_id != user_id:
        raise NotYourVideo("This video belongs to another user.")
    return record


def new_video(video_id: str, body: NewVideo, user: tuple[str, str], location: str, now: str) -> VideoRecord:
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
    )


def check_idle(record: VideoRecord) -> None:
    """Raise AlreadyProcessing while a generation of this video runs."""
    if record.ai_generation_status == "processing":
        raise AlreadyProcessing("A generation of this video is running.")


def key_of(location: str) -> str:
    """Return the S3 key of an s3:// URL."""
    return location.removeprefix("s3://").partition("/")[2]


def execution_input(record: VideoRecord, generation_id: str, options: Options) -> ExecutionInput:
    """Return the state machine's input for a generation of this record."""
    return ExecutionInput(
        video_id=record.video_id,
        generation_id=generation_id,
        user_id=record.user_id,
        recording_key=key_of(record.bucket_location),
        options=options,
    )


def progress(data: GenerationData | None) -> int:
    """Return how far a generation is, in percent."""
    if data is None:
        return 0
    scenes = [SCENE_PROGRESS.get(task.status, 0.0) for task in data.vertex_ai_tasks]
    within = {"video_generation": sum(scenes) / len(scenes) if scenes else 0.0}
    done = {"completed": 1.0, "in_progress": None}
    shares = (
        STEP_WEIGHTS[step.step]
        * (share if (share := done.get(step.status, 0.0)) is not None else within.get(step.step, 0))
        for step in data.processing_steps
    )
    return round(sum(shares))


def view(record: VideoRecord, links: dict[str, str]) -> dict[str, Any]:
    """Return the record as a client sees it: presigned `links` for s3:// URLs, progress, the next action."""
    data = record.ai_generation_data
    if data is None:
        return record.model_dump(mode="json", exclude_none=True)
    shown = {**data.model_dump(), **links, "progress": progress(data)}
    if data.failure:
        shown["failure"] = data.failure.model_copy(update={"next_action": _next_action(data.failure.error)})
    seen = VideoView.model_validate({**record.model_dump(exclude={"ai_generation_data"}), "ai_generation_data": shown})
    return seen.model_dump(mode="json", exclude_none=True)


def _next_action(error: str) -> str:
    # AWS's own error names (a timeout, a crash) are not in our vocabulary.
    return (named(error) or ReelwrightError).next_action
