"""The purchase of a transcription: its price is set aside and noted before the job is ordered.

Touches what its ports touch: the accounts, the record, and Amazon Transcribe; writes the metric of what was spent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from functions.transcribe.adapters import StartJob, was_refused
from shared.aws.transcribe_request import TranscriptionOrder
from shared.budget.account_names import TRANSCRIPTION
from shared.budget.accounts import Spending
from shared.contracts import TranscribeIn
from shared.errors import ReelwrightError
from shared.observability import metrics
from shared.observability.metric_names import USD_SPENT
from shared.video.scene_ledger import SceneLedger

# Orders a job of so many USD.
Order = Callable[[TranscribeIn, TranscriptionOrder, float], None]


@dataclass(frozen=True)
class TranscriptionPurchase:
    """Everything a purchase needs."""

    start: StartJob
    table: str
    spending: Spending

    def order(self, request: TranscribeIn, job: TranscriptionOrder, usd: float) -> None:
        """Start the job of `usd`; an earlier one is left to run, and a second one of the generation is the same price.

        Raises BudgetExceeded, Superseded, or what starting raises. What was surely not bought is given back; what an
        earlier order may have bought stays set aside. The metric counts what the record does, once.
        """
        ledger = SceneLedger(self.table, request.video_id, request.generation_id)
        who = request.user_id, request.generation_id
        is_new = self.spending.hold(who, request.budget_usd, TRANSCRIPTION, usd, lambda: ledger.transcribing(usd))
        try:
            self.start(job)
        except ReelwrightError as error:
            if is_new and was_refused(error):
                self.spending.give_back(*who, TRANSCRIPTION, usd)
                ledger.transcription_refused()
                is_new = False
            raise
        finally:
            if is_new:
                metrics.emit(USD_SPENT, usd)
