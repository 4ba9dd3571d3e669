"""What the tests of planning ask with: a planning model behind its port, requests, and plain sentences."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.plan.transcript import Transcript
from local.emulators.openai.emulator import OpenAIEmulator
from shared.aws import clients
from shared.contracts import Options, PlanIn
from shared.models.plan_question import PlannerReply
from shared.models.planner import Bill, Planner
from shared.video.record import to_item
from tests.unit.cloud_fixtures import BUCKET, GENERATION, TABLE, VIDEO, create_keys_table, record
from tests.unit.plan_examples import document, reply, scene, spoken_word, word

KEY = "ai-temp/video1/gen1/transcript.json"
# The table of accounts, and how long the recording is that was heard.
KEYS = "keys"
SECONDS = 60.0


@contextmanager
def heard_recording(monkeypatch: pytest.MonkeyPatch) -> Generator[OpenAIEmulator]:
    """Yield OpenAI's stand-in, beside a record whose recording was heard and accounts that have spent nothing."""
    create_keys_table(KEYS)
    clients.dynamodb().put_item(TableName=TABLE, Item=to_item(record()))
    words = (word(f"w{n}{'' if n % 4 < 3 else '.'}", f"{n}.0", f"{n}.8") for n in range(int(SECONDS)))
    clients.s3().put_object(Bucket=BUCKET, Key=KEY, Body=document(*words).encode())
    with OpenAIEmulator(api_key="key") as openai:
        monkeypatch.setenv("OPENAI_BASE_URL", openai.url + "/v1")
        yield openai


@dataclass
class Noted:
    """A bill that remembers: requests that may be charged, and the answers that were, with their USD."""

    doubtful: set[str] = field(default_factory=set[str])
    answers: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    request_count: int = 0

    def asking(self, request: str) -> None:
        self.request_count += 1
        self.doubtful.add(request)

    def note_free(self, request: str) -> None:
        self.doubtful.remove(request)

    def note_cost(self, request: str, answer: str, usd: float) -> None:
        self.doubtful.remove(request)
        self.answers.append((answer, usd))


@dataclass
class FakePlanner(Planner):
    """The planning model behind its port."""

    answer: PlannerReply = field(default_factory=lambda: reply(scene(0, 2), scene(3, 6)))
    documents: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    model: str = "gpt-6-luna"

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Any], bill: Bill) -> Any:
        self.documents.append(document)
        number = str(len(self.documents))
        bill.asking(number)
        bill.note_cost(number, f"answer {number}", 0.002)
        return self.answer


def request(seconds: float, options: Options | None = None) -> PlanIn:
    return PlanIn(
        user_id="u",
        video_id=VIDEO,
        generation_id=GENERATION,
        transcript_key=KEY,
        recording_seconds=seconds,
        transcription_cost_usd=0.01,
        options=options or Options(),
    )


def sentences(*ends: float) -> Transcript:
    """One sentence up to each of these times, without a pause."""
    starts = [0.0, *ends[:-1]]
    words = [spoken_word(f"s{n}.", start + 0.01, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True))]
    return Transcript(tuple(words), "en-US")
