"""Clips that are there already: of the same recording, the same excerpt and the same wishes.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

from functions.api.moments.clip_orders import ClipOrder, ClipWish
from functions.api.services import Services
from shared.contracts import Options
from shared.video.record import VideoRecord

# A clip that failed or was cancelled is none that anybody waits for, and one whose video was deleted is gone.
_OF_USE = ("processing", "awaiting_review", "completed")
# What of a clip's options says nothing of what it is like: its share of a budget, and where copies for it lie.
_BESIDES = {"budget_usd": None, "brand": None, "is_heard": None}


def find(services: Services, order: ClipOrder) -> dict[ClipWish, VideoRecord]:
    """Return the order's clips that are made, or being made, by their wishes: the newest of each."""
    parent_id = order.parent.video_id
    records = services.table.made_of(order.parent, lambda each: each.parent_id == parent_id)
    wishes = {wish: _likeness(_options(services, order, wish)) for wish in order.wishes}
    twins: dict[ClipWish, VideoRecord] = {}
    for record in records:
        for wish, likeness in wishes.items():
            # One whose execution was never begun, or died, is none.
            if wish not in twins and _is_alike(_as_it_is(services, record), order, likeness):
                twins[wish] = record
    return twins


def _as_it_is(services: Services, record: VideoRecord) -> VideoRecord:
    return services.formers.beneath(services.repair_if_dead(record))


def _options(services: Services, order: ClipOrder, wish: ClipWish) -> Options:
    options = order.choices_of(wish, None).options(services.default_model)
    return options.model_copy(update={"excerpt": wish.excerpt})


def _likeness(options: Options) -> Options:
    return options.model_copy(update=_BESIDES)


def _is_alike(record: VideoRecord, order: ClipOrder, likeness: Options) -> bool:
    data = record.ai_generation_data
    if data is None or data.is_deleted or record.ai_generation_status not in _OF_USE or record.deleting_since:
        return False
    return data.goal == order.goal and _likeness(Options.model_validate(data.options)) == likeness
