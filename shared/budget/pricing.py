"""What everything but clips costs, and the arithmetic of a video's cost in USD.

Pure data and functions; touches nothing. Each price names its source.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from shared.models.planner_models import PLAN_TOKENS, REPHRASE_TOKENS, TRANSLATION_TOKENS, request_cost

# AWS Price List, us-east-1, read 2026-09-22: batch transcription, billed by the second with no minimum.
TRANSCRIBE_USD_PER_SECOND = 0.0001
# AWS Step Functions, STANDARD, us-east-1, read 2026-11-23 at aws.amazon.com/step-functions/pricing: per transition.
TRANSITION_USD = 0.000025
# AWS Lambda on arm64, us-east-1, read 2026-11-23 at cloudchipr.com (2024), the same at git.mcrn.ar (2026-05-11):
# per GB-second.
LAMBDA_USD_PER_GB_SECOND = 0.0000133334
# AWS Lambda, read 2026-11-23 at git.mcrn.ar (2026-05-11): per request.
LAMBDA_USD_PER_REQUEST = 0.0000002
# Amazon DynamoDB on demand, us-east-1, since the price cut of 2024-11-01, read 2026-11-23 at airbyte.com (2025-07-21):
# per KB written, per 4 KB read.
DYNAMODB_USD_PER_WRITE_UNIT = 0.000000625
DYNAMODB_USD_PER_READ_UNIT = 0.000000125
# Amazon S3 Standard, us-east-1, read 2026-11-23 at devnotes.tech, the storage also at cloudburn.io (2026-03-13):
# per PUT, per GET, per GB stored for a month, per GB sent to the internet.
S3_USD_PER_PUT = 0.000005
S3_USD_PER_GET = 0.0000004
S3_USD_PER_GB_MONTH = 0.023
S3_USD_PER_GB_OUT = 0.09
# Amazon API Gateway, REST, read 2026-11-23 at blog.easecloud.io: per request.
API_USD_PER_REQUEST = 0.0000035
# Amazon CloudWatch Logs, us-east-1, read 2026-11-23 at c3x.dev (June 2026): per GB taken in.
LOGS_USD_PER_GB = 0.50
# What is no answer to the question is asked for once more.
ANSWERS = 2
# Seconds of a recording that are read at once when moments are chosen of it, and of the longest moment.
PART_SECONDS = 2700.0
LONGEST_CANDIDATE = 60.5
# The request besides the speech, and a second of fast speech in a language of many tokens, with its phrases' numbers.
_FIXED_TOKENS = 3_000
_TOKENS_PER_SECOND = 15
# The same as it usually is; of what comes out, 1,500 are thinking at the low effort that a plan is asked for with.
_USUAL_TOKENS_PER_SECOND = 4
_USUAL_ANSWER_TOKENS = 3_500
# A request to translate captions besides the captions: what the model is told, and the form of its answer.
_TRANSLATION_TOKENS = 1_500
# Bytes of the question besides what is said, and of a second of it: twice its text, of fast speech in a script of three
# bytes a letter.
_QUESTION_BYTES = 300
_QUESTION_BYTES_PER_SECOND = 200
# What goes in and comes out as it usually is, of half a minute of speech, with the thinking.
_USUAL_TRANSLATION = (800, 1_000)


def transcription(seconds: float) -> float:
    """Return the USD that transcribing `seconds` of sound costs."""
    return round(TRANSCRIBE_USD_PER_SECOND * seconds, 6)


def plan_tokens(recording_seconds: float) -> tuple[int, int]:
    """Return how many tokens usually go into a request for a plan, and how many come out, thinking included."""
    return math.ceil(_FIXED_TOKENS + _USUAL_TOKENS_PER_SECOND * recording_seconds), _USUAL_ANSWER_TOKENS


def answer_ceiling(model: str, recording_seconds: float) -> float:
    """Return the most that one answer to a request for a plan can cost, in USD."""
    tokens = math.ceil(_FIXED_TOKENS + _TOKENS_PER_SECOND * recording_seconds)
    return request_cost(model, tokens, PLAN_TOKENS, tokens)


def planning_ceiling(model: str, recording_seconds: float) -> float:
    """Return the most that planning a film from `recording_seconds` of recording can cost, in USD.

    So much is set aside before the model is asked; what was not spent of it is given back when the plan is there.
    """
    return round(ANSWERS * answer_ceiling(model, recording_seconds), 6)


def translated_ceiling(model: str, question_bytes: int) -> float:
    """Return the most that one answer to a request to translate captions can cost, in USD."""
    tokens = _TRANSLATION_TOKENS + question_bytes
    return request_cost(model, tokens, TRANSLATION_TOKENS, tokens)


def translation_ceiling(model: str, question_bytes: int) -> float:
    """Return the most that translating captions can cost, in USD; so much is announced, and set aside, before."""
    return round(ANSWERS * translated_ceiling(model, question_bytes), 6)


def most_translation(model: str, seconds: float) -> float:
    """Return the most that translating the captions of a video of so many seconds can cost, in USD, before its plan."""
    return translation_ceiling(model, math.ceil(_QUESTION_BYTES + _QUESTION_BYTES_PER_SECOND * seconds))


def usual_translation(model: str) -> float:
    """Return what translating the captions of a short video usually costs, in USD."""
    return request_cost(model, *_USUAL_TRANSLATION)


def moments_ceiling(model: str, recording_seconds: float, candidates: int) -> float:
    """Return the most that choosing moments of a recording can cost, in USD: of each of its parts, then of all.

    `candidates` is how many a part has at most; they are judged once more where there is more than one part.
    """
    return round(ANSWERS * _of_all_parts(recording_seconds, candidates, partial(answer_ceiling, model)), 6)


def usual_moments(model: str, recording_seconds: float, candidates: int) -> float:
    """Return what choosing moments of a recording usually costs, in USD, of each of its parts, then of all."""

    def usual_answer(seconds: float) -> float:
        return request_cost(model, *plan_tokens(seconds))

    return round(_of_all_parts(recording_seconds, candidates, usual_answer), 6)


def _of_all_parts(recording_seconds: float, candidates: int, answer: Callable[[float], float]) -> float:
    """Return the USD of all questions about moments, each once, by what an answer about so many seconds costs."""
    parts = parts_of(recording_seconds)
    choosing = parts * answer(recording_seconds / parts)
    return choosing + (answer(parts * candidates * LONGEST_CANDIDATE) if parts > 1 else 0.0)


def parts_of(recording_seconds: float) -> int:
    """Return in how many parts a recording is read that moments are chosen of."""
    return max(1, math.ceil(recording_seconds / PART_SECONDS))


def rephrased_ceiling(model: str) -> float:
    """Return the most that one answer to a request to rephrase a prompt can cost, in USD."""
    return request_cost(model, _FIXED_TOKENS, REPHRASE_TOKENS, _FIXED_TOKENS)


def rephrasing_ceiling(model: str) -> float:
    """Return the most that rephrasing a prompt once can cost, in USD; so much is set aside before it is asked for."""
    return round(ANSWERS * rephrased_ceiling(model), 6)
