"""The commands `moments` and `clips`, of a recording that is kept, and `variant` and `link`, of a video.

Touches the API, the terminal and the output folder.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from local.client import library, make, report, session
from local.client.choices import choices as choices_of
from local.client.clips import api as clips_api
from local.client.clips import links, listing, making
from local.client.exit_status import DONE
from local.client.own import font_files
from local.client.plan.outcomes import outcome_of, say, tell, watch
from local.client.plan.text import purchases
from shared.choices.words import Shape
from shared.errors import InvalidRequest
from shared.recordings.limits import USUAL_MOMENTS

_EXCERPT = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_MOMENT = re.compile(r"m\d{1,2}")


def moments_command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Look for moments if so many are asked for, and list those that were chosen last."""
    with session.api(session.of_store(namespace, environment), say) as api:
        wishes = {
            "targetDuration": namespace.duration,
            "prompt": namespace.prompt,
            "languageCode": namespace.language,
        }
        choices = {name: value for name, value in wishes.items() if value is not None}
        if choices or namespace.count is not None:
            record = api.show(namespace.video)
            job = make.VideoJob(Path(record.title or namespace.video), {}, Path())
            count = USUAL_MOMENTS if namespace.count is None else namespace.count
            answer = making.look(job, namespace.video, api, choices, count)
        else:
            answer = clips_api.show(api, namespace.video)
    if namespace.json:
        print(answer.model_dump_json(indent=2, by_alias=True, ensure_ascii=report.is_narrow()))
    for line in () if namespace.json else listing.lines(answer):
        print(line)
    return DONE


def clips_command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Make the clips, and write their files."""
    which = wishes_of(namespace.which)
    if font_files.is_file(namespace.caption_font or ""):
        raise InvalidRequest(
            "--caption-font: keep the file first, by `reelwright own --add`, and name it as that does."
        )
    choices = choices_of(namespace)
    choices |= {"preset": namespace.preset} if namespace.preset else {}
    choices |= {"again": True} if namespace.again else {}
    with session.api(session.of_store(namespace, environment), say) as api:
        record = api.show(namespace.video)
        job = make.VideoJob(Path(f"{record.title or namespace.video}.mp3"), choices, namespace.out, namespace.force)
        prices = clips_api.price(api, namespace.video, which, choices)
        jobs = making.jobs_by_place(job, prices)
        making.check_files(jobs)
        say(making.price_line(prices))
        started = clips_api.start(api, namespace.video, which, choices)
        say(started.message)
        outcomes = making.of_started(jobs, started, api)
    return tell(outcomes, namespace)


def wishes_of(texts: list[str]) -> list[str | dict[str, Any]]:
    """Return moments by their ids, or excerpts by their seconds; raise InvalidRequest for what is neither, or both."""
    excerpts = [match for text in texts if (match := _EXCERPT.fullmatch(text))]
    ids = [text for text in texts if _MOMENT.fullmatch(text)]
    if len(excerpts) == len(texts):
        return [{"start": float(match[1]), "end": float(match[2])} for match in excerpts]
    if len(ids) == len(texts):
        return [*ids]
    raise InvalidRequest("Name moments, such as m1 m3, or excerpts in seconds, such as 12-40.")


def variant_command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Make a finished video in another format, and write its files."""
    if not namespace.format:
        raise InvalidRequest(f"--format: choose {', '.join(get_args(Shape))}.")
    wishes = {
        "aspectRatio": namespace.format,
        "captionLanguage": namespace.caption_language,
        "preset": namespace.preset,
    }
    with session.api(session.of_store(namespace, environment), say) as api:
        record = api.show(namespace.video)
        source = library.job_of(record, namespace.out, force=namespace.force)
        name = f"{source.recording.stem}-{namespace.format.replace(':', 'x')}.mp4"
        choices = {"captionLanguage": namespace.caption_language} if namespace.caption_language else {}
        job = make.VideoJob(Path(name), choices, namespace.out, namespace.force)
        make.check_folder(job)
        started = clips_api.start_variant(api, namespace.video, wishes)
        say(purchases(started.buys, started.usd, {}))
        video_id = started.video_id
        outcome = outcome_of(job, make.finish(job, watch(job, video_id, api), api), api)
    return tell([outcome], namespace)


COMMANDS = {
    "moments": moments_command,
    "clips": clips_command,
    "variant": variant_command,
    "link": links.command,
}
