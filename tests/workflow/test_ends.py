"""Every end of an execution is told once and stands in the record, also the ends that no state can see."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from standardwebhooks import Webhook

from local.cloud import EmbeddedCloud
from shared.video.events import VideoEnded
from shared.video.record import VertexAiTask, VideoRecord, to_item
from tests.workflow.conftest import PATIENCE_SECONDS, Bench, happy

MACHINE_LIMIT_SECONDS = 2


class Inbox(ThreadingHTTPServer):
    """A receiver on loopback that answers with the statuses it was told to, then with 204."""

    def __init__(self) -> None:
        self.answers: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.requests: queue.SimpleQueue[tuple[dict[str, str], str]] = queue.SimpleQueue()
        super().__init__(("127.0.0.1", 0), _Take)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Take(BaseHTTPRequestHandler):
    server: Inbox  # pyright: ignore[reportIncompatibleVariableOverride] - it is served by no other

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.put((dict(self.headers.items()), body))
        self.send_response(204 if self.server.answers.empty() else self.server.answers.get())
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(name="inbox", scope="module")
def receiver_on_loopback() -> Iterator[Inbox]:
    with Inbox() as inbox:
        thread = Thread(target=inbox.serve_forever, daemon=True)
        thread.start()
        yield inbox
        inbox.shutdown()
        thread.join()


@pytest.fixture(name="parameters", scope="module")
def parameters_that_allow_it(inbox: Inbox) -> dict[str, str]:
    return {"WebhookAllowedOrigins": inbox.url}


@pytest.fixture(name="bus", scope="module")
def queue_behind_a_rule(cloud: EmbeddedCloud) -> str:
    """The URL of a queue that gets every event of ours."""
    url: str = cloud.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    arn = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    cloud.client("events").put_rule(Name="Told", EventPattern=json.dumps({"source": ["reelwright"]}))
    cloud.client("events").put_targets(Rule="Told", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def await_settlement(bench: Bench, video: str) -> VideoRecord:
    """Wait until the end is told, and return the record."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        record = bench.record(video)
        data = record.ai_generation_data
        if data and data.notice and data.notice.is_sent:
            return record
        assert time.monotonic() < limit, "the end is not told"
        time.sleep(0.05)


