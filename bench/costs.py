"""What one 30 s video costs, service by service: the table of the README, from the code's own price list.

Reads each function's memory from local/template.json; run as a program, it prints the table.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from shared.budget import pricing
from shared.models import video_models
from shared.models.planner_models import DEFAULT_PLANNER, request_cost

TEMPLATE = Path(__file__).resolve().parents[1] / "local" / "template.json"
SECONDS = 30
CLIPS = (8, 8, 8, 6)
# No shorter scene is what the planning model is asked for, though it may answer with one.
SHORTEST_SCENE = 3
TOKENS = pricing.plan_tokens(SECONDS)
TRANSITIONS = 160
# Invocations of each function and the seconds that one takes in the cloud, rounded up.
RUNS = {
    "Transcribe": (1, 3.0),
    "Plan": (1, 10.0),
    "GenerateScene": (4, 3.0),
    "PollVeo": (20, 1.5),
    "RenderScene": (4, 10.0),
    "DrawScene": (0, 4.0),
    "Stitch": (1, 10.0),
    "Api": (60, 0.1),
    "Settle": (2, 0.3),
    "Webhook": (1, 1.0),
    # Pictures of the user's own are checked when they are brought, for no video.
    "CheckImage": (0, 0.0),
    # Only of users who asked for e-mails.
    "Mail": (0, 0.0),
}
# The record is at most this many KB while a video is made, and is written and read this often.
RECORD_KB = 16
WRITES = 32
# Each write goes to the index by user, too, which holds all of the record.
WRITTEN_TWICE = 2
READS = 93
PUTS = 26
GETS = 60
STORED_GB = 0.06
SENT_GB = 0.01
API_REQUESTS = 60
LOGS_GB = 0.0002


@dataclass(frozen=True)
class CostLine:
    """One row of the table."""

    service: str
    what: str
    usd: float


def lines(model: str = video_models.DEFAULT_MODEL) -> list[CostLine]:
    """Return the rows of a video made with `model`, without the sum."""
    model_row = video_models.model(model)
    return [
        CostLine(
            "Veo", f"{sum(CLIPS)} s of clips", round(sum(video_models.clip_cost(model_row, clip) for clip in CLIPS), 6)
        ),
        CostLine("Transcribe", f"{SECONDS} s of recording", pricing.transcription(SECONDS)),
        CostLine(
            "OpenAI",
            f"{TOKENS[0]} tokens in, {TOKENS[1]} out, thinking included",
            request_cost(DEFAULT_PLANNER, *TOKENS),
        ),
        CostLine("Step Functions", f"{TRANSITIONS} transitions", TRANSITIONS * pricing.TRANSITION_USD),
        CostLine("Lambda", f"{gb_seconds():.0f} GB-seconds, {_invocations()} runs", _functions()),
        CostLine("DynamoDB", f"{WRITES} writes, {READS} reads of a record of {RECORD_KB} KB", _table()),
        CostLine("S3", f"{PUTS} writes, {GETS} reads, {STORED_GB * 1000:.0f} MB for a month, one view", _bucket()),
        CostLine("API Gateway", f"{API_REQUESTS} requests", API_REQUESTS * pricing.API_USD_PER_REQUEST),
        CostLine("CloudWatch", f"{LOGS_GB * 1e6:.0f} KB of logs", LOGS_GB * pricing.LOGS_USD_PER_GB),
    ]


def most_billed(model: str = video_models.DEFAULT_MODEL) -> int:
    """Return the most seconds that a film of `SECONDS` can be billed as, cut into scenes as they are asked for."""
    model_row = video_models.model(model)
    rate = video_models.FRAME_RATE
    lengths = range(SHORTEST_SCENE * rate, model_row.clip_seconds[-1] * rate + 1)
    billed_by_frames = {frames: video_models.billed_seconds(model_row, frames / rate) for frames in lengths}
    most = {0: 0}
    for end in range(1, SECONDS * rate + 1):
        totals = [most[end - frames] + clip for frames, clip in billed_by_frames.items() if end - frames in most]
        if totals:
            most[end] = max(totals)
    return most[SECONDS * rate]


def highest(model: str = video_models.DEFAULT_MODEL) -> float:
    """Return the USD of a video that is billed so, everything else included."""
    others = sum(row.usd for row in lines(model)[1:])
    return video_models.clip_cost(video_models.model(model), most_billed(model)) + others


def gb_seconds() -> float:
    """Return the memory-time of a video's functions."""
    return sum(count * seconds * memory_gb(function) for function, (count, seconds) in RUNS.items())


def memory_gb(function: str) -> float:
    """Return the memory that the template gives to a function, in GB."""
    resources = json.loads(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
    return resources[function]["Properties"]["MemorySize"] / 1024


def markdown() -> list[str]:
    """Return the table's lines in Markdown."""
    rows = lines()
    total = sum(row.usd for row in rows)
    body = [f"| {row.service} | {row.what} | {row.usd:.4f} |" for row in rows]
    return ["| service | for | USD |", "|---|---|---|", *body, f"| sum | | {total:.4f} |"]


def models() -> list[str]:
    """Return the table of models in Markdown: clips, everything else, and the sum."""
    head = ["| model | clips | everything else | sum |", "|---|---|---|---|"]
    return head + [_model_row(name) for name in video_models.MODELS]


def _model_row(name: str) -> str:
    clips, *others = (row.usd for row in lines(name))
    retires = video_models.MODELS[name].retires
    note = " (default)" if name == video_models.DEFAULT_MODEL else " (preview)" if retires == "preview" else ""
    return f"| `{name}`{note} | {clips:.2f} | {sum(others):.2f} | {clips + sum(others):.2f} |"


def _invocations() -> int:
    return sum(count for count, _ in RUNS.values())


def _functions() -> float:
    time = gb_seconds() * pricing.LAMBDA_USD_PER_GB_SECOND
    return time + _invocations() * pricing.LAMBDA_USD_PER_REQUEST


def _table() -> float:
    # A write costs by the whole record, a consistent read by each 4 KB of it.
    writes_usd = WRITES * WRITTEN_TWICE * RECORD_KB * pricing.DYNAMODB_USD_PER_WRITE_UNIT
    return writes_usd + READS * RECORD_KB / 4 * pricing.DYNAMODB_USD_PER_READ_UNIT


def _bucket() -> float:
    requests = PUTS * pricing.S3_USD_PER_PUT + GETS * pricing.S3_USD_PER_GET
    return requests + STORED_GB * pricing.S3_USD_PER_GB_MONTH + SENT_GB * pricing.S3_USD_PER_GB_OUT


if __name__ == "__main__":
    print("\n".join([*models(), "", *markdown()]))
