"""Transcribe: examine the recording before anything is paid for, store its sound, then start its transcription.

Reads the recording from the bucket, which no later stage does; writes its sound there, sets the price aside, starts one
job at Amazon Transcribe.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from functions.transcribe import core
from functions.transcribe.adapters import starter
from functions.transcribe.purchase import Order, Purchase
from functions.transcribe.sound import examined, plain
from shared import env
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.budget.accounts import deployed
from shared.contracts import TranscribeIn, TranscribeOut
from shared.film import ffmpeg
from shared.observability import metrics
from shared.observability.metric_names import USD_SPENT
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    order: Order


def run(request: TranscribeIn, deps: Deps) -> TranscribeOut:
    """Start the transcription; raises a UserError for a recording of which no video can be made, or over the budget."""
    job = core.job(request)
    with tempfile.TemporaryDirectory() as folder:
        sound = _sound(request, job.media_key, deps.bucket, Path(folder))
        seconds = ffmpeg.probe(sound).seconds
    cost = pricing.transcription(seconds)
    if deps.order(request, job, cost):
        metrics.emit(USD_SPENT, cost)
    return TranscribeOut(
        job_name=job.name, transcript_key=job.output_key, recording_seconds=round(seconds, 3), cost_usd=cost
    )


def _sound(request: TranscribeIn, sound_key: str, bucket: Bucket, folder: Path) -> Path:
    """Return the sound that is stored for this generation; stores it first when this is its first run.

    What an earlier run has stored stays, so that transcript, plan and film are made of one recording: the one that was
    first seen, whatever an upload's form has put in its place since. Raises RecordingChanged when that is gone.
    """
    if bucket.holds(sound_key):
        return bucket.download(sound_key, folder / "stored")
    recording = folder / "recording"
    if request.recording_etag:
        bucket.download_seen(request.recording_key, request.recording_etag, recording)
    else:
        bucket.download(request.recording_key, recording)
    seen = examined(recording)
    core.require_whole(seen.info, seen.sound)
    core.require_usable(seen.sound)
    sound = plain(recording, seen)
    bucket.upload(sound_key, sound, "audio/flac")
    return sound


def _real_deps() -> Deps:
    bucket = Bucket(env.text("MEDIA_BUCKET"))
    start = starter(clients.transcribe(), bucket.name, env.text("TRANSCRIBE_ROLE_ARN"))
    return Deps(bucket, Purchase(start, env.text("TABLE_NAME"), deployed()).order)


handler = stage(run, takes=TranscribeIn, deps=_real_deps)
