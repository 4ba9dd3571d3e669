"""The purchase of a transcription: its price is set aside and noted before the job is ordered.

Touches what its ports touch: the accounts, the record, and Amazon Transcribe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from functions.transcribe.adapters import StartJob, was_refused
from shared.aws.transcribe_request import Job
from shared.budget.accounts import TRANSCRIPTION, Spending
from shared.contracts import TranscribeIn
from shared.errors import ReelwrightError
from shared.video.scene_ledger import SceneLedger

# Orders a job of so many USD, and returns whether this call started one.
Order = Callable[[TranscribeIn, Job, float], bool]


@dataclass(frozen=True)
class Purchase:
    """Everything a purchase needs."""

    start: StartJob
    table: str
    spending: Spending

    def order(self, request: TranscribeIn, job: Job, usd: float) -> bool:
        """Start the job of `usd` and return whether this call started one; an earlier one is left to run.

        Raises BudgetExceeded, Superseded, or what starting raises. What was surely not bought is given back; after an
        order of unknown outcome its price stays set aside, and the next try finds the job by its name.
        """
        ledger = SceneLedger(self.table, request.video_id, request.generation_id)
        who = request.user_id, request.generation_id
        self.spending.hold(who, request.budget_usd, TRANSCRIPTION, usd, lambda: ledger.transcribing(usd))
        try:
            return self.start(job)
        except ReelwrightError as error:
            if was_refused(error):
                self.spending.give_back(*who, TRANSCRIPTION, usd)
                ledger.transcription_refused()
            raise
