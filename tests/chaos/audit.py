"""Whether a finished job tells the truth, and what its clips cost: the record against the ledger of what was sold.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from local.emulators.ledger import PICTURE, Entry
from shared.budget.account_names import OF_GENERATION, OF_USER, account_ids
from shared.budget.accounts import Limits
from shared.choices.words import Resolution
from shared.errors import error_class
from shared.models import video_models
from shared.models.picture_request import IMAGE_MODELS
from shared.models.planner_models import request_cost
from shared.video.costs import costs, outlay
from shared.video.public_record import STEPS, Failure
from shared.video.record import GenerationData, VideoRecord
from tests.chaos import purchases

# The least amount in USD that an account may be wrong by: amounts have six digits.
_CENT = 1e-5
FINAL = ("completed", "failed", "cancelled", "awaiting_review")


@dataclass(frozen=True)
class AuditedCosts:
    """USD for clips and stills: `sold_usd` by the ledger, `counted_usd` and `undecided` by the record."""

    sold_usd: float
    counted_usd: float
    undecided: float

    @property
    def honest(self) -> bool:
        """Whether what was sold is what the record counts, and at most what it calls undecided besides."""
        return self.counted_usd - 1e-6 <= self.sold_usd <= self.counted_usd + self.undecided + 1e-6


def bill(record: VideoRecord, sales: Iterable[Entry]) -> AuditedCosts:
    """Return the bill of a record's clips and stills; `sales` are those of any videos."""
    data = record.ai_generation_data or GenerationData()
    usd = sum(price(sale) for sale in charged(record, sales))
    return AuditedCosts(round(usd, 6), data.cost_breakdown.video_generation, data.cost_breakdown.undecided)


def charged(record: VideoRecord, sales: Iterable[Entry]) -> list[Entry]:
    """Return the sales that the record's video is charged for; `sales` are those of any videos."""
    return [sale for sale in purchases.of_video(record.video_id, sales) if sale.charged]


def price(sale: Entry) -> float:
    """Return the USD of a clip, or a still of the usual size, that was sold."""
    if sale.what == PICTURE:
        return IMAGE_MODELS[sale.model].usd["1K"]
    return video_models.clip_cost(
        video_models.model(sale.model), round(sale.seconds), cast("Resolution", sale.resolution)
    )


def asking_price(sale: Entry) -> float:
    """Return the USD of an answer of the planning model."""
    return request_cost(sale.model, sale.input_tokens, sale.output_tokens)


def faults(record: VideoRecord, sales: Iterable[Entry]) -> list[str]:
    """Return a sentence for everything that is not as promised of a job that is over, closed or not."""
    data = record.ai_generation_data or GenerationData()
    sales = list(sales)
    sentences = _status(record, data)
    sentences += purchases.charged_twice(data, charged(record, sales))
    account = bill(record, sales)
    if not account.honest:
        sentences.append(f"the record does not tell what was sold: {account}")
    sentences += [] if is_decided_late(record) else told_otherwise(record)
    budget = data.options.get("budget_usd")
    if budget is not None and data.cost_breakdown.total > budget + 1e-6:
        sentences.append(f"the budget of {budget} is exceeded: {data.cost_breakdown.total}")
    return sentences


def told_otherwise(record: VideoRecord) -> list[str]:
    """Return a sentence if the costs that were written when the end was told are not those that the record has now."""
    data = record.ai_generation_data or GenerationData()
    as_told = data.cost_breakdown
    now = costs(data)
    return [] if as_told == now else [f"the total of the costs is {as_told.total}, and should be {now.total}"]


def is_decided_late(record: VideoRecord) -> bool:
    """Return whether a function that ran on after the end has decided something of what was told as undecided.

    Only of a job that was interrupted: a function of one that is completed has ended. Until it is closed, its written
    costs are those of the end, and what is decided was a part of what was undecided.
    """
    data = record.ai_generation_data or GenerationData()
    as_told = data.cost_breakdown
    now = costs(data)
    was_broken_off = record.ai_generation_status in ("cancelled", "failed")
    is_more = as_told.total - 1e-6 <= now.total
    is_within = now.total + now.undecided <= as_told.total + as_told.undecided + 1e-6
    return was_broken_off and now.undecided < as_told.undecided and is_more and is_within


def is_told(record: VideoRecord) -> bool:
    """Return whether the end of the generation's latest execution was told."""
    data = record.ai_generation_data
    return bool(data and data.notice and data.notice.is_sent and data.notice.execution_arn == data.execution_arn)


def unpaid(record: VideoRecord, sales: Iterable[Entry], aside: float) -> list[str]:
    """Return a sentence if the clips that were sold cost more than what the generation's account has set aside."""
    usd = bill(record, sales).sold_usd
    return [f"{usd} was sold and {aside} set aside"] if usd > aside + 1e-6 else []


