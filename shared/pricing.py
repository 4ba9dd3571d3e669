"""What everything but Veo costs, and the arithmetic of a video's cost in USD.

Pure data and functions; touches nothing. Each price names its source.
"""

from __future__ import annotations

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
# OpenAI, 2026-09-22: USD per million tokens (input, output).
PLANNER_USD_PER_MILLION_TOKENS = {
    "gpt-6-luna": (0.10, 0.50),
    "gpt-5.6-luna": (0.20, 1.20),
    "gpt-6.1-terra": (1.00, 5.00),
    "gpt-6-sol": (2.00, 10.00),
}
DEFAULT_PLANNER = "gpt-6-luna"


def transcription(seconds: float) -> float:
    """Return the USD that transcribing `seconds` of sound costs."""
    return round(TRANSCRIBE_USD_PER_SECOND * seconds, 6)


def planning(model: str, input_tokens: int, output_tokens: int) -> float:
    """Return the USD of one request to the planning model; an unlisted model is priced as the dearest listed one."""
    dearest = max(PLANNER_USD_PER_MILLION_TOKENS.values())
    into, out = PLANNER_USD_PER_MILLION_TOKENS.get(model, dearest)
    return round((input_tokens * into + output_tokens * out) / 1e6, 6)
