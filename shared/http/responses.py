"""What the REST API answers: one model for each reply, camelCase on the wire around the record's own names.

Touches nothing; seconds, USD, and times in ISO 8601.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.errors import InvalidEdit, ReelwrightError
from shared.http.refusals import ANSWERED
from shared.http.views import VersionView, VideoView
from shared.video.public_record import Moment


class ApiReply(BaseModel):
    """The base of every reply."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class FieldLimit(ApiReply):
    """What a field may say: from `least` to `most`, or one of `choices`."""

    least: float | None = None
    most: float | None = None
    choices: list[str | float] | None = None


class FieldProblem(ApiReply):
    """What is wrong with one field of the request; of an edit of a plan, with one of its own fields."""

    field: str
    message: str
    edit: int | None = None
    limit: FieldLimit | None = None


class Problem(ApiReply):
    """Every error of the API; `error` is a class of shared/errors.py or shared/http/refusals.py."""

    error: Annotated[str, Field(json_schema_extra={"enum": list(ANSWERED)})]
    message: str
    details: list[FieldProblem] | None = None
    request_id: str
    retriable: bool
    charged: bool


def problem_of(error: ReelwrightError, request_id: str, details: Sequence[FieldProblem] = ()) -> Problem:
    """Return an error of our vocabulary in the one shape."""
    return Problem(
        error=type(error).__name__,
        message=str(error),
        details=list(details) or _of_edit(error),
        request_id=request_id,
        retriable=error.retriable,
        charged=error.charged,
    )


def _of_edit(error: ReelwrightError) -> list[FieldProblem] | None:
    if not isinstance(error, InvalidEdit) or not error.field:
        return None
    limit = error.limit and FieldLimit(
        least=error.limit.least, most=error.limit.most, choices=list(error.limit.choices) or None
    )
    return [FieldProblem(field=error.field, message=error.why, edit=error.edit, limit=limit)]


class ProblemDetails(Problem):
    """An error after RFC 9457, with the API's own fields: for whoever asks for `application/problem+json`."""

    type: str
    title: str
    status: int
    detail: str


class UploadForm(ApiReply):
    """A form: POST its `fields`, then the file as the field `file`, to `url` before `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: Moment


class VideoCreated(ApiReply):
    """A new record and the form for its recording."""

    success: bool = True
    video: VideoView
    upload: UploadForm


class VideoShown(ApiReply):
    """One record."""

    success: bool = True
    video: VideoView


class VideoList(ApiReply):
    """A page of the caller's records, newest first; `next` is there when there are more."""

    success: bool = True
    videos: list[VideoView]
    next: str | None = None


class VersionList(ApiReply):
    """The finished videos of a recording, newest first."""

    success: bool = True
    versions: list[VersionView]


class VideoOutcome(ApiReply):
    """What became of a video."""

    success: bool = True
    message: str
    video_id: str
    status: Literal["processing", "cancelled", "deleted"]


class BatchAnswer(ApiReply):
    """The answer to one item of a batch: what POST /ai-video would have answered, with its HTTP status."""

    status_code: int
    video_id: str | None = None
    started: VideoOutcome | None = None
    problem: Problem | None = None


class BatchAnswers(ApiReply):
    """One answer per item, in the items' order; `success` when every one was started."""

    success: bool
    results: list[BatchAnswer]


class Costs(ApiReply):
    """USD by what they are for."""

    transcription: float
    scene_planning: float
    video_generation: float
    total: float


class Alternative(ApiReply):
    """The same video by another model: the seconds of clips that it bills, and what all of it costs, in USD."""

    model: str
    billed_seconds: int
    usd: float


class Estimate(ApiReply):
    """What a generation will cost and take, before the plan: `clip_seconds` are the clips as they are sold.

    `alternatives` are all models that make such a video, the cheapest first.
    """

    model: str
    seconds: float
    clip_seconds: list[int]
    cost: Costs
    generation_seconds: int
    within_budget: bool
    alternatives: list[Alternative]


class Estimated(ApiReply):
    """An estimate."""

    success: bool = True
    estimate: Estimate
