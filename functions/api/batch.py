"""POST /ai-video/batch: start many, and answer each as if it had been asked for alone.

Touches what starting one touches.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from functions.api import generations, wire
from functions.api.core import User
from functions.api.services import Services
from shared.bodies import Batch, StartGeneration
from shared.errors import InvalidRequest, ReelwrightError
from shared.replies import BatchAnswer, BatchAnswers

ACCEPTED = 202


def start_all(services: Services, user: User, body: Batch, request_id: str, key: str | None) -> BatchAnswers:
    """Return one answer per item, in the items' order."""
    answers = [_answer(services, user, item, request_id, key) for item in body.items]
    return BatchAnswers(success=all(answer.started for answer in answers), results=answers)


def _answer(services: Services, user: User, item: dict[str, Any], request_id: str, key: str | None) -> BatchAnswer:
    video_id = item.get("videoId")
    named = video_id if isinstance(video_id, str) else None
    try:
        started = generations.start(services, user, StartGeneration.model_validate_json(json.dumps(item)), key)
    except ValidationError as error:
        details = wire.field_details(error.errors(include_input=False, include_url=False))
        refused = wire.problem_of(InvalidRequest(wire.sentence(details)), request_id, details)
        return BatchAnswer(status_code=InvalidRequest.status, video_id=named, problem=refused)
    except ReelwrightError as error:
        return BatchAnswer(status_code=error.status, video_id=named, problem=wire.problem_of(error, request_id))
    return BatchAnswer(status_code=ACCEPTED, video_id=started.video_id, started=started)
