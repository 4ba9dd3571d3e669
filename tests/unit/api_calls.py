"""The API's resolver on moto, and calls of it as API Gateway makes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from functions.api.adapters import Checks, Machine, Objects
from functions.api.app import make_app
from functions.api.once import Once
from functions.api.pace import StartRate
from functions.api.services import Services
from functions.api.table import VideoTable
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import ExecutionInput
from shared.users.mail_wishes import MailWishes
from shared.video.ending import Ended
from shared.video.own_image import ImageUploaded
from shared.video.record import VideoRecord
from shared.video.tombstones import VideoLists
from tests.unit.cloud_fixtures import BUCKET, MODEL, TABLE, create_keys_table

KEYS = "keys"
# More than any test but one starts.
STARTS = 50
CLIENT_ID = "page"
SITE = "http://localhost:8400"
SENDER = "video@example.com"
# The one origin that webhooks may reach although it is private.
ALLOWED = "http://127.0.0.1:9"
VIDEO_BODY = {"title": "Talk", "filename": "my talk.mp3", "contentType": "audio/mpeg", "fileSize": 3}


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class FakeMachine(Machine):
    """The state machine behind its port: remembers what was started and stopped, and says what it is told to say."""

    started: list[tuple[ExecutionInput, int]] = field(default_factory=list[tuple[ExecutionInput, int]])
    stop_requests: list[str] = field(default_factory=list[str])
    over: dict[str, Ended] = field(default_factory=dict[str, Ended])
    refusals: list[Exception] = field(default_factory=list[Exception])

    def start(self, request: ExecutionInput, run: int) -> None:
        if self.refusals:
            raise self.refusals.pop()
        self.started.append((request, run))

    def stop(self, execution_arn: str) -> None:
        self.stop_requests.append(execution_arn)

    def describe(self, execution_arn: str) -> Ended:
        return self.over.get("all") or self.over.get(execution_arn) or Ended("RUNNING")


@dataclass(frozen=True)
class FakeChecks(Checks):
    """The bus to the function that checks pictures: keeps what was asked for, or refuses."""

    uploads: list[ImageUploaded] = field(default_factory=list[ImageUploaded])
    refusals: list[Exception] = field(default_factory=list[Exception])

    def ask(self, upload: ImageUploaded) -> None:
        if self.refusals:
            raise self.refusals.pop()
        self.uploads.append(upload)


@dataclass(frozen=True)
class InterruptedTable(VideoTable):
    """The table, where something else happens after the first reading."""

    between: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def get(self, video_id: str) -> VideoRecord | None:
        item = super().get(video_id)
        if self.between:
            self.between.pop()()
        return item


@dataclass(frozen=True)
class Api:
    """The API on moto's table and bucket."""

    app: APIGatewayRestResolver
    machine: FakeMachine
    services: Services
    claims: Mapping[str, str] = field(default_factory=dict[str, str])

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        user: str = "user1",
        query: Mapping[str, str] | None = None,
        **headers: str,
    ) -> Answer:
        request_headers = {
            "content-type": "application/json",
            **{name.replace("_", "-"): v for name, v in headers.items()},
        }
        event = {
            "resource": path,
            "path": path,
            "httpMethod": method,
            "headers": request_headers,
            "multiValueHeaders": {name: [value] for name, value in request_headers.items()},
            "queryStringParameters": dict(query) if query else None,
            "multiValueQueryStringParameters": {name: [v] for name, v in query.items()} if query else None,
            "pathParameters": None,
            "requestContext": {
                "requestId": "r1",
                "path": f"/v1{path}",
                "authorizer": {"claims": {"sub": user, "aud": CLIENT_ID, **self.claims}} if user else {},
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        reply = self.app.resolve(event, CONTEXT)  # pyright: ignore[reportArgumentType]
        reply_headers = {name: ",".join(values) for name, values in reply["multiValueHeaders"].items()}
        is_json = "json" in reply_headers.get("Content-Type", "")
        return Answer(reply["statusCode"], json.loads(reply["body"]) if is_json else reply["body"], reply_headers)

    def with_interruption(self, between: Callable[[], None]) -> Api:
        """Return the same API, in whose first call `between` happens after the record was read."""
        table = InterruptedTable(TABLE, self.services.table.index, [between])
        services = replace(self.services, table=table)
        return Api(make_app(services, [SITE]), self.machine, services)

    def upload(self, **more: object) -> str:
        """Create a video, put its recording where the form would, and return its id."""
        reply = self("POST", "/videos", VIDEO_BODY | more).body
        clients.s3().put_object(Bucket=BUCKET, Key=reply["upload"]["fields"]["key"], Body=b"abc")
        return reply["video"]["video_id"]

    def execution_arn(self, video_id: str) -> str:
        """Return the ARN of the latest execution, which no client is told."""
        record = self.services.table.get(video_id)
        assert record
        assert record.ai_generation_data
        return record.ai_generation_data.execution_arn

    def data(self, video_id: str) -> dict[str, Any]:
        """Return the generation as GET shows it."""
        return self("GET", f"/ai-video/{video_id}").body["video"]["ai_generation_data"]


def make_api() -> Api:
    """Return the API on the tables and the bucket of the `cloud` fixture."""
    create_keys_table(KEYS)
    machine = FakeMachine("arn:aws:states:us-east-1:1:stateMachine:Pipeline")
    services = Services(
        table=VideoTable(TABLE, "user_id-created_at-index"),
        bucket=Bucket(BUCKET),
        objects=Objects(BUCKET),
        machine=machine,
        once=Once(KEYS),
        pace=StartRate(KEYS, STARTS),
        tombstones=VideoLists(KEYS),
        checks=FakeChecks(),
        wishes=MailWishes(KEYS),
        default_model=MODEL,
        planner_model="gpt-6-luna",
        webhook_allowed_origins=ALLOWED,
        client_ids=frozenset({CLIENT_ID}),
        mail_from=SENDER,
    )
    return Api(make_app(services, [SITE]), machine, services)


CONTEXT = SimpleNamespace(
    aws_request_id="r",
    function_name="api",
    memory_limit_in_mb=512,
    invoked_function_arn="arn",
    log_stream_name="s",
    get_remaining_time_in_millis=lambda: 29_000,
)


def forget_starts(call: Api) -> list[tuple[ExecutionInput, int]]:
    """As if the function had died before it started what it has begun, and nobody had an answer; return the starts."""
    starts = [*call.machine.started]
    call.machine.started.clear()
    for item in clients.dynamodb().scan(TableName=KEYS)["Items"]:
        clients.dynamodb().delete_item(TableName=KEYS, Key={"id": item["id"]})
    return starts
