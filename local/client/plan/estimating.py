"""What a video will cost, by goal and by model, before anything is begun: the API's own estimate.

Touches the API, the recording whose length counts, and standard output.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from local.api_client import ApiClient
from local.client import library, make, recordings, report
from local.client.choices import PROPERTIES
from local.client.exit_status import DONE
from shared.http.responses import Alternative, Estimate, GoalPrice

_OPTIONS = ("duration", "aspect", "resolution", "continuity", "budget", "model")


def wishes(namespace: argparse.Namespace) -> dict[str, Any]:
    """Return the body of POST /ai-video/estimate; raise a UserError when no video can be made of the recording."""
    values = {PROPERTIES[option]: getattr(namespace, option) for option in _OPTIONS}
    body: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    make.check_choices(body, local_speech=False)
    if namespace.audio:
        recordings.check(namespace.audio)
        body["recordingSeconds"] = recordings.examine(namespace.audio, namespace.audio).sound.seconds
    return body


def command(namespace: argparse.Namespace, body: dict[str, Any], api: ApiClient) -> int:
    """Print the estimate and return the exit status; raises ApiError."""
    estimate = Estimate.model_validate(api.call("POST", "/ai-video/estimate", body).body["estimate"])
    if namespace.json:
        print(estimate.model_dump_json(by_alias=True, indent=2, ensure_ascii=report.is_narrow()))
        return DONE
    for line in lines(estimate):
        print(line)
    return DONE


def lines(estimate: Estimate) -> Iterable[str]:
    """Return a line for each goal by the chosen model, and one for each model."""
    yield f"{estimate.seconds:.0f} s by {estimate.model}, ready in about {estimate.generation_seconds} s:"
    yield from library.columns((f"  {each.goal}", *_prices(each)) for each in estimate.goals)
    yield "The video by each model:"
    yield from library.columns(
        (f"  {each.model}", f"{each.billed_seconds} s of clips", *_prices(each)) for each in estimate.alternatives
    )
    if not estimate.within_budget:
        yield "This is more than the budget."


def _prices(row: GoalPrice | Alternative) -> tuple[str, str]:
    """Return what it costs, and what at most, however the plan cuts its scenes."""
    return f"${row.usd:.2f}", f"at most ${row.most_usd:.2f}"
