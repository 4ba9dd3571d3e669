"""Make moto's Amazon Transcribe really transcribe, in its own output format.

Touches moto's Transcribe and S3 backends, the processes of the recogniser, and the shelf of a store if there is one.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals, which this module extends.

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow
from moto.s3.exceptions import S3ClientError
from moto.s3.models import s3_backends
from moto.transcribe.exceptions import BadRequestException, ConflictException
from moto.transcribe.models import TranscribeBackend, transcribe_backends

from local.clients import REGION
from local.emulators.faults import SLOW, Fault, FaultBook
from local.emulators.transcribe import rules, transcript
from local.emulators.transcribe.job import EmulatedJob
from local.processes import runs
from local.shelf.shelf import NoShelf, Shelf
from local.speech.decoding import MediaError
from local.speech.recogniser import Recogniser, Speech

THROTTLE = "throttle"
CONFLICT = "conflict"
FAILED = "failed"
SAMPLE_RATE = "sample_rate"
EMPTY = "empty"

KINDS = {
    "start": frozenset({THROTTLE, CONFLICT}),
    "job": frozenset({FAILED, SAMPLE_RATE, EMPTY, SLOW}),
}
_INTERNAL = "Internal failure: the job could not be completed."
_REASONS = {
    FAILED: _INTERNAL,
    SAMPLE_RATE: "Unsupported audio sample rate 96000 Hz: it must be between 8,000 and 48,000 Hz.",
}
# The documents ask for 30 seconds of speech; much shorter notes are known to pass, and nobody tells where it ends. The
# wording is that of boto/boto3#3238.
LEAST_SPEECH_SECONDS = 1.5
TOO_LITTLE_SPEECH = (
    "Your audio file must have a speech segment long enough in duration to perform automatic language identification. "
    "Provide an audio file with someone speaking for a longer period of time and try your request again."
)
_delete: Any = TranscribeBackend.delete_transcription_job


class TranscribeEmulator:
    """Amazon Transcribe with a real recogniser: one job at a time, in the order they came."""

    def __init__(self, model: str = "", recogniser: Recogniser | None = None, shelf: Shelf | None = None) -> None:
        """`model` names a faster-whisper model folder, empty the packaged ones; `recogniser` hears instead.

        `shelf` keeps the jobs.
        """
        self._shelf = shelf or NoShelf()
        self.faults = FaultBook(KINDS)
        self._recogniser = recogniser or Recogniser(model)
        self._closing = threading.Event()
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transcribe")

    def install(self) -> None:
        """Take the place of moto's StartTranscriptionJob."""

        def start_transcription_job(backend: Any, **arguments: Any) -> dict[str, Any]:
            return self._start(backend, arguments)

        def delete_transcription_job(backend: Any, transcription_job_name: str) -> None:
            _delete(backend, transcription_job_name)
            self._shelf.remove(transcription_job_name)

        setattr(TranscribeBackend, "start_transcription_job", start_transcription_job)  # noqa: B010 - its signature differs
        setattr(TranscribeBackend, "delete_transcription_job", delete_transcription_job)  # noqa: B010

    def restore(self) -> None:
        """Let Transcribe know the jobs on the shelf, and go on with those that had not ended."""
        for name, document in self._shelf.all().items():
            job = EmulatedJob.of(document)
            transcribe_backends[job.account][REGION].transcriptions[name] = job
            if not document["ended"]:
                self._submit(job)

    def preload(self) -> None:
        """Load the model ahead of the first job."""
        self._recogniser.preload()

    def close(self) -> None:
        """Give up the jobs at work and kill their processes."""
        self._closing.set()
        self._recogniser.close()
        self._queue.shutdown(wait=True, cancel_futures=True)

    def _start(self, backend: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        name = arguments["transcription_job_name"]
        fault = self.faults.take("start", name)
        if fault and fault.kind == THROTTLE:
            raise _Throttled
        if name in backend.transcriptions or fault:
            raise ConflictException("The requested job name already exists. Use a different job name.")
        if reason := rules.refusal(arguments):
            raise BadRequestException(reason)
        job = EmulatedJob.from_arguments(
            {"account_id": backend.account_id, "region_name": backend.region_name, **arguments}
        )
        self._shelf.put(name, job.document())
        backend.transcriptions[name] = job
        answer = job.response_object("CREATE")
        self._submit(job)
        return answer

    def _submit(self, job: EmulatedJob) -> None:
        # The pool refuses work once it is shut down, which may have been a moment ago; the job then stays queued.
        with suppress(RuntimeError):
            self._queue.submit(self._work, job)

    def _work(self, job: EmulatedJob) -> None:
        job.start_time = utcnow()
        job.status = "IN_PROGRESS"
        try:
            self._hear(job)
        finally:
            # A job whose end was not written is heard again at the next start.
            with suppress(OSError):
                self._shelf.put(job.transcription_job_name, job.document())

    def _hear(self, job: EmulatedJob) -> None:
        try:
            self._transcribe(job)
        except MediaError as error:
            job.end(str(error))
        except BaseException as error:
            # A job must end even when this code is at fault, or its poller waits forever.
            runs.current().disk.note(error)
            job.end(_INTERNAL)
            raise
        else:
            job.end(None)

    def _transcribe(self, job: EmulatedJob) -> None:
        job.check_language()
        job.check_speakers()
        fault = self._fault(job.transcription_job_name)
        if fault and fault.kind in _REASONS:
            raise MediaError(fault.message or _REASONS[fault.kind])
        silence = Speech([], "")
        speech = silence if fault else self._recogniser.transcribe(_media(job), job.media_format, job.wish)
        if job.identify_language and transcript.speech_seconds(speech.segments) < LEAST_SPEECH_SECONDS:
            raise MediaError(TOO_LITTLE_SPEECH)
        job.note_language(speech)
        score = job.identified_language_score
        document = transcript.result(
            job.transcription_job_name,
            job.account,
            job.language_code or "",
            speech.segments,
            None if score is None else str(score),
        )
        s3_backends[job.account]["aws"].put_object(job.bucket, job.key, json.dumps(document).encode())

    def _fault(self, name: str) -> Fault | None:
        while (fault := self.faults.take("job", name)) and fault.kind == SLOW:
            self._closing.wait(fault.seconds)
            if fault.times is None:
                return None
        return fault


class _Throttled(JsonRESTError):
    code = 429

    def __init__(self) -> None:
        super().__init__(
            "LimitExceededException", "You have either sent too many requests or your input file is too long."
        )


def _media(job: EmulatedJob) -> bytes:
    uri = urlsplit(job.media["MediaFileUri"])
    bucket = uri.netloc
    key = uri.path.removeprefix("/")
    try:
        s3_object = s3_backends[job.account]["aws"].get_object(bucket, key)
    except S3ClientError as error:
        raise MediaError("The S3 URI that you provided can't be accessed: S3 refused it.") from error
    if s3_object is None:
        raise MediaError("The S3 URI that you provided can't be accessed: the object doesn't exist.")
    return s3_object.value
