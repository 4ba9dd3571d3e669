"""The frame of every stage: event → model → run → model → event, with the ids on every log line.

Touches the log and the metrics in it; a stage's own dependencies are made on its first event and kept for the next.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from shared import wrong_values
from shared.contracts import (
    DrawSceneIn,
    DrawSceneOut,
    GenerateSceneIn,
    GenerateSceneOut,
    PlanIn,
    PlanOut,
    PollVeoIn,
    PollVeoOut,
    RenderSceneIn,
    RenderSceneOut,
    StageInput,
    StitchIn,
    StitchOut,
    TranscribeIn,
    TranscribeOut,
)
from shared.errors import InvalidRequest, ReelwrightError, TranscriptionThrottled, VeoThrottled
from shared.observability import metrics
from shared.observability.log import logger
from shared.observability.metric_names import PROVIDER_THROTTLES, STAGE_SECONDS
from shared.video.execution_names import execution_name
from shared.wire import Wire

In = TypeVar("In", bound=StageInput)
Out = TypeVar("Out", bound=Wire)
Deps = TypeVar("Deps")
Handler = Callable[[dict[str, Any], object], dict[str, Any]]
IDS = {"video_id", "generation_id"}
# What each stage takes and gives.
STAGES: dict[str, tuple[type[StageInput], type[Wire]]] = {
    "transcribe": (TranscribeIn, TranscribeOut),
    "plan": (PlanIn, PlanOut),
    "generate_scene": (GenerateSceneIn, GenerateSceneOut),
    "poll_veo": (PollVeoIn, PollVeoOut),
    "draw_scene": (DrawSceneIn, DrawSceneOut),
    "render_scene": (RenderSceneIn, RenderSceneOut),
    "stitch": (StitchIn, StitchOut),
}
THROTTLES = (TranscriptionThrottled, VeoThrottled)


def stage(run: Callable[[In, Deps], Out], *, takes: type[In], deps: Callable[[], Deps]) -> Handler:
    """Return the Lambda handler of a stage.

    `run` takes the validated input and the dependencies; `deps` makes the dependencies once per process. The handler
    raises InvalidRequest for an event that is not a `takes`, and whatever `run` raises.
    """
    dependencies = cache(deps)
    name = next((name for name, (model, _) in STAGES.items() if model is takes), takes.__name__)

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        request = _parse(takes, event)
        log = logger()
        began = time.monotonic()
        log.append_keys(
            stage=name,
            execution=execution_name(request.video_id, request.generation_id),
            **request.model_dump(include=IDS),
        )
        try:
            reply = run(request, dependencies())
        except ReelwrightError as error:
            details = {"error": type(error).__name__, "seconds": _since(began), "notes": _notes(error)}
            log.warning("stage failed", extra=details)
            if isinstance(error, THROTTLES):
                metrics.emit(PROVIDER_THROTTLES, 1)
            raise
        finally:
            metrics.emit(STAGE_SECONDS, _since(began), stage=name)
        log.info("stage done", extra={"seconds": _since(began)})
        return reply.model_dump(mode="json")

    return handler


def _parse(takes: type[In], event: dict[str, Any]) -> In:
    try:
        # Strict models read JSON text, where a list may become a tuple and a string an enumeration.
        return takes.model_validate_json(json.dumps(event))
    except ValidationError as error:
        where, wrong = wrong_values.first(error)
        raise InvalidRequest(f"{'.'.join(where) or takes.__name__}: {wrong}.") from error


def _notes(error: BaseException) -> list[str]:
    """Return what was noted for the log alone of an error and of its causes: other programs' own words."""
    mine = list[str](getattr(error, "__notes__", ()))
    return [*mine, *(_notes(error.__cause__) if error.__cause__ else ())]


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
