"""Transcribe: examine the recording before anything is paid for, store its sound, then start its transcription.

Reads the recording from the bucket, which no later stage does; writes its sound there, sets the price aside, starts one
job at Amazon Transcribe, unless a transcript of the user's own says what is said when.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from functions.transcribe import core, own_words
from functions.transcribe.adapters import starter
from functions.transcribe.purchase import Order, TranscriptionPurchase
from functions.transcribe.sound import pin_sound
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.budget.accounts import open_accounts
from shared.contracts import TranscribeIn, TranscribeOut
from shared.film import ffmpeg
from shared.settings import TranscribeSettings
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
        sound = pin_sound(request, job.media_key, deps.bucket, Path(folder))
        seconds = ffmpeg.probe(sound).seconds
    own_key = own_words.key_of_timed(request, deps.bucket, seconds)
    key = own_key or job.output_key
    is_there = deps.bucket.holds(key)
    # What another generation was charged for is there before this one begins.
    is_free = own_key or (request.is_heard and is_there)
    cost = 0.0 if is_free else pricing.transcription(seconds)
    if not is_there:
        deps.order(request, job, cost)
    names = {"job_name": job.name, "transcript_key": key}
    return TranscribeOut(**names, ready=is_there, recording_seconds=round(seconds, 3), cost_usd=cost)


def _real_deps() -> Deps:
    settings = TranscribeSettings.read()
    start = starter(clients.transcribe(), settings.media_bucket, settings.transcribe_role_arn)
    purchase = TranscriptionPurchase(start, settings.table_name, open_accounts(settings))
    return Deps(Bucket(settings.media_bucket), purchase.order)


handler = stage(run, takes=TranscribeIn, deps=_real_deps)
