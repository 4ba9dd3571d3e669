"""One recording through the system, as a client of its API: upload, start, watch, fetch the results.

Touches the API and the output folder; nothing half-written is left under a final name.
"""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from local.api_client import ApiClient
from local.client import films, outputs
from local.client.progress import Progress
from local.processes.file_names import readable
from local.speech import languages
from shared import wrong_values
from shared.choices.words import Goal
from shared.client_values import TITLE_LIMIT
from shared.errors import InvalidRequest, UserError, error_class
from shared.http import media_types
from shared.http.requests import StartGeneration
from shared.http.views import GenerationView, VideoView
from shared.models import video_models
from shared.video.public_record import Part

POLL_SECONDS = 0.4
ENDINGS = tuple(films.endings("video"))
# What the API calls a choice, and what the command line does.
OPTIONS = {
    "prompt": "--prompt",
    "targetDuration": "--duration",
    "languageCode": "--language",
    "captionLanguage": "--caption-language",
    "speakers": "--speakers",
    "budget": "--budget",
    "model": "--model",
}


class GenerationFailed(Exception):
    """The generation ended badly; `by_input` says whether the input was at fault."""

    def __init__(self, message: str, *, by_input: bool) -> None:
        super().__init__(message)
        self.by_input = by_input


@dataclass(frozen=True)
class VideoJob:
    """What one recording is to become, and where; `earlier_usd` is what its generation had cost before."""

    recording: Path
    choices: dict[str, Any]
    out: Path

    force: bool = False
    transcript: Path | None = None
    earlier_usd: float = 0

    @cached_property
    def title(self) -> str:
        """What the recording is called, as text."""
        return readable(self.recording.stem)

    @cached_property
    def name(self) -> str:
        """The results' common file name, without ending."""
        return outputs.shorten(self.title, self.out, self.endings or ENDINGS)

    @property
    def endings(self) -> list[str]:
        """What the results' names end with."""
        return films.endings(self.goal, is_translated=bool(self.choices.get("captionLanguage")))

    @property
    def goal(self) -> Goal:
        """How far it is made."""
        return self.choices.get("goal", "video")

    @property
    def files(self) -> list[Path]:
        """The files that the results are written to, the film first; none for a plan."""
        return [self.out / f"{self.name}{ending}" for ending in self.endings]

    def with_pictures(self, wishes: list[dict[str, object]]) -> VideoJob:
        """Return the job that shows pictures of the user's own, as POST /ai-video takes them."""
        return replace(self, choices={**self.choices, "pictures": wishes}) if wishes else self

    def toward(self, goal: Goal) -> VideoJob:
        """Return the job that ends with the goal."""
        return replace(self, choices={**self.choices, "goal": goal})


def check_choices(choices: dict[str, Any], *, local_speech: bool) -> None:
    """Raise InvalidRequest or ModelRetired when the API, or the local speech recogniser, would refuse the choices."""
    try:
        request = StartGeneration.model_validate({"videoId": "unknown", **choices})
    except ValidationError as error:
        where, wrong = wrong_values.first(error)
        raise InvalidRequest(f"{OPTIONS.get(where[0], where[0])}: {wrong}.") from error
    if reason := local_speech and languages.refusal(request.language_code or languages.ENGLISH):
        raise InvalidRequest(f"--language: {reason[:1].lower()}{reason[1:]}")
    video_models.offer(request.model or video_models.DEFAULT_MODEL, request.aspect_ratio, request.resolution)


def check_folder(job: VideoJob) -> None:
    """Raise InvalidRequest when the results could not be put into the output folder, or must not."""
    if not job.files:
        return
    outputs.check(job.files, job.out)
    if job.recording.resolve() in {file.resolve() for file in job.files}:
        raise InvalidRequest(f"{job.recording}: a result would overwrite it; choose another folder with --out.")
    outputs.check_free(job.files, force=job.force)


def run(job: VideoJob, api: ApiClient, progress: Progress, pause: Callable[[float], None] = time.sleep) -> VideoView:
    """Make the video and write its files; return the record. Raises GenerationFailed, or ApiError when refused."""
    video_id = upload(job, api)
    start(job, video_id, api)
    return finish(job, watch(job, video_id, api, progress, pause), api)


def upload(job: VideoJob, api: ApiClient) -> str:
    """Upload the job's recording and return the new video's id; raises ApiError when it is refused."""
    return api.upload(job.recording, job.title[:TITLE_LIMIT], _content_type(job.recording))


def wishes(job: VideoJob, video_id: str, api: ApiClient) -> dict[str, Any]:
    """Return what POST /ai-video takes of the job, whose own transcript is uploaded; raises ApiError."""
    if job.transcript is None:
        return job.choices
    return {**job.choices, "transcriptId": api.upload_transcript(video_id, job.transcript)}


