"""POST /ai-video/batch: start many, and answer each as if it had been asked for alone.

Touches what starting one touches. An Idempotency-Key is each item's own: what was accepted is answered again, and only
what was refused is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from functions.api import wire
from shared.errors import InvalidRequest, ReelwrightError
from shared.http.refusals import AlreadyProcessing, InternalError
from shared.http.requests import Batch, StartGeneration
from shared.http.responses import BatchAnswer, BatchAnswers, Done, FieldProblem
from shared.observability.log import logger

ACCEPTED = 202
Start = Callable[[StartGeneration], Done]


def start_all(body: Batch, request_id: str, start: Start) -> BatchAnswers:
    """Return one answer per item, in the items' order; `start` begins one, or raises why it does not."""
    named = [item.get("videoId") for item in body.items]
    answers = [
        _repeated(str(named[n]), request_id) if one in named[:n] else _answer(item, request_id, start)
        for n, (one, item) in enumerate(zip(named, body.items, strict=True))
    ]
    return BatchAnswers(success=all(answer.started for answer in answers), results=answers)


def _repeated(video_id: str, request_id: str) -> BatchAnswer:
    return _refused(AlreadyProcessing("An earlier item of this batch names the same video."), video_id, request_id)


def _answer(item: dict[str, Any], request_id: str, start: Start) -> BatchAnswer:
    video_id = item.get("videoId")
    named = video_id if isinstance(video_id, str) else None
    try:
        asked = StartGeneration.model_validate_json(json.dumps(item))
    except ValidationError as error:
        details = wire.field_details(error.errors(include_input=False, include_url=False))
        return _refused(InvalidRequest(wire.sentence(details)), named, request_id, details)
    try:
        started = start(asked)
    except ReelwrightError as error:
        return _refused(error, named, request_id)
    except (ClientError, BotoCoreError):
        # What the other items have begun must be told all the same.
        logger().exception("unforeseen error")
        return _refused(InternalError(wire.UNFORESEEN), named, request_id)
    return BatchAnswer(status_code=ACCEPTED, video_id=started.video_id, started=started)


def _refused(
    error: ReelwrightError, video_id: str | None, request_id: str, details: Sequence[FieldProblem] = ()
) -> BatchAnswer:
    told = wire.problem_of(error, request_id, details)
    return BatchAnswer(status_code=error.status, video_id=video_id, problem=told)
