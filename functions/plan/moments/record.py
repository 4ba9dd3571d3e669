"""The moments of a recording as the stage answers with them and the record keeps them: what was heard, and notes.

Values only; touches nothing but the store that it is given.
"""

from __future__ import annotations

from functions.plan import record_attributes
from functions.plan.core import doubts
from functions.plan.moments.store import MomentStore
from functions.plan.plan_store import PlanStore
from functions.plan.transcript import Transcript
from shared import media_keys
from shared.aws.attribute_values import attribute_value
from shared.contracts import PlanIn, PlanOut
from shared.recordings.limits import USUAL_MOMENTS


def answer(request: PlanIn, transcript: Transcript, plans: PlanStore) -> PlanOut:
    """Return the stage's answer once the moments are stored: there are no scenes, nor anything to be ordered."""
    store = MomentStore(plans.bucket, plans.planner, plans.max_budget, plans.spending, plans.ledger)
    count = len(store.choose(request, transcript).moments)
    notes = [*transcript.notes, *doubts(transcript, transcript.words)]
    if count < (most := request.options.moments or USUAL_MOMENTS):
        notes.append(f"{count} of {most} moments were chosen: the recording has no more that stand alone.")
    return PlanOut(
        plan_key=media_keys.moments(request.video_id),
        scenes=(),
        cost_usd=store.cost(),
        planned_video_cost_usd=0,
        audio_transcription=attribute_value(record_attributes.hearing(transcript).model_dump(mode="json")),
        scene_beats=attribute_value(None),
        vertex_ai_tasks=attribute_value([]),
        degraded=attribute_value(notes),
    )