def start(job: VideoJob, video_id: str, api: ApiClient) -> None:
    """Start the generation that the job asks for; raises ApiError when it is refused."""
    api.start(video_id, wishes(job, video_id, api))


def finish(job: VideoJob, record: VideoView, api: ApiClient) -> VideoView:
    """Write the files of an ended generation and return the record that stays; raises GenerationFailed or ApiError."""
    data = record.ai_generation_data or GenerationView()
    if not is_made(record):
        raise _failure(data)
    goal = goal_of(record)
    return record if goal in ("plan", "moments") else _keep(job.toward(goal), record, data, api)


def is_made(record: VideoView) -> bool:
    """Return whether the latest run has reached its goal: the video, or something to look at before it is made."""
    return record.ai_generation_status in ("completed", "awaiting_review")


def finish_search(job: VideoJob, record: VideoView, api: ApiClient) -> list[str]:
    """Return how what a search for moments has chosen differs from what was asked for; raises GenerationFailed."""
    search = record.search
    if search is None:
        data = finish(job, record, api).ai_generation_data
        return data.degraded if data else []
    if search.status != "awaiting_review":
        raise _failure(GenerationView(failure=search.failure))
    return search.degraded


def goal_of(record: VideoView) -> Goal:
    """Return how far the latest run of the record's generation goes."""
    return record.ai_generation_data.goal if record.ai_generation_data else "video"


def watch(
    job: VideoJob, video_id: str, api: ApiClient, progress: Progress, pause: Callable[[float], None]
) -> VideoView:
    """Show a generation until it ends, and return its record. Raises ApiError."""
    while True:
        record = api.show(video_id)
        # Once a search for moments is over, a video that was made before is shown again, which is no news.
        if record.search is None:
            progress.show(job.name, record)
        if record.ai_generation_status != "processing":
            return record
        pause(POLL_SECONDS)


def _keep(job: VideoJob, record: VideoView, data: GenerationView, api: ApiClient) -> VideoView:
    """Write the results to the wanted folder, else to another one; raise GenerationFailed when it is not the wanted."""
    reason: OSError | None = None
    for folder in outputs.places(job.out):
        try:
            result = _write(job, record, data, api, folder)
        except OSError as error:
            reason = reason or error
            continue
        if reason is None:
            return result
        raise GenerationFailed(f"{_unwritten(job, reason)}: it is kept in {folder}.", by_input=False) from reason
    advice = "nor could any other folder, so it is lost; make room and start again."
    raise GenerationFailed(f"{_unwritten(job, reason)}, {advice}", by_input=False) from reason


def _unwritten(job: VideoJob, reason: OSError | None) -> str:
    why = reason.strerror if reason and reason.strerror else "no reason was given"
    return f"It is made, but {job.out} could not be written to ({why})"


def _write(job: VideoJob, record: VideoView, data: GenerationView, api: ApiClient, folder: Path) -> VideoView:
    """Write the results to the folder, all or none, and return the record that stays. Raises OSError or ApiError."""
    sources = films.sources(job.goal, data)
    files = {ending: folder / f"{job.name}{ending}" for ending in (*job.endings, *sources)}
    local_record = record.model_copy(update={"ai_generation_data": films.with_files(job.goal, data, files)})
    with outputs.staging(folder) as staging:
        for ending, url in sources.items():
            api.fetch(url, staging / files[ending].name)
        (staging / job.files[-1].name).write_text(record_json(local_record) + "\n", encoding="utf-8")
        outputs.put(staging, folder, force=job.force)
    return local_record


def record_json(record: Part | Sequence[Part], *, ascii_only: bool = False) -> str:
    """Return the record, or the array of several, as indented JSON; `ascii_only` escapes every other letter."""
    plain = _plain(record) if isinstance(record, Part) else [_plain(each) for each in record]
    return json.dumps(plain, indent=2, ensure_ascii=ascii_only)


def _plain(record: Part) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def _failure(data: GenerationView) -> GenerationFailed:
    failure = data.failure
    if failure is None:
        return GenerationFailed("The generation ended without saying why.", by_input=False)
    where = f"{failure.step}, scene {failure.scene}" if failure.scene else failure.step
    kind = error_class(failure.error)
    message = f"{where} failed with {failure.error}: {failure.message} {failure.next_action}"
    return GenerationFailed(message, by_input=kind is not None and issubclass(kind, UserError))


def _content_type(recording: Path) -> str:
    guess = mimetypes.guess_type(recording.name)[0] or ""
    return guess if guess in media_types.RECORDINGS else "audio/mpeg"
