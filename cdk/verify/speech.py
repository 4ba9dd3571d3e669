"""A voice note of five seconds, transcribed by Amazon Transcribe as the pipeline has recordings transcribed.

Writes two objects below the bucket's temporary prefix and one job, and removes them; runs ffmpeg on the sample.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cdk import aws_failures
from cdk.verify.answers import Answer, failure_answer
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.transcribe_request import TranscriptionOrder, needs_longer_speech, request
from shared.errors import ReelwrightError
from shared.film import ffmpeg

LANGUAGE = "language"
TOO_LITTLE = "too little speech"
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "austen.flac"
# Of the note, and how long a job may take: a short one takes a minute, and may wait for its turn.
NOTE_SECONDS = 5
PATIENCE = 900
ENDED = ("COMPLETED", "FAILED")


@dataclass(frozen=True)
class VoiceNote:
    """The note's transcription in `bucket`, by the role of `role`, an ARN; `pace` is seconds between two looks."""

    client: Any
    bucket: Bucket
    role: str
    run_id: str
    pace: float

    def transcribe(self) -> Answer:
        """Return what came of it; a job that does not end in time is left, and named."""
        ids = "verify", self.run_id
        job = TranscriptionOrder(
            f"reelwright-verify-{self.run_id}", media_keys.sound(*ids), media_keys.transcript(*ids), None
        )
        try:
            self.bucket.write_bytes(job.media_key, _note(), "audio/flac")
            return self._wait(job)
        except ReelwrightError as error:
            return failure_answer(error)
        except ClientError as error:
            reply = error.response.get("Error", {})
            return Answer(reply.get("Code", ""), f"{reply.get('Code')}: {reply.get('Message')}")
        except BotoCoreError as error:
            return Answer("unreachable", f"Amazon Transcribe could not be reached: {aws_failures.why(error)}")

    def _wait(self, job: TranscriptionOrder) -> Answer:
        self.client.start_transcription_job(**request(job, self.bucket.name, self.role))
        end = time.monotonic() + PATIENCE
        while (job_state := self._look(job))["TranscriptionJobStatus"] not in ENDED:
            if time.monotonic() > end:
                return Answer("running", f"not done after {PATIENCE} s, and left: {job.name}")
            time.sleep(self.pace)
        answer = self._meaning(job, job_state)
        self.client.delete_transcription_job(TranscriptionJobName=job.name)
        self.bucket.delete_below(job.media_key.rpartition("/")[0] + "/")
        return answer

    def _look(self, job: TranscriptionOrder) -> dict[str, Any]:
        return self.client.get_transcription_job(TranscriptionJobName=job.name)["TranscriptionJob"]

    def _meaning(self, job: TranscriptionOrder, job_state: dict[str, Any]) -> Answer:
        reason = job_state.get("FailureReason", "")
        if job_state["TranscriptionJobStatus"] == "FAILED":
            return Answer(TOO_LITTLE if needs_longer_speech(reason) else "FAILED", f"FAILED: {reason}")
        if not self.bucket.holds(job.output_key):
            return Answer("no transcript", f"COMPLETED, but there is no object {job.output_key}")
        score = job_state.get("IdentifiedLanguageScore")
        language = job_state.get("LanguageCode")
        return Answer(LANGUAGE if language else "no language", f"COMPLETED: {language}, sure by {score}")


def _note() -> bytes:
    """Return the first five seconds of the sample as FLAC of 16 kHz, one channel, as the pipeline makes sounds."""
    with tempfile.TemporaryDirectory() as folder, ffmpeg.at_hand(SAMPLE) as sample:
        note = Path(folder, "note.flac")
        sound = ffmpeg.source(sample.name, t=NOTE_SECONDS)["a:0"]
        command = ffmpeg.arguments([sound], str(note), ar=16_000, ac=1, sample_fmt="s16")
        ffmpeg.run(command, cwd=sample.parent, timeout=ffmpeg.PROBE_TIMEOUT)
        return note.read_bytes()
