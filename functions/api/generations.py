"""The routes of generations: start, cancel, estimate, captions.

Touches the table, the bucket and the state machine through the services.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.api import core, estimate, versions
from functions.api.adapters import UPLOAD_SECONDS
from functions.api.build import launch
from functions.api.build.launch import GenerationStart
from functions.api.build.next_run import require_idle
from functions.api.build.pictures import PictureShelf, place_wishes
from functions.api.build.translation import require_offered
from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.moments import inheritance
from functions.api.moments.inheritance import Inheritance
from functions.api.presets import brand, presets
from functions.api.services import Services, now_text
from functions.api.transcripts import transcripts
from functions.api.transcripts.transcripts import has_times
from shared import media_keys
from shared.film import subtitles
from shared.http import media_types, webhook_url
from shared.http.refusals import AlreadyProcessing, NotFinished, NotProcessing, UploadMissing
from shared.http.requests import EstimateRequest, StartGeneration
from shared.http.responses import Estimated, VideoOutcome
from shared.models import video_models
from shared.video.ending import ending, failure
from shared.video.own_font import OwnFonts
from shared.video.record import VideoRecord

# A cancellation loses against a status write at most this often.
TRIES = 5


def start(services: Services, user: User, body: StartGeneration, key: str | None = None) -> VideoOutcome:
    """POST /ai-video: start a generation; raises UploadMissing, AlreadyProcessing, ModelRetired or InvalidRequest.

    Raises BudgetExceeded, TooManyVersions or TooManyStarts before anything is written. An idempotency `key` names the
    generation, so what an earlier call with it has begun is not begun again. A clip stays one of its excerpt, and what
    was heard once of its recording is not heard again.
    """
    preset = presets.named_by(services, user, body)
    body = presets.fill(body, preset)
    require_offered(services, body.caption_language)
    video_models.offer(body.model or services.default_model, body.aspect_ratio, body.resolution)
    record = services.own(user, body.video_id)
    heritage = inheritance.of(services, record, body)
    body = heritage.choices(body)
    options = body.options(services.default_model)
    generation_id = core.generation_id(record.video_id, key)
    if launch.take_up(services, record, generation_id):
        return acceptance(record.video_id)
    require_idle(record)
    music.require_ready(services, user, options.music)
    fonts.require_ready(services, user, options.caption_style.font)
    versions.require_room(record)
    record = require_arrival(services, record)
    webhook_url.require_allowed(body.webhook_url, services.webhook_allowed_origins)
    _check_affordable(services, user, record, body, heritage)
    services.pace.count(user[0])
    if body.pictures:
        shelf = PictureShelf(services.bucket, user[0], record.video_id, generation_id)
        shelf.store(place_wishes(shelf, body.pictures, options.model))
    fonts.place(services, user, options.caption_style.font, OwnFonts(services.bucket, record.video_id, generation_id))
    own_brand = brand.place(services, user, preset, record.video_id, generation_id)
    options = heritage.take_over(services, options, record.video_id, generation_id)
    options = options.model_copy(update={"brand": own_brand})
    launch.begin(services, record, GenerationStart(generation_id, options, body.goal, body.webhook_url, body.metadata))
    return acceptance(record.video_id)


def _check_affordable(
    services: Services, user: User, record: VideoRecord, body: StartGeneration, heritage: Inheritance
) -> None:
    recording_seconds = record.duration or estimate.least_seconds(record.file_size, record.content_type)
    own = transcripts.require(services, user, record.video_id, body.transcript_id)
    is_heard = heritage.hearing is not None or has_times(own)
    seconds = heritage.seconds(recording_seconds)
    estimate.check_affordable(body, services.planner_model, seconds, has_times=is_heard)


def acceptance(video_id: str) -> VideoOutcome:
    """Return what is answered to a start."""
    return VideoOutcome(message="The generation has started.", video_id=video_id, status="processing")


def cancel(services: Services, user: User, video_id: str) -> VideoOutcome:
    """DELETE /ai-video/{videoId}: nothing more is bought; raises NotProcessing when there is nothing to cancel."""
    for _ in range(TRIES):
        record = services.own(user, video_id)
        data = record.ai_generation_data
        if data is None or record.ai_generation_status not in ("processing", "cancelled"):
            raise NotProcessing("No generation of this video is running.")
        # The record first: from here on no stage claims a clip, whether or not it hears of the stop.
        is_cancelled = record.ai_generation_status == "cancelled"
        why = failure(data, "Cancelled", "Cancelled by its owner.")
        if is_cancelled or services.table.update(video_id, ending(data, "cancelled", why, now_text())):
            services.machine.stop(data.execution_arn)
            return VideoOutcome(message="The generation was cancelled.", video_id=video_id, status="cancelled")
    raise AlreadyProcessing("The generation is changing too fast to be cancelled; try again.")


def estimate_cost(services: Services, user: User, body: EstimateRequest) -> Estimated:
    """POST /ai-video/estimate: what it will cost and take; of a video, if one is named."""
    seconds = body.recording_seconds or 0.0
    own = None
    heritage = Inheritance()
    body = presets.fill(body, presets.named_by(services, user, body))
    if body.video_id:
        record = services.own(user, body.video_id)
        seconds = seconds or record.duration or estimate.guessed_seconds(record.file_size)
        heritage = inheritance.of(services, record, body)
        body = heritage.choices(body)
        own = transcripts.require(services, user, record.video_id, body.transcript_id)
    require_offered(services, body.caption_language)
    models = services.default_model, services.planner_model
    is_heard = heritage.hearing is not None or has_times(own)
    wish = body, *models, heritage.seconds(seconds)
    return Estimated(estimate=estimate.estimate(*wish, body.pictures, has_times=is_heard))


def captions(services: Services, user: User, video_id: str, kind: str, *, are_spoken: bool = False) -> tuple[str, str]:
    """GET /ai-video/{videoId}/captions.srt and .vtt: the text and its content type; raises NotFinished.

    Captions that `are_spoken` are as they are said, where those of the video are translated.
    """
    data = services.own_film(user, video_id).ai_generation_data
    location = {"srt": data.captions_srt_url, "vtt": data.captions_vtt_url}[kind] if data else ""
    if not location:
        raise NotFinished("The video is not finished, so it has no captions.")
    key = media_keys.key_of(location)
    spoken_key = subtitles.spoken_beside(key)
    if are_spoken and services.bucket.holds(spoken_key):
        key = spoken_key
    return services.bucket.read_text(key), media_types.of_result(kind)


def require_arrival(services: Services, record: VideoRecord) -> VideoRecord:
    """Return the record with what its recording is known by; raise UploadMissing or RecordingChanged."""
    with_arrival = services.with_upload(record)
    key = core.recording_key(with_arrival, services.bucket.name)
    if not key:
        raise UploadMissing("The recording is not in this deployment's bucket; create the video again.")
    record = services.pin(with_arrival)
    state = core.upload_state(
        with_arrival, bool(record.recording_etag), datetime.now(UTC), timedelta(seconds=UPLOAD_SECONDS)
    )
    if state.status == "expired":
        raise UploadMissing("The upload form expired before the recording arrived; create the video again.")
    if state.status == "waiting":
        raise UploadMissing("The recording has not been uploaded yet.")
    return record
