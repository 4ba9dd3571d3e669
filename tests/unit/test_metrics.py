"""Metrics are lines on standard output in CloudWatch's embedded metric format, written once for what happened once."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from functions.poll_veo.handler import Deps, run
from functions.transcribe.adapters import starter
from local.emulators.faults import Fault
from local.emulators.openai.emulator import OpenAIEmulator
from shared.aws.bucket import Bucket
from shared.aws.transcribe_request import TranscriptionOrder
from shared.contracts import PollVeoIn, PollVeoOut
from shared.errors import InvalidRequest, PlannerUnavailable, TranscriptionThrottled, VeoFailed, VeoThrottled
from shared.models.planner_models import request_cost
from shared.models.port import Done, Filtered, Reading, Running
from shared.observability import metrics
from shared.observability.log import logger
from shared.observability.metric_names import METRICS, NAMESPACE, SCENES_FILTERED, STAGE_SECONDS, Metric
from shared.stage import stage
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, record, store
from tests.unit.model_fakes import FakeModel
from tests.unit.test_planner import MODEL, Scripted, ask

EVENT: dict[str, Any] = {
    "video_id": VIDEO,
    "generation_id": GENERATION,
    "plan_key": PLAN_KEY,
    "sequence": 1,
    "attempt": 1,
    "operation_name": "operations/1",
    "deadline": 200.0,
}
Written = dict[str, list[dict[str, Any]]]


def emitted_metrics(capsys: pytest.CaptureFixture[str]) -> Written:
    """Return the embedded metric lines since the last look, by metric; each must be what CloudWatch accepts."""
    rows: Written = {}
    for text in capsys.readouterr().out.splitlines():
        line = json.loads(text)
        if "_aws" not in line:
            continue
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        (definition,) = directive["Metrics"]
        (dimensions,) = directive["Dimensions"]
        assert directive["Namespace"] == NAMESPACE
        assert all(isinstance(line[name], str) for name in dimensions)
        (value,) = line[definition["Name"]]
        row = {"value": value, "unit": definition["Unit"], "dimensions": {name: line[name] for name in dimensions}}
        ids = {name: line[name] for name in metrics.IDS if name in line}
        rows.setdefault(definition["Name"], []).append(row | ids)
    return rows


def values(rows: Written, name: str) -> list[float]:
    return [row["value"] for row in rows.get(name, [])]


@pytest.fixture(name="log", autouse=True)
def captured_log() -> Iterator[io.StringIO]:
    # The process's logger keeps the standard output that it was made with, which under pytest ends with a test.
    handler = cast("Any", logger().registered_handler)
    handler.stream = io.StringIO()
    yield handler.stream
    handler.stream = sys.__stdout__


def poll(reading: Reading) -> PollVeoOut:
    return run(
        PollVeoIn(**EVENT), Deps(Bucket(BUCKET), TABLE, lambda _name: FakeModel(reading=reading), now=lambda: 100)
    )


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_each_metric_is_written_as_its_row_says(metric: Metric, capsys: pytest.CaptureFixture[str]) -> None:
    metrics.emit(metric, 2.5, **dict.fromkeys(metric.dimensions, "plan"))
    (row,) = emitted_metrics(capsys)[metric.name]
    assert (row["value"], row["unit"]) == (2.5, metric.unit)
    assert row["dimensions"] == {"service": "reelwright"} | dict.fromkeys(metric.dimensions, "plan")


def test_dimensions_that_nobody_reads_are_refused() -> None:
    with pytest.raises(ValueError, match="stage"):
        metrics.emit(STAGE_SECONDS, 1)
    with pytest.raises(ValueError, match="stage"):
        metrics.emit(SCENES_FILTERED, 1, stage="plan")


@pytest.mark.usefixtures("cloud")
class TestPurchases:
    def test_a_clip_is_counted_once_however_often_the_stage_runs(self, capsys: pytest.CaptureFixture[str]) -> None:
        store(record(state="generating", attempt=1, claim="claim1"))
        for _ in range(3):
            assert poll(Done(b"mp4")).cost_usd == 0.4
        rows = emitted_metrics(capsys)
        assert values(rows, "VeoSecondsBought") == [4]
        assert values(rows, "UsdSpent") == [0.4]

    def test_a_filtered_clip_is_counted_and_costs_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        store(record(state="generating", attempt=1))
        poll(Filtered("codes: 4"))
        assert emitted_metrics(capsys).keys() == {"ScenesFiltered"}

    def test_a_running_clip_counts_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        store(record(state="generating", attempt=1))
        poll(Running())
        assert emitted_metrics(capsys) == {}


class TestTranscription:
    def test_the_service_says_whether_the_job_is_new(self) -> None:
        class Client:
            error: Exception | None = None

            def start_transcription_job(self, **_: object) -> None:
                if self.error:
                    raise self.error

            def get_transcription_job(self, **_: object) -> dict[str, dict[str, str]]:
                return {"TranscriptionJob": {"TranscriptionJobStatus": "IN_PROGRESS"}}

        client = Client()
        start = starter(cast("Any", client), "media", "arn:aws:iam::123456789012:role/transcription")
        job = TranscriptionOrder("name", "ai-temp/v/g/sound.flac", "out.json", None)
        assert start(job) is True
        client.error = ClientError({"Error": {"Code": "ConflictException"}}, "StartTranscriptionJob")
        assert start(job) is False


class TestPlanner:
    def test_every_answer_is_counted_even_one_of_no_use(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with OpenAIEmulator(api_key="key") as emulator:
            monkeypatch.setenv("OPENAI_BASE_URL", emulator.url + "/v1")
            emulator.faults.add(Fault("truncated"))
            ask()
            prices = [request_cost(MODEL, sale.input_tokens, sale.output_tokens) for sale in emulator.ledger.entries]
        assert len(prices) == 2
        assert values(emitted_metrics(capsys), "UsdSpent") == prices

    def test_a_refusal_for_its_rate_is_counted(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for status, count in ((429, [1]), (503, [])):
            with Scripted(status, {"error": {"message": "no"}}) as emulator:
                monkeypatch.setenv("OPENAI_BASE_URL", emulator.url + "/v1")
                with pytest.raises(PlannerUnavailable):
                    ask()
            assert values(emitted_metrics(capsys), "ProviderThrottles") == count


class TestStage:
    @staticmethod
    def handler(error: Exception | None = None) -> Any:
        def work(_request: PollVeoIn, _deps: None) -> PollVeoOut:
            if error:
                raise error
            return PollVeoOut(status="running")

        return stage(work, takes=PollVeoIn, deps=lambda: None)

    def test_a_run_is_timed_under_its_stages_name(self, capsys: pytest.CaptureFixture[str], log: io.StringIO) -> None:
        assert self.handler()(EVENT, None)["status"] == "running"
        (row,) = emitted_metrics(capsys)["StageSeconds"]
        assert row["unit"] == "Seconds"
        assert 0 <= row["value"] < 60
        assert row["dimensions"] == {"service": "reelwright", "stage": "poll_veo"}
        ids = {"video_id": VIDEO, "generation_id": GENERATION, "execution": f"{VIDEO}-{GENERATION}"}
        assert row.items() >= ids.items()
        (line,) = map(json.loads, log.getvalue().splitlines())
        assert line.items() >= {**ids, "stage": "poll_veo", "message": "stage done"}.items()

    @pytest.mark.parametrize(
        ("error", "throttles"),
        [(VeoThrottled("busy"), [1]), (TranscriptionThrottled("busy"), [1]), (VeoFailed("no"), []), (OSError(), [])],
    )
    def test_a_failed_run_is_timed_and_a_throttle_counted(
        self, error: Exception, throttles: list[float], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(type(error)):
            self.handler(error)(EVENT, None)
        rows = emitted_metrics(capsys)
        assert len(rows["StageSeconds"]) == 1
        assert values(rows, "ProviderThrottles") == throttles

    def test_an_event_that_is_no_input_is_no_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(InvalidRequest):
            self.handler()({}, None)
        assert emitted_metrics(capsys) == {}
