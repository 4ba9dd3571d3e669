"""Why something stopped, as clients are told: what a step says, a generation's failure, and a search for moments.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any

from functions.api.build.run_tasks import doubt
from shared.errors import ReelwrightError, TransientError, error_class
from shared.http.refusals import SceneMayBeBought
from shared.http.views import SearchView, legible_times
from shared.video import failure_words
from shared.video.costs import costs, is_charged
from shared.video.public_record import Failure, ProcessingStep
from shared.video.record import GenerationData, VideoRecord

# What is advised when nothing but resuming is needed.
RESUMING = (ReelwrightError.next_action, TransientError.next_action)


def step_view(step: ProcessingStep, why: Failure | None) -> dict[str, Any]:
    """Return a step as a client sees it, its error in words; `why` is the failure that the generation ended with."""
    ended_with = (why.error, why.message) if why else ("", "")
    error = failure_words.labelled_sentence(step.error_message, *ended_with)
    return legible_times(step.model_dump()) | {"error_message": error}


def failure_view(data: GenerationData) -> Failure | None:
    """Return why the generation failed, what to do next, and whether anything was charged; None if it has not."""
    if data.failure is None:
        return None
    # AWS's own error names (a timeout, a crash) are not in our vocabulary.
    kind = error_class(data.failure.error) or ReelwrightError
    # Resuming is refused without a decision when a clip might be bought twice.
    has_doubt = kind.next_action in RESUMING and any(map(doubt, data.vertex_ai_tasks))
    action = SceneMayBeBought.next_action if has_doubt else kind.next_action
    message = failure_words.sentence(data.failure.error, data.failure.message)
    details = {"message": message, "next_action": action, "charged": is_charged(data)}
    return data.failure.model_copy(update=details)


def search_view(record: VideoRecord) -> SearchView | None:
    """Return what became of the search for moments that is the record's latest generation."""
    data = record.ai_generation_data
    if data is None or record.ai_generation_status is None:
        return None
    return SearchView(
        generation_id=data.generation_id,
        status=record.ai_generation_status,
        failure=failure_view(data),
        degraded=data.degraded,
        cost_breakdown=costs(data),
    )
