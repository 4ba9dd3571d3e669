"""The moments of a recording: looked for by a run, and shown with what a video of each would cost.

Touches the table, the bucket and the state machine through the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.api import core, estimate, generations
from functions.api.build import launch
from functions.api.build.launch import GenerationStart
from functions.api.build.next_run import require_idle
from functions.api.core import User
from functions.api.moments import heard
from functions.api.moments.heard import Hearing, of_latest
from functions.api.services import Services
from functions.api.transcripts import transcripts
from functions.api.transcripts.transcripts import has_times
from shared.budget import pricing
from shared.contracts import Options
from shared.errors import BudgetExceeded
from shared.film.moments import RankedMoment
from shared.film.plan import Word
from shared.http import webhook_url
from shared.http.moments.requests import LookForMoments
from shared.http.moments.responses import JudgementView, MomentsPriced, MomentsShown, MomentView, RubricView
from shared.http.plan_responses import WordShown
from shared.http.refusals import MomentsMissing
from shared.http.requests import Choices
from shared.http.responses import VideoOutcome
from shared.recordings.limits import USUAL_MOMENTS
from shared.video.record import VideoRecord


def look(services: Services, user: User, video_id: str, body: LookForMoments, key: str | None = None) -> VideoOutcome:
    """POST /videos/{videoId}/moments: start to look for moments; raises what starting a generation raises.

    What was heard of the recording for earlier moments, or for the video, asked for alike, is not paid for again. The
    video's latest generation is set aside for it: it is shown, and gone on with, as before.
    """
    record = services.own(user, video_id)
    generation_id = core.generation_id(video_id, key)
    if launch.take_up(services, record, generation_id):
        return generations.acceptance(video_id)
    require_idle(record)
    webhook_url.require_allowed(body.webhook_url, services.webhook_allowed_origins)
    record = generations.require_arrival(services, record)
    search = _search(services, user, record, body)
    seconds = record.duration or estimate.least_seconds(record.file_size, record.content_type)
    _check_affordable(body, search.price(services.planner_model, seconds))
    services.pace.count(user[0])
    options = search.options
    if search.earlier and search.earlier.share(services, video_id, generation_id):
        options = options.model_copy(update={"is_heard": True})
    set_aside, former = services.formers.set_aside(record)
    start = GenerationStart(generation_id, options, "moments", body.webhook_url, set_aside=set_aside, former=former)
    launch.begin(services, record, start)
    return generations.acceptance(video_id)


def price(services: Services, user: User, video_id: str, body: LookForMoments) -> MomentsPriced:
    """POST /videos/{videoId}/moments/estimate: what `look` would cost, by the recording's length; nothing is bought."""
    record = services.own(user, video_id)
    seconds = record.duration or estimate.guessed_seconds(record.file_size)
    return _search(services, user, record, body).price(services.planner_model, seconds)


def show(services: Services, user: User, video_id: str) -> MomentsShown:
    """GET /videos/{videoId}/moments: those that were chosen last; raises MomentsMissing."""
    services.own(user, video_id)
    ranking = heard.read(services, video_id)
    if ranking is None:
        raise MomentsMissing
    return MomentsShown(
        generation_id=ranking.generation_id,
        judged_by=ranking.judged_by,
        language_code=ranking.language_code,
        recording_seconds=ranking.recording_seconds,
        moments=[_view(services, moment) for moment in ranking.moments],
    )


def _heard_alike(services: Services, record: VideoRecord, options: Options) -> Hearing | None:
    """Return what was heard for the moments that were chosen last, or for the video itself, asked for alike."""
    ranking = heard.read(services, record.video_id)
    of_moments = ranking and heard.hearing_of(ranking, record.video_id)
    hearings = (of_moments, of_latest(record), of_latest(services.formers.beneath(record)))
    return next((each for each in hearings if each and each.is_alike(options) and each.is_there(services)), None)


@dataclass(frozen=True)
class _Search:
    """What is looked for, and what was heard before of the recording that need not be paid for again."""

    options: Options
    earlier: Hearing | None
    has_own_times: bool

    def price(self, planner_model: str, seconds: float) -> MomentsPriced:
        """Return what looking through so many seconds costs."""
        is_heard = self.has_own_times or self.earlier is not None
        hearing_usd = 0.0 if is_heard else pricing.transcription(seconds)
        wish = planner_model, seconds, self.options.moments or USUAL_MOMENTS
        most_usd = round(hearing_usd + pricing.moments_ceiling(*wish), 6)
        budget = self.options.budget_usd
        return MomentsPriced(
            usd=round(hearing_usd + pricing.usual_moments(*wish), 6),
            most_usd=most_usd,
            within_budget=budget is None or most_usd <= budget,
        )


def _search(services: Services, user: User, record: VideoRecord, body: LookForMoments) -> _Search:
    own = transcripts.require(services, user, record.video_id, body.transcript_id)
    options = body.search(services.default_model)
    return _Search(options, _heard_alike(services, record, options), has_times(own))


def _check_affordable(body: LookForMoments, price: MomentsPriced) -> None:
    if not price.within_budget:
        raise BudgetExceeded(
            f"Transcribing and choosing moments may cost {price.most_usd:.4f} USD and the budget is "
            f"{body.budget:g} USD; nothing was started."
        )


def _view(services: Services, moment: RankedMoment) -> MomentView:
    seconds = moment.excerpt.seconds
    choices = Choices(target_duration=estimate.clip_length(seconds))
    models = services.default_model, services.planner_model
    price = estimate.estimate(choices, *models, seconds, has_times=True)
    prices = sorted(price.alternatives, key=lambda row: row.model != services.default_model)
    rubric = {name: JudgementView(**rating) for name, rating in moment.rubric.model_dump().items()}
    return MomentView(
        **moment.model_dump(exclude={"words", "nearby", "rubric"}),
        seconds=seconds,
        score=moment.rubric.score,
        rubric=RubricView(**rubric),
        words=_words(moment.words),
        nearby=_words(moment.nearby or moment.words),
        prices=prices,
    )


def _words(words: Sequence[Word]) -> list[WordShown]:
    return [WordShown(**word.model_dump(exclude={"ends_sentence"})) for word in words]
