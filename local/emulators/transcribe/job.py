"""One job of the local Amazon Transcribe: what was asked for, how it stands, and how it is stored.

Touches nothing.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals, which this module extends.

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from moto.core.utils import utcnow
from moto.transcribe.models import FakeTranscriptionJob

from local.shelf.database import Document
from local.speech.decoding import MediaError
from local.speech.languages import CODES, ENGLISH, language_of, refusal
from local.speech.recogniser import Speech
from local.speech.recognition import Wish
from shared.choices.words import FEWEST_SPEAKERS, MOST_SPEAKERS

_HOW_MANY = (
    "The local speech recogniser cannot tell how many people speak: give their number, "
    f"from {FEWEST_SPEAKERS} to {MOST_SPEAKERS}, instead of true."
)
# How sure a language is when the recogniser knows no other.
_ONLY_ONE = 0.99


class EmulatedJob(FakeTranscriptionJob):
    """A transcription job whose status follows the work, not the number of times it is asked for."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__(**arguments)
        self._status = "QUEUED"
        self._arguments = arguments

    @classmethod
    def from_arguments(cls, arguments: dict[str, Any]) -> EmulatedJob:
        """Return a new job, by the arguments of moto's constructor."""
        # moto's base class hides from a type checker what its constructor makes.
        return cast(EmulatedJob, cls(arguments))

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
        """Return moto's answer; it leaves out the reason of a failure where one job is asked for."""
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

    @property
    def wish(self) -> Wish:
        """What the recogniser is asked for."""
        return Wish(language_of(self.language_code or ""), self._speakers)

    @property
    def _speakers(self) -> int:
        settings: dict[str, Any] = self.settings
        return int(settings["MaxSpeakerLabels"]) if settings.get("ShowSpeakerLabels") else 0

    def check_speakers(self) -> None:
        """Raise MediaError when it is left to the recogniser how many speakers there are: it cannot tell."""
        if self._speakers > MOST_SPEAKERS:
            raise MediaError(_HOW_MANY)

    def check_language(self) -> None:
        """Raise MediaError when the recogniser of this machine does not hear the language."""
        if reason := self.language_code and refusal(self.language_code):
            raise MediaError(reason)

    def note_language(self, speech: Speech) -> None:
        """Note which language was found out, unless it was told."""
        if self.language_code:
            return
        self.language_code = CODES[speech.language or ENGLISH]
        self.identified_language_score = _ONLY_ONE if speech.probability is None else round(speech.probability, 4)

    def document(self) -> Document:
        """Return what is stored of it: what was asked for, and how it ended."""
        end_time = self.completion_time
        return {
            "arguments": self._arguments,
            "created": self.creation_time.isoformat(),
            "ended": end_time.isoformat() if end_time else None,
            "reason": self.failure_reason,
            "language": self.language_code,
            "score": self.identified_language_score,
        }

    @classmethod
    def of(cls, document: Document) -> EmulatedJob:
        """Return the job that was stored; one that had not ended waits again."""
        job = cls.from_arguments(document["arguments"])
        job.creation_time = datetime.fromisoformat(document["created"])
        if document["ended"]:
            end_time = datetime.fromisoformat(document["ended"])
            job.language_code = document["language"]
            job.identified_language_score = document["score"]
            job.start_time = end_time
            job.end(document["reason"], end_time)
        return job

    def end(self, reason: str | None, moment: datetime | None = None) -> None:
        """Mark the job as done, or as failed for a reason; nobody sees one without the other."""
        self.completion_time = moment or utcnow()
        self.failure_reason = reason  # pyright: ignore[reportAttributeAccessIssue]
        if reason is None:
            uri = f"https://s3.{self._region_name}.amazonaws.com/{self.bucket}/{self.key}"
            self.transcript = {"TranscriptFileUri": uri}
        self.status = "COMPLETED" if reason is None else "FAILED"
