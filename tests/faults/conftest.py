"""The stages with their real adapters against services on loopback, each of which fails on order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pytest
from moto.moto_api._internal.models import moto_api_backend  # pyright: ignore[reportMissingTypeStubs]

from functions.generate_scene import handler as generate_scene
from functions.poll_veo import handler as poll_veo
from local.emulators.aws.faults_before_moto import AwsFaults
from local.emulators.faults import Fault
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.clips import alike, plain
from local.emulators.google.emulator import VeoEmulator
from local.emulators.openai.emulator import OpenAIEmulator
from local.moto_plugins import moto_server
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.accounts import Spending
from shared.contracts import GenerateSceneIn, GenerateSceneOut, PollVeoIn, PollVeoOut
from shared.errors import ReelwrightError, VeoThrottled, VeoUnavailable
from shared.models.adapters import by_handle, by_model
from shared.models.planner import Planner
from shared.models.planner_models import REPHRASING
from shared.quota.turn_table import TurnTable
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger
from tests.fakes import NO_QUOTA, NoLimits
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, record, store

SECRET = "provider-keys"
CLIPS = alike(plain)
# How looking at a clip may fail for a moment, and what that is called.
READING_FAULTS: list[tuple[str, type[ReelwrightError]]] = [
    ("throttle", VeoThrottled),
    ("server_error", VeoUnavailable),
    ("unavailable", VeoUnavailable),
    ("hang_up", VeoUnavailable),
]
IDS = {"video_id": VIDEO, "generation_id": GENERATION}


def ids_of(plan_key: str) -> dict[str, str]:
    """Return the ids of the video and the generation whose plan lies there."""
    _, video_id, generation_id, *_ = plan_key.split("/")
    return {"video_id": video_id, "generation_id": generation_id}


@dataclass(frozen=True)
class Wire:
    """The services, and the two stages that spend money, each in a process of its own that reads the secret once.

    `tokens` are Google's that Veo was shown; `spending` are the deployment's accounts, `turns` its limiter.
    """

    aws: AwsFaults
    veo: VeoEmulator
    openai: OpenAIEmulator
    tokens: set[str]
    spending: Spending = field(default_factory=NoLimits)
    turns: TurnTable = NO_QUOTA

    @cached_property
    def _orders(self) -> generate_scene.Deps:
        secrets = stored_in(SECRET)
        planner = Planner("gpt-6-luna", secrets, REPHRASING)
        return generate_scene.Deps(Bucket(BUCKET), TABLE, by_model(secrets), planner, 900, self.spending, self.turns)

    @cached_property
    def _looks(self) -> poll_veo.Deps:
        return poll_veo.Deps(Bucket(BUCKET), TABLE, by_handle(stored_in(SECRET)))

    def generate(
        self, attempt: int = 1, sequence: int = 1, plan_key: str = PLAN_KEY, budget: float | None = None
    ) -> GenerateSceneOut:
        place: dict[str, Any] = {"plan_key": plan_key, "sequence": sequence, "attempt": attempt}
        request = GenerateSceneIn(**ids_of(plan_key), **place, user_id="u", budget_usd=budget)
        return generate_scene.run(request, self._orders)

    def poll(
        self,
        order: GenerateSceneOut,
        attempt: int = 1,
        sequence: int = 1,
        now: float = 0,
        plan_key: str = PLAN_KEY,
    ) -> PollVeoOut:
        deps = replace(self._looks, now=lambda: now)
        name = order.operation_name
        deadline = order.deadline
        place: dict[str, Any] = {"plan_key": plan_key, "sequence": sequence, "attempt": attempt}
        return poll_veo.run(PollVeoIn(**ids_of(plan_key), **place, operation_name=name, deadline=deadline), deps)

    def deliver(
        self,
        order: GenerateSceneOut,
        attempt: int = 1,
        now: float = 0,
        sequence: int = 1,
        plan_key: str = PLAN_KEY,
    ) -> PollVeoOut:
        """Poll until the operation is over."""
        while (reply := self.poll(order, attempt, sequence, now, plan_key)).status == "running":
            pass
        return reply

    def task(self, sequence: int = 1) -> VertexAiTask:
        return SceneLedger(TABLE, VIDEO, GENERATION).read(sequence)

    def clip_count(self) -> int:
        """Return how many clips Veo accepted."""
        return len(self.veo.ledger.clips())

    def charged(self) -> int:
        return len(self.veo.ledger.charged_clips())


@pytest.fixture(name="endpoint", scope="module")
def faulty_aws() -> Iterator[tuple[str, AwsFaults]]:
    faults = AwsFaults()
    server = moto_server.start(0, faults.around)
    yield server.url, faults
    faults.close()
    server.close()


@pytest.fixture(name="google", scope="module")
def sign_in() -> Iterator[GoogleAuthEmulator]:
    with GoogleAuthEmulator() as google:
        yield google


@pytest.fixture(name="wire")
def services(
    endpoint: tuple[str, AwsFaults], google: GoogleAuthEmulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Wire]:
    url, faults = endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    # One repetition by the SDK, as in the cloud, but without its long waits.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    tokens = set[str]()

    def valid(token: str) -> bool:
        tokens.add(token)
        return google.is_valid(token)

    with OpenAIEmulator(api_key="key") as openai, VeoEmulator(token_valid=valid, make=CLIPS) as veo:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{openai.url}/v1")
        monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", veo.url)
        _fill(google)
        veo.faults.add(Fault("slow", "poll", times=None, seconds=0.05))
        yield Wire(faults, veo, openai, tokens)
    faults.faults.clear()
    faults.listeners.clear()


def _fill(google: GoogleAuthEmulator) -> None:
    moto_api_backend.reset()
    secret = {
        "openai_api_key": "key",
        "google_cloud_credentials": json.dumps(google.service_account_info()),
        "vertex_ai_project_id": "p1",
    }
    clients.secretsmanager().create_secret(Name=SECRET, SecretString=json.dumps(secret))
    clients.s3().create_bucket(Bucket=BUCKET)
    clients.dynamodb().create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "video_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "video_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    store(record())
