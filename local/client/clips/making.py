"""Several videos of one recording: its moments are looked for, and a clip is made of each that is agreed to.

Touches the API, the terminal and the output folder.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from local.api_client import ApiClient
from local.client import batch, exit_status, films, make, outputs, session
from local.client.batch import Outcome
from local.client.clips import api as clips_api
from local.client.clips import listing
from local.client.make import VideoJob
from local.client.own.belongings import Belongings
from local.client.plan.outcomes import say, watch, with_plan
from local.client.plan.person import Person
from local.client.plan.reviewing import UNASKED
from local.client.plan.text import money
from local.client.progress import for_console, standard_error
from shared.errors import InvalidRequest
from shared.http.moments.responses import ClipsPriced, ClipsStarted, MomentsShown
from shared.recordings.limits import MOST_MOMENTS


@dataclass(frozen=True)
class ClipsWish:
    """How many clips, and whether they are agreed to before they are made."""

    count: int
    is_reviewed: bool = False
    is_agreed: bool = False


def check(namespace: argparse.Namespace) -> None:
    """Raise InvalidRequest when clips of what is asked for cannot be made."""
    if len(namespace.audio) > 1:
        raise InvalidRequest("--clips is about one recording; name one only.")
    if namespace.clips != int(namespace.clips) or not 1 <= namespace.clips <= MOST_MOMENTS:
        raise InvalidRequest(f"--clips: choose a number from 1 to {MOST_MOMENTS}.")
    if namespace.pictures or namespace.image:
        raise InvalidRequest("--clips takes no pictures; give them to each clip's plan with `edit`.")


def make_clips(
    job: VideoJob, options: session.SessionOptions, person: Person, own: Belongings, wish: ClipsWish
) -> list[Outcome]:
    """Look for moments, have the person agree to them, and make a clip of each; return what came of them.

    Raises InvalidRequest when nobody is there to be asked, and neither was it agreed to before.
    """
    if wish.is_reviewed and not (wish.is_agreed or person.is_there):
        raise InvalidRequest(UNASKED)
    with session.api(options, say) as api:
        video_id = make.upload(job, api)
        # What of the user's own is brought for the command alone goes when it ends.
        with own.uploads([job], api) as jobs:
            choices = make.wishes(jobs[0], video_id, api)
            answer = look(job, video_id, api, choices, wish.count)
            for line in listing.lines(answer):
                exit_status.say(line)
            names = [moment.id for moment in answer.moments]
            prices = clips_api.price(api, video_id, names, choices)
            if not wish.is_reviewed or wish.is_agreed:
                say(price_line(prices))
            elif not person.agrees(_question(prices)):
                return []
            return of_started(jobs_of(job, len(names)), clips_api.start(api, video_id, names, choices), api)


def look(job: VideoJob, video_id: str, api: ApiClient, choices: dict[str, Any], count: int) -> MomentsShown:
    """Return the moments of an uploaded recording once they are chosen; raises GenerationFailed or ApiError."""
    price = clips_api.price_of_look(api, video_id, count, choices)
    say(f"Looking for moments costs about {money(price.usd)}, and {money(price.most_usd)} at most.")
    clips_api.look(api, video_id, count, choices)
    for note in make.finish_search(job, watch(job.toward("moments"), video_id, api), api):
        exit_status.note(note)
    return clips_api.show(api, video_id)


def of_started(jobs: Sequence[VideoJob], started: ClipsStarted, api: ApiClient) -> list[Outcome]:
    """Return what came of the clips once all have ended, their files written, each by its job."""
    running = dict(zip((row.video_id for row in started.clips), jobs, strict=True))
    with for_console(standard_error()) as progress:
        outcomes = batch.watch_all(running, {}, api, progress, time.sleep)
    return [with_plan(outcome, api) for outcome in outcomes]


def jobs_of(job: VideoJob, count: int) -> list[VideoJob]:
    """Return a job for each clip, whose files are called by the recording's name and a number."""
    names = [f"{job.recording.stem}-{number}{job.recording.suffix}" for number in range(1, count + 1)]
    return [replace(job, recording=job.recording.with_name(name)) for name in names]


def jobs_by_place(job: VideoJob, prices: ClipsPriced) -> list[VideoJob]:
    """Return a job for each clip, whose files are called by the recording's name and the clip's place in it."""
    names = [f"{job.recording.stem}-{films.place(each.start, each.end)}{job.recording.suffix}" for each in prices.clips]
    return [replace(job, recording=job.recording.with_name(name)) for name in names]


def check_files(jobs: Sequence[VideoJob]) -> None:
    """Raise InvalidRequest when the results could not be put into their folder, or must not."""
    for job in jobs:
        outputs.check(job.files, job.out)
        outputs.check_free(job.files, force=job.force)


def price_line(prices: ClipsPriced) -> str:
    """Return what the clips cost, for whoever is not asked."""
    count = len(prices.clips)
    clips = "A clip costs" if count == 1 else f"{count} clips cost"
    together = "" if count == 1 else " together"
    return f"{clips} about {money(prices.usd)}{together}, and {money(prices.most_usd)} at most."


def _question(prices: ClipsPriced) -> str:
    count = len(prices.clips)
    clips = "a clip" if count == 1 else f"{count} clips"
    return f"Make {clips} of them, for about {money(prices.usd)} together, and {money(prices.most_usd)} at most?"
