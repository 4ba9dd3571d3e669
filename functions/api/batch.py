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
from shared.http.problems import FieldProblem, problem_of
from shared.http.refusals import AlreadyProcessing, InternalError
from shared.http.requests import Batch, StartGeneration
from shared.http.responses import BatchAnswer, BatchAnswers, VideoOutcome
from shared.observability.log import logger

ACCEPTED = 202
Start = Callable[[StartGeneration], VideoOutcome]


def start_all(body: Batch, request_id: str, start: Start) -> BatchAnswers:
    """Return one answer per item, in the items' order; `start` begins one, or raises why it does not."""
    video_ids = [item.get("videoId") for item in body.items]
    answers = [
        _refuse_repetition(str(video_ids[n]), request_id)
        if video_id in video_ids[:n]
        else _answer(item, request_id, start)
        for n, (video_id, item) in enumerate(zip(video_ids, body.items, strict=True))
    ]
    return BatchAnswers(success=all(answer.started for answer in answers), results=answers)


def _refuse_repetition(video_id: str, request_id: str) -> BatchAnswer:
    return _refusal(AlreadyProcessing("An earlier item of this batch names the same video."), video_id, request_id)


def _answer(item: dict[str, Any], request_id: str, start: Start) -> BatchAnswer:
    video_id = item.get("videoId")
    known_id = video_id if isinstance(video_id, str) else None
    try:
        request = StartGeneration.model_validate_json(json.dumps(item))
    except ValidationError as error:
        details = wire.field_details(error.errors(include_input=False, include_url=False))
        return _refusal(InvalidRequest(wire.sentence(details)), known_id, request_id, details)
    try:
        started = start(request)
    except ReelwrightError as error:
        return _refusal(error, known_id, request_id)
    except (ClientError, BotoCoreError):
        # What the other items have begun must be told all the same.
        logger().exception("unforeseen error")
        return _refusal(InternalError(wire.UNFORESEEN), known_id, request_id)
    return BatchAnswer(status_code=ACCEPTED, video_id=started.video_id, started=started)


def _refusal(
    error: ReelwrightError, video_id: str | None, request_id: str, details: Sequence[FieldProblem] = ()
) -> BatchAnswer:
    problem = problem_of(error, request_id, details)
    return BatchAnswer(status_code=error.status, video_id=video_id, problem=problem)