def overdrawn(balances: Mapping[str, float], usd_by_user: Mapping[str, float], limits: Limits) -> list[str]:
    """Return a sentence for each account of a day above its limit, and for each owner who set less aside than was sold.

    `balances` is the USD of each account by its id, `usd_by_user` the USD of all clips by the id of their user.
    """
    users = {name: usd for name, usd in balances.items() if name.startswith(OF_USER)}
    deployment = {name: usd for name, usd in balances.items() if not name.startswith((OF_USER, OF_GENERATION))}
    sentences = _above(users, limits.user_day) + _above(deployment, limits.deployment_day)
    by_user = {
        user: sum(usd for name, usd in users.items() if name.startswith(f"{OF_USER}{user}#")) for user in usd_by_user
    }
    pairs = [(sum(usd_by_user.values()), sum(deployment.values()))] + [
        (usd, by_user[user]) for user, usd in usd_by_user.items()
    ]
    return sentences + [f"{usd} was sold and {aside} set aside for a day" for usd, aside in pairs if usd > aside + 1e-6]


def held_for_nothing(records: Iterable[VideoRecord], accounts: Mapping[str, float]) -> list[str]:
    """Return a sentence for each account that holds another sum than was spent by jobs that are all settled.

    `accounts` holds the USD of each by its id; what a clip or an answer of unknown fate may have cost is spent, too.
    """
    expected_usd = {
        account_ids(record.user_id, data.generation_id, "")[0]: outlay(data)
        for record in records
        if (data := record.ai_generation_data)
    }
    balances = {name: usd for name, usd in accounts.items() if name.startswith(OF_GENERATION)}
    sentences = [
        f"{name} holds {balances.get(name, 0)}, and {usd} was spent"
        for name, usd in expected_usd.items()
        if abs(balances.get(name, 0) - usd) > _CENT
    ]
    users = sum(usd for name, usd in accounts.items() if name.startswith(OF_USER))
    days = sum(usd for name, usd in accounts.items() if not name.startswith((OF_USER, OF_GENERATION)))
    sums = round(sum(balances.values()), 6), round(users, 6), round(days, 6)
    alike = max(sums) - min(sums) <= _CENT
    return sentences + ([] if alike else [f"generations hold {sums[0]}, users {sums[1]}, days {sums[2]}"])


def _above(accounts: Mapping[str, float], limit: float) -> list[str]:
    return [f"{name} has {usd}, its limit is {limit}" for name, usd in accounts.items() if usd > limit + 1e-6]


def _status(record: VideoRecord, data: GenerationData) -> list[str]:
    status = record.ai_generation_status
    steps = [step.status for step in data.processing_steps]
    if record.deleted_at and status in FINAL:
        # What a tombstone keeps is for the accounts.
        return []
    if status == "completed":
        whole = steps == ["completed"] * len(STEPS) and all(task.status == "completed" for task in data.vertex_ai_tasks)
        sentences = [] if whole and data.final_video_url and not data.failure else ["completed, but not everything is"]
        return sentences + _missing_from_lists(record, data)
    if status == "awaiting_review":
        return [] if _is_to_review(data, steps) else [f"its {data.goal} is to be looked at, but is not there"]
    if status == "failed":
        return [] if data.failure and _says_why(data.failure) else ["failed, and does not say why"]
    return [] if status in FINAL else [f"it is left {status}"]


def _is_to_review(data: GenerationData, steps: list[str]) -> bool:
    """Return whether what the latest run was to make is there: a plan, or a film of its current revision."""
    if data.failure or data.goal == "video":
        return False
    if data.goal in ("plan", "moments"):
        return steps[:2] == ["completed"] * 2 and bool(data.vertex_ai_tasks) == (data.goal == "plan")
    preview = data.preview
    is_of_goal = preview is not None and (preview.goal, preview.revision) == (data.goal, data.revision)
    return is_of_goal and steps == ["completed"] * len(STEPS)


def _missing_from_lists(record: VideoRecord, data: GenerationData) -> list[str]:
    version = (record.versions or {}).get(data.generation_id)
    if version is None:
        return ["completed, but not among the record's versions"]
    is_same = (version.final_video_url, version.cost_usd) == (data.final_video_url, data.cost_breakdown.total)
    return [] if is_same else ["the version is not what the record tells of its generation"]


def _says_why(failure: Failure) -> bool:
    # An error is of our vocabulary or, with a dot in its name, of AWS's.
    return (
        bool(failure.message)
        and failure.step in STEPS
        and (error_class(failure.error) is not None or "." in failure.error)
    )
