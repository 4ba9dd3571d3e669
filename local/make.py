"""One recording through the system, as a client of its API: upload, start, watch, fetch the results.

Touches the API and the output folder; nothing half-written is left under a final name.
"""

from __future__ import annotations

import json
import mimetypes
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from functions.transcribe.adapters import examined
from functions.transcribe.core import require_usable, require_whole
from local.api_client import ApiClient
from local.progress import Progress
from shared import media_types, veo_models
from shared.bodies import StartGeneration
from shared.errors import InvalidRequest, UnsupportedMedia, UserError, named
from shared.views import GenerationView, VideoView

POLL_SECONDS = 0.4
# The record's links and the file endings that the results get.
RESULTS = {
    "final_video_url": ".mp4",
    "captions_srt_url": ".srt",
    "captions_vtt_url": ".vtt",
    "poster_url": ".jpg",
}
# What the API calls a choice, and what the command line does.
OPTIONS = {
    "prompt": "--prompt",
    "targetDuration": "--duration",
    "languageCode": "--language",
    "budget": "--budget",
    "model": "--model",
}


class GenerationFailed(Exception):
    """The generation ended badly; `by_input` says whether the input was at fault."""

    def __init__(self, message: str, *, by_input: bool) -> None:
        super().__init__(message)
        self.by_input = by_input


@dataclass(frozen=True)
class Job:
    """What one recording is to become, and where."""

    recording: Path
    choices: dict[str, Any]
    out: Path

    @property
    def name(self) -> str:
        """The results' common file name, without ending."""
        return self.recording.stem

    @property
    def files(self) -> list[Path]:
        """The files that the results are written to."""
        return [self.out / f"{self.name}{ending}" for ending in (*RESULTS.values(), ".json")]


def check_recording(path: Path) -> None:
    """Raise a UserError when no video can be made of the file, as the first stage would, but before anything starts."""
    if not path.is_file():
        raise UnsupportedMedia(f"{path}: {'a folder' if path.is_dir() else 'there is no such file'}.")
    if not os.access(path, os.R_OK):
        raise UnsupportedMedia(f"{path}: the file may not be read.")
    try:
        found = examined(path)
        require_whole(found.info, found.sound)
        require_usable(found.sound)
    except UserError as error:
        raise type(error)(f"{path}: {error}") from error


def check_choices(choices: dict[str, Any], *, local_speech: bool) -> None:
    """Raise InvalidRequest or ModelRetired when the API, or the local speech recogniser, would refuse the choices."""
    try:
        asked = StartGeneration.model_validate({"videoId": "unknown", **choices})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = str(first["loc"][0])
        raise InvalidRequest(f"{OPTIONS.get(field, field)}: {first['msg']}") from error
    if local_speech and asked.language_code and not asked.language_code.startswith("en"):
        raise InvalidRequest("--language: the speech recogniser of this machine hears English only.")
    veo_models.model(asked.model or veo_models.DEFAULT_MODEL)


def check_folder(job: Job) -> None:
    """Make the output folder; raise OSError when nothing can be written there.

    Raises InvalidRequest when a result would take the recording's own place.
    """
    job.out.mkdir(parents=True, exist_ok=True)
    if job.recording.resolve() in {file.resolve() for file in job.files}:
        raise InvalidRequest(f"{job.recording}: a result would overwrite it; choose another folder with --out.")
    try:
        with tempfile.TemporaryFile(dir=job.out):
            pass
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(job.out)) from error


def run(job: Job, api: ApiClient, progress: Progress, pause: Callable[[float], None] = time.sleep) -> VideoView:
    """Make the video and write its files; return the record. Raises GenerationFailed, or ApiError when refused."""
    video_id = upload(job, api)
    api.start(video_id, job.choices)
    return finish(job, _watch(job, video_id, api, progress, pause), api)


def upload(job: Job, api: ApiClient) -> str:
    """Upload the job's recording and return the new video's id; raises ApiError when it is refused."""
    return api.upload(job.recording, job.name[:200], _content_type(job.recording))


def finish(job: Job, record: VideoView, api: ApiClient) -> VideoView:
    """Write the files of an ended generation and return the record that stays; raises GenerationFailed or ApiError."""
    data = record.ai_generation_data or GenerationView()
    if record.ai_generation_status != "completed":
        raise _failure(data)
    return _keep(job, record, data, api)


def _watch(job: Job, video_id: str, api: ApiClient, progress: Progress, pause: Callable[[float], None]) -> VideoView:
    while True:
        record = api.show(video_id)
        progress.show(job.name, record)
        if record.ai_generation_status != "processing":
            return record
        pause(POLL_SECONDS)


def _keep(job: Job, record: VideoView, data: GenerationView, api: ApiClient) -> VideoView:
    files = {link: job.out / (job.name + ending) for link, ending in RESULTS.items()}
    for link, file in files.items():
        api.fetch(getattr(data, link), file)
    # The links die with the embedded cloud; the record that stays names the files instead.
    kept_data = data.model_copy(update={link: str(file) for link, file in files.items()})
    kept = record.model_copy(update={"ai_generation_data": kept_data})
    _write(job.out / f"{job.name}.json", record_json(kept))
    return kept


def record_json(record: VideoView | Sequence[VideoView]) -> str:
    """Return the record, or the array of several, as indented JSON."""
    plain = _plain(record) if isinstance(record, VideoView) else [_plain(one) for one in record]
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _plain(record: VideoView) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def _write(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(file)


def _failure(data: GenerationView) -> GenerationFailed:
    failure = data.failure
    if failure is None:
        return GenerationFailed("The generation ended without saying why.", by_input=False)
    where = f"{failure.step}, scene {failure.scene}" if failure.scene else failure.step
    kind = named(failure.error)
    message = f"{where} failed with {failure.error}: {failure.message} {failure.next_action}"
    return GenerationFailed(message, by_input=kind is not None and issubclass(kind, UserError))


def _content_type(recording: Path) -> str:
    guess = mimetypes.guess_type(recording.name)[0] or ""
    return guess if guess in media_types.RECORDINGS else "audio/mpeg"
