"""The moments of a recording: asked for part by part, what was answered kept, ranked, and stored.

Touches what its ports touch: the planning model, the bucket, the record, and the accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

from pydantic import BaseModel

from functions.plan.material import material_of, word_of
from functions.plan.moments import ranking
from functions.plan.moments.question import (
    INSTRUCTIONS,
    RANKING,
    MomentsReply,
    RankingReply,
    moments_request,
    ranking_request,
)
from functions.plan.moments.ranking import Candidate, MomentLengths
from functions.plan.money import PlanBill, PlanMoney
from functions.plan.phrases import Phrase, phrases_of
from functions.plan.transcript import Transcript
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.budget.accounts import Spending
from shared.contracts import PlanIn
from shared.film.moments import RankedMoment, RankedMoments
from shared.film.plan import Word
from shared.models.plan_question import within_limit
from shared.models.planner import Planner
from shared.recordings.limits import USUAL_MOMENTS
from shared.video.scene_ledger import SceneLedger

# Seconds around a moment's ends in which it may be cut elsewhere.
AROUND = 30.0
_PARTS_AT_ONCE = 6
_Reply = TypeVar("_Reply", bound=BaseModel)
# What the model is told to do, with what, and how many seconds of speech that holds.
_Question = tuple[str, dict[str, Any], float]


@dataclass(frozen=True)
class _Search:
    """What is looked for, and where."""

    request: PlanIn
    phrases: list[Phrase]
    count: int
    language: str

    @property
    def lengths(self) -> MomentLengths:
        return ranking.lengths_of(self.phrases, self.request.options.target_duration)


@dataclass(frozen=True)
class MomentStore:
    """Everything that choosing moments needs; nothing may cost more than `max_budget` USD."""

    bucket: Bucket
    planner: Planner
    max_budget: float
    spending: Spending
    ledger: SceneLedger

    def choose(self, request: PlanIn, transcript: Transcript) -> RankedMoments:
        """Return the best moments of the recording, which are stored; what was answered before is not asked again.

        Raises BudgetExceeded when asking for them would cost more than the request's budget or a limit leaves.
        """
        budget = min(request.options.budget_usd or self.max_budget, self.max_budget)
        count = request.options.moments or USUAL_MOMENTS
        ceiling = pricing.moments_ceiling(self.planner.model, request.recording_seconds, count)
        try:
            self._money.hold_for_asking(request, budget, ceiling)
            chosen_moments = self._choose(request, transcript, count)
        finally:
            self._money.give_back(request)
        self.bucket.write_text(media_keys.moments(request.video_id), chosen_moments.model_dump_json(exclude_none=True))
        return chosen_moments

    def cost(self) -> float:
        """Return what all answers have cost, in USD."""
        return self._money.cost()

    def _choose(self, request: PlanIn, transcript: Transcript, count: int) -> RankedMoments:
        phrases = phrases_of(transcript, request.recording_seconds, request.options.target_duration)
        search = _Search(request, phrases, count, transcript.language_code)
        candidates = self._candidates(search)
        best = ranking.best(candidates, count, phrases)
        material = material_of(transcript, phrases)
        key = media_keys.material(request.video_id, request.generation_id)
        self.bucket.write_text(key, material.model_dump_json())
        places = [cut.time for cut in material.cuts if cut.clean]
        return RankedMoments(
            generation_id=request.generation_id,
            judged_by=self.planner.stand_in or self.planner.model,
            language_code=transcript.language_code,
            recording_seconds=request.recording_seconds,
            options=request.options,
            moments=tuple(_with_place(n, each, phrases, transcript, places) for n, each in enumerate(best, start=1)),
        )

    def _candidates(self, search: _Search) -> list[Candidate]:
        """Return what was chosen of each part; of more than one it is judged once more, by one measure."""
        parts = ranking.parts(search.phrases)
        # Side by side: one after another they might outlast the function.
        with ThreadPoolExecutor(_PARTS_AT_ONCE) as asking:
            choices = list(asking.map(partial(self._of_part, search), count(1), parts))
        candidates = [candidate for choice in choices for candidate in choice]
        if len(parts) == 1 or not candidates:
            return candidates
        texts = [(each.seconds(search.phrases), ranking.text_of(each, search.phrases)) for each in candidates]
        question = ranking_request(texts, search.request.options.prompt, search.language)
        seconds = sum(length for length, _ in texts)
        reply = self._ask(search.request, 0, (RANKING, question, seconds), RankingReply)
        return ranking.judged_anew(candidates, reply)

    def _of_part(self, search: _Search, number: int, part: Sequence[Phrase]) -> list[Candidate]:
        wish = search.request.options.prompt
        part = within_limit(part)
        question = moments_request(part, search.count, search.lengths, wish, search.language)
        seconds = part[-1].end - part[0].start
        reply = self._ask(search.request, number, (INSTRUCTIONS, question, seconds), MomentsReply)
        return ranking.candidates(reply.moments, part, search.lengths)

    def _ask(self, request: PlanIn, part: int, question: _Question, reply: type[_Reply]) -> _Reply:
        """Return the answer for a part of the recording; an earlier try's counts, so that none is paid for twice."""
        key = media_keys.chosen_of(request.video_id, request.generation_id, part)
        if self.bucket.holds(key):
            return reply.model_validate_json(self.bucket.read_text(key))
        instructions, document, seconds = question
        bill = PlanBill(self.ledger, pricing.answer_ceiling(self.planner.model, seconds))
        answer = self.planner.ask(instructions, document, reply, bill)
        self.bucket.write_text(key, answer.model_dump_json())
        return answer

    @property
    def _money(self) -> PlanMoney:
        return PlanMoney(self.spending, self.ledger)


def _with_place(
    number: int, moment: Candidate, phrases: Sequence[Phrase], transcript: Transcript, places: Sequence[float]
) -> RankedMoment:
    start = round(phrases[moment.first].start, 3)
    end = round(phrases[moment.last].end, 3)
    return RankedMoment(
        id=f"m{number}",
        start=start,
        end=end,
        title=moment.title,
        hook=moment.hook,
        reason=moment.reason,
        rubric=moment.rubric,
        text=ranking.text_of(moment, phrases),
        words=_words(transcript, start, end),
        nearby=_words(transcript, start - AROUND, end + AROUND),
        cuts=tuple(round(place, 3) for place in places if start - AROUND <= place <= end + AROUND),
    )


def _words(transcript: Transcript, start: float, end: float) -> tuple[Word, ...]:
    return tuple(word_of(word, word.start, word.end) for word in transcript.between(start, end))
