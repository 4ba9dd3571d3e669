"""Make moto's Amazon Transcribe really transcribe, in its own output format.

Touches moto's Transcribe and S3 backends, and the processes of the recogniser.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals, which this module extends.

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow
from moto.s3.exceptions import S3ClientError
from moto.s3.models import s3_backends
from moto.transcribe.exceptions import BadRequestException, ConflictException
from moto.transcribe.models import FakeTranscriptionJob, TranscribeBackend

from local.emulators.faults import SLOW, Fault, FaultBook
from local.emulators.transcribe import transcript
from local.speech.recogniser import MediaError, Recogniser

THROTTLE = "throttle"
CONFLICT = "conflict"
FAILED = "failed"
SAMPLE_RATE = "sample_rate"
EMPTY = "empty"

KINDS = {
    "start": frozenset({THROTTLE, CONFLICT}),
    "job": frozenset({FAILED, SAMPLE_RATE, EMPTY, SLOW}),
}
_REASONS = {
    FAILED: "Internal failure: the job could not be completed.",
    SAMPLE_RATE: "Unsupported audio sample rate 96000 Hz: it must be between 8,000 and 48,000 Hz.",
}
_IDENTIFIED_SCORE = 0.99
# The documents ask for 30 seconds of speech; shorter notes are known to pass. The wording is that of boto/boto3#3238.
LEAST_SPEECH_SECONDS = 5.0
TOO_LITTLE_SPEECH = (
    "Your audio file must have a speech segment long enough in duration to perform automatic language identification. "
    "Provide an audio file with someone speaking for a longer period of time and try your request again."
)
_DEFERRED = {"AllowDeferredExecution", "DataAccessRoleArn"}
_ENGLISH_ONLY = "The local speech recogniser hears English only; the job asks for {}."


class Job(FakeTranscriptionJob):
    """A transcription job whose status follows the work, not the number of times it is asked for."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__(**arguments)
        self._status = "QUEUED"

    @property
    def status(self) -> str:
        """QUEUED, IN_PROGRESS, COMPLETED or FAILED."""
        return self._status

    @status.setter
    def status(self, value: str) -> None:
        self._status = value

    def advance(self) -> None:
        """Do nothing: asking for a job does not do its work."""

    def response_object(self, response_type: str) -> dict[str, Any]:
        """moto's answer; it leaves out the reason of a failure where one job is asked for."""
        answer: dict[str, Any] = super().response_object(response_type)
        if response_type == "GET" and self.failure_reason:
            answer["TranscriptionJob"]["FailureReason"] = self.failure_reason
        return answer

    @property
    def key(self) -> str:
        """The S3 key of the result: a folder gets the job's name, and every name ends in `.json`."""
        key = self.output_key or ""
        key += self.transcription_job_name if not key or key.endswith("/") else ""
        return key if key.endswith(".json") else f"{key}.json"

    @property
    def bucket(self) -> str:
        """The bucket of the result."""
        return cast(str, self._output_bucket_name)

    @property
    def account(self) -> str:
        """The account that owns the job."""
        return self._account_id

    def work_out_language(self) -> None:
        """Settle the language. Raises MediaError for any but English."""
        if self.identify_language or self.identify_multiple_languages:
            self.language_code = "en-US"
            self.identified_language_score = _IDENTIFIED_SCORE
        if not (self.language_code or "").startswith("en-"):
            raise MediaError(_ENGLISH_ONLY.format(self.language_code))

    def end(self, reason: str | None) -> None:
        """Mark the job as done, or as failed for a reason; nobody sees one without the other."""
        self.completion_time = utcnow()
        self.failure_reason = reason  # pyright: ignore[reportAttributeAccessIssue]
        if reason is None:
            uri = f"https://s3.{self._region_name}.amazonaws.com/{self.bucket}/{self.key}"
            self.transcript = {"TranscriptFileUri": uri}
        self.status = "COMPLETED" if reason is None else "FAILED"


class TranscribeEmulator:
    """Amazon Transcribe with a real recogniser: one job at a time, in the order they came."""

    def __init__(self, model: str = "", recogniser: Recogniser | None = None) -> None:
        """`model` names a faster-whisper model folder, empty the packaged English one; `recogniser` hears instead."""
        self.faults = FaultBook(KINDS)
        self._recogniser = recogniser or Recogniser(model)
        self._closing = threading.Event()
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transcribe")

    def install(self) -> None:
        """Take the place of moto's StartTranscriptionJob."""

        def start_transcription_job(backend: Any, **arguments: Any) -> dict[str, Any]:
            return self._start(backend, arguments)

        setattr(TranscribeBackend, "start_transcription_job", start_transcription_job)  # noqa: B010 - its signature differs

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
        if (arguments["job_execution_settings"] or {}).keys() not in (set(), _DEFERRED):
            raise BadRequestException("AllowDeferredExecution and DataAccessRoleArn must come together.")
        if not arguments["output_bucket_name"]:
            raise BadRequestException("The local Transcribe needs an OutputBucketName.")
        job = _job({"account_id": backend.account_id, "region_name": backend.region_name, **arguments})
        backend.transcriptions[name] = job
        answer = job.response_object("CREATE")
        # The pool refuses work once it is shut down, which may have been a moment ago; the job then stays queued.
        with suppress(RuntimeError):
            self._queue.submit(self._work, job)
        return answer

    def _work(self, job: Job) -> None:
        job.start_time = utcnow()
        job.status = "IN_PROGRESS"
        try:
            self._transcribe(job)
        except MediaError as error:
            job.end(str(error))
        except BaseException as error:
            # A job must end even when this code is at fault, or its poller waits forever.
            job.end(f"Internal failure: {error!r}")
            raise
        else:
            job.end(None)

    def _transcribe(self, job: Job) -> None:
        job.work_out_language()
        fault = self._fault(job.transcription_job_name)
        if fault and fault.kind in _REASONS:
            raise MediaError(fault.message or _REASONS[fault.kind])
        segments = [] if fault else self._recogniser.transcribe(_media(job), job.media_format)
        if job.identify_language and transcript.speech_seconds(segments) < LEAST_SPEECH_SECONDS:
            raise MediaError(TOO_LITTLE_SPEECH)
        score = job.identified_language_score
        document = transcript.result(
            job.transcription_job_name,
            job.account,
            job.language_code or "",
            segments,
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


def _job(arguments: dict[str, Any]) -> Job:
    # moto's base class hides from a type checker what its constructor makes.
    return cast(Job, Job(arguments))


def _media(job: Job) -> bytes:
    uri = urlsplit(job.media["MediaFileUri"])
    bucket = uri.netloc
    key = uri.path.removeprefix("/")
    try:
        s3_object = s3_backends[job.account]["aws"].get_object(bucket, key)
    except S3ClientError as error:
        raise MediaError(f"The S3 URI that you provided can't be accessed: {error}") from error
    if s3_object is None:
        raise MediaError("The S3 URI that you provided can't be accessed: the object doesn't exist.")
    return s3_object.value
