"""The moments of a recording: looked for by a run, and shown with what a video of each would cost.

Touches the table, the bucket and the state machine through the services.
"""

from __future__ import annotations

from collections.abc import Sequence

from functions.api import core, estimate, generations
from functions.api.build import launch
from functions.api.build.launch import GenerationStart
from functions.api.build.next_run import require_idle
from functions.api.core import User
from functions.api.moments.heard import SHARED, Hearing
from functions.api.services import Services
from functions.api.transcripts import transcripts
from functions.api.transcripts.transcripts import has_times
from shared import media_keys
from shared.budget import pricing
from shared.contracts import Options
from shared.errors import BudgetExceeded
from shared.film.moments import RankedMoment, RankedMoments
from shared.film.plan import Word
from shared.http.moments.requests import LookForMoments
from shared.http.moments.responses import JudgementView, MomentsShown, MomentView, RubricView
from shared.http.plan_responses import WordShown
from shared.http.refusals import MomentsMissing
from shared.http.requests import Choices
from shared.http.responses import VideoOutcome


def look(services: Services, user: User, video_id: str, body: LookForMoments, key: str | None = None) -> VideoOutcome:
    """POST /videos/{videoId}/moments: start to look for moments; raises what starting a generation raises.

    What was heard for earlier moments of the recording, asked for alike, is not paid for again.
    """
    record = services.own(user, video_id)
    generation_id = core.generation_id(video_id, key)
    if launch.was_begun(services, record, generation_id):
        return generations.acceptance(video_id)
    require_idle(record)
    record = generations.require_arrival(services, record)
    own = transcripts.require(services, user, video_id, body.transcript_id)
    options = body.search(services.default_model)
    earlier = _heard_alike(services, video_id, options)
    seconds = record.duration or estimate.least_seconds(record.file_size, record.content_type)
    is_free = has_times(own) or earlier is not None
    _check_affordable(body, 0 if is_free else pricing.transcription(seconds), services.planner_model, seconds)
    services.pace.count(user[0])
    if earlier and earlier.share(services, video_id, generation_id):
        options = options.model_copy(update={"is_heard": True})
    launch.begin(services, record, GenerationStart(generation_id, options, "moments"))
    return generations.acceptance(video_id)


def show(services: Services, user: User, video_id: str) -> MomentsShown:
    """GET /videos/{videoId}/moments: those that were chosen last; raises MomentsMissing."""
    services.own(user, video_id)
    ranking = read(services, video_id)
    if ranking is None:
        raise MomentsMissing
    return MomentsShown(
        generation_id=ranking.generation_id,
        judged_by=ranking.judged_by,
        language_code=ranking.language_code,
        recording_seconds=ranking.recording_seconds,
        moments=[_view(services, moment) for moment in ranking.moments],
    )


def read(services: Services, video_id: str) -> RankedMoments | None:
    """Return the moments of a recording that were chosen last, None before any were."""
    key = media_keys.moments(video_id)
    if not services.bucket.holds(key):
        return None
    return RankedMoments.model_validate_json(services.bucket.read_text(key))


def hearing_of(ranking: RankedMoments, video_id: str) -> Hearing:
    """Return what was heard when the moments were chosen."""
    return Hearing(video_id, ranking.generation_id, ranking.options)


def _heard_alike(services: Services, video_id: str, options: Options) -> Hearing | None:
    ranking = read(services, video_id)
    if ranking is None or any(getattr(ranking.options, name) != getattr(options, name) for name in SHARED):
        return None
    hearing = hearing_of(ranking, video_id)
    return hearing if hearing.is_there(services) else None


def _check_affordable(body: LookForMoments, hearing: float, planner_model: str, seconds: float) -> None:
    least = round(hearing + pricing.moments_ceiling(planner_model, seconds, body.count), 6)
    if body.budget is not None and body.budget < least:
        raise BudgetExceeded(
            f"Transcribing and choosing moments may cost {least:.4f} USD and the budget is {body.budget:g} USD; "
            "nothing was started."
        )


def _view(services: Services, moment: RankedMoment) -> MomentView:
    seconds = moment.excerpt.seconds
    choices = Choices(target_duration=estimate.clip_length(seconds))
    models = services.default_model, services.planner_model
    price = estimate.estimate(choices, *models, seconds, has_times=True)
    rubric = {name: JudgementView(**rating) for name, rating in moment.rubric.model_dump().items()}
    return MomentView(
        **moment.model_dump(exclude={"words", "nearby", "rubric"}),
        seconds=seconds,
        score=moment.rubric.score,
        rubric=RubricView(**rubric),
        words=_words(moment.words),
        nearby=_words(moment.nearby or moment.words),
        prices=price.alternatives,
    )


def _words(words: Sequence[Word]) -> list[WordShown]:
    return [WordShown(**word.model_dump(exclude={"ends_sentence"})) for word in words]
