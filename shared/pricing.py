"""What everything but Veo costs, and the arithmetic of a video's cost in USD.

Pure data and functions; touches nothing. Each price names its source.
"""

from __future__ import annotations

# AWS Price List, us-east-1, read 2026-09-22: batch transcription, billed by the second with no minimum.
TRANSCRIBE_USD_PER_SECOND = 0.0001
# AWS Step Functions, STANDARD, us-east-1: per state transition.
TRANSITION_USD = 0.000025
# AWS Lambda on arm64, us-east-1: per GB-second.
LAMBDA_USD_PER_GB_SECOND = 0.0000133
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