def events_of(bench: Bench, bus: str, video: str) -> list[tuple[str, VideoEnded]]:
    """Return the events of a video, as they arrived on the bus; leaves none behind."""
    messages: list[dict[str, Any]] = []
    while batch := bench.cloud.client("sqs").receive_message(QueueUrl=bus, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            bench.cloud.client("sqs").delete_message(QueueUrl=bus, ReceiptHandle=message["ReceiptHandle"])
            messages.append(json.loads(message["Body"]))
    events = [(event["detail-type"], VideoEnded.model_validate_json(json.dumps(event["detail"]))) for event in messages]
    return [(kind, event) for kind, event in events if event.video_id == video]


def settle_again(bench: Bench, arn: str) -> dict[str, Any]:
    """Deliver the execution's end once more, as EventBridge may, and wait until it was dealt with."""
    name = bench.cloud.resources["Settle"]
    event = {"id": "delivered again", "detail": {"executionArn": arn}}
    reply = bench.cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    return json.loads(reply["Payload"].read())


def test_a_completed_job_is_told_once_although_its_end_is_delivered_twice(bench: Bench, bus: str) -> None:
    arn = bench.begin("told", happy("told"))
    run = bench.finish(arn, "told")
    assert await_settlement(bench, "told").ai_generation_status == "completed"
    assert settle_again(bench, arn) == {"done": []}
    ((kind, event),) = events_of(bench, bus, "told")
    assert (kind, event.status, event.failure, event.id) == ("Video Completed", "completed", None, "told-gen1")
    assert event.cost_usd == pytest.approx(0.80345)
    assert run.status == "SUCCEEDED"


def test_a_failed_job_is_told_once_with_its_failure(bench: Bench, bus: str) -> None:
    script = happy("bad") | {"plan": [{"raise": "NoSpeechFound", "message": "No words."}]}
    arn = bench.begin("bad", script)
    bench.finish(arn, "bad")
    await_settlement(bench, "bad")
    assert settle_again(bench, arn) == {"done": []}
    ((kind, event),) = events_of(bench, bus, "bad")
    assert kind == "Video Failed"
    assert event.failure
    assert (event.failure.step, event.failure.error) == ("scene_planning", "NoSpeechFound")


def set_aside(bench: Bench, video: str, usd: str) -> list[str]:
    """Write the accounts of a generation whose plan of `usd` was set aside today, and return their ids."""
    ids = [f"spent#generation#{video}", "spent#user#u#2026-01-01", "spent#2026-01-01"]
    purposes = {"purposes": {"SS": [f"{video} plan"]}, "spent": {"N": usd}}
    plan_share = {"planned": {"N": usd}, "planned_on": {"S": "2026-01-01"}}
    for each in ids:
        item = {"id": {"S": each}, **purposes, **(plan_share if each == ids[0] else {})}
        bench.cloud.client("dynamodb").put_item(TableName=bench.cloud.resources["AccountTable"], Item=item)
    return ids


def account_totals(bench: Bench, accounts: list[str]) -> list[float]:
    """Return the USD that stand in the accounts."""
    table = bench.cloud.resources["AccountTable"]
    client = bench.cloud.client("dynamodb")
    items = [client.get_item(TableName=table, Key={"id": {"S": each}})["Item"] for each in accounts]
    return [float(item["spent"]["N"]) for item in items]


def test_a_failed_job_tells_what_it_spent_and_gives_the_rest_back(bench: Bench, bus: str) -> None:
    accounts = set_aside(bench, "gen1", "3")
    clip = VertexAiTask(sequence=1, state="clip_ready", video_url="s3://b/k", cost_usd=0.8)
    script = happy("rest") | {"plan": [{"raise": "PlanInvalid", "message": "No plan."}]}
    arn = bench.begin("rest", script, vertex_ai_tasks=[clip])
    bench.finish(arn, "rest")
    data = await_settlement(bench, "rest").ai_generation_data
    assert data
    assert data.failure
    assert (data.cost_breakdown.total, data.failure.charged) == (pytest.approx(0.80245), True)
    ((_, event),) = events_of(bench, bus, "rest")
    assert event.cost_usd == pytest.approx(0.80245)
    assert settle_again(bench, arn) == {"done": []}
    assert account_totals(bench, accounts) == pytest.approx([0.80245] * 3)


def test_an_execution_that_was_stopped_leaves_a_truthful_record_and_is_told_once(bench: Bench, bus: str) -> None:
    script = happy("stopped") | {"poll_veo": [{"return": {"status": "running", "cost_usd": 0.0}}]}
    arn = bench.begin("stopped", script)
    bench.cloud.client("stepfunctions").stop_execution(executionArn=arn, cause="Wrong recording.")
    record = await_settlement(bench, "stopped")
    assert record.ai_generation_status == "failed"
    assert record.ai_generation_data
    assert record.ai_generation_data.failure
    failure = record.ai_generation_data.failure
    assert failure.error == "ExecutionEnded"
    assert failure.message == "The execution was stopped from outside. Wrong recording."
    assert settle_again(bench, arn) == {"done": []}
    ((kind, _),) = events_of(bench, bus, "stopped")
    assert kind == "Video Failed"


def test_a_cancelled_job_stays_cancelled_is_told_once_and_gives_the_rest_back(bench: Bench, bus: str) -> None:
    accounts = set_aside(bench, "gen1", "3")
    clip = VertexAiTask(sequence=1, state="clip_ready", video_url="s3://b/k", cost_usd=0.8)
    script = happy("off") | {"poll_veo": [{"return": {"status": "running", "cost_usd": 0.0}}]}
    arn = bench.begin("off", script, vertex_ai_tasks=[clip])
    video = bench.record("off").model_copy(update={"ai_generation_status": "cancelled"})
    bench.cloud.client("dynamodb").put_item(TableName=bench.cloud.outputs["TableName"], Item=to_item(video))
    bench.cloud.client("stepfunctions").stop_execution(executionArn=arn)
    assert await_settlement(bench, "off").ai_generation_status == "cancelled"
    ((kind, event),) = events_of(bench, bus, "off")
    assert (kind, event.status, event.cost_usd) == ("Video Cancelled", "cancelled", pytest.approx(0.8))
    assert settle_again(bench, arn) == {"done": []}
    assert account_totals(bench, accounts) == pytest.approx([0.8] * 3)


def test_the_machines_own_time_limit_leaves_a_truthful_record(bench: Bench, bus: str) -> None:
    script = happy("slow") | {"poll_veo": [{"return": {"status": "running", "cost_usd": 0.0}}]}
    with bench.change_definition(lambda machine: machine.update(TimeoutSeconds=MACHINE_LIMIT_SECONDS)):
        arn = bench.begin("slow", script)
    record = await_settlement(bench, "slow")
    assert bench.cloud.client("stepfunctions").describe_execution(executionArn=arn)["status"] == "TIMED_OUT"
    assert record.ai_generation_data
    assert record.ai_generation_data.failure
    assert record.ai_generation_data.failure.message == "The execution ran into its time limit."
    assert len(events_of(bench, bus, "slow")) == 1


def test_a_webhook_is_signed_repeated_under_one_id_and_not_redirected(
    bench: Bench, bus: str, inbox: Inbox, parameters: dict[str, str]
) -> None:
    for status in (503, 302):
        inbox.answers.put(status)
    bench.finish(bench.begin("hook", happy("hook"), webhook_url=f"{inbox.url}/done?job=1"), "hook")
    attempts = [inbox.requests.get(timeout=PATIENCE_SECONDS) for _ in range(3)]
    secret = bench.cloud.client("secretsmanager").get_secret_value(SecretId=bench.cloud.outputs["WebhookSecretArn"])
    for headers, body in attempts:
        assert Webhook(f"whsec_{secret['SecretString']}").verify(body, headers)
    assert {headers["webhook-id"] for headers, _ in attempts} == {"hook-gen1"}
    payload = json.loads(attempts[-1][1])
    assert payload["type"] == "video.completed"
    ((_, event),) = events_of(bench, bus, "hook")
    assert VideoEnded.model_validate_json(json.dumps(payload["data"])) == event
    assert inbox.requests.empty()


def test_a_run_that_ends_with_a_review_is_told_as_one(bench: Bench, bus: str) -> None:
    run = bench.run("seen", happy("seen"), goal="plan")
    assert run.record.ai_generation_status == "awaiting_review"
    await_settlement(bench, "seen")
    ((kind, event),) = events_of(bench, bus, "seen")
    assert (kind, event.status, event.goal) == ("Video Awaits Review", "awaiting_review", "plan")
