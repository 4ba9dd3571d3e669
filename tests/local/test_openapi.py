"""The served API against its own OpenAPI document: no server error, no reply that the document does not know."""

# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false
# schemathesis leaves out type arguments of its own.

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from local.apigateway.gateway import MAX_BODY
from local.system import LocalSystem
from shared import media_keys
from shared.http.problems import Problem
from shared.video.record import VideoRecord, to_item
from tests.chaos.run import SHORT, record_of, recording_of
from tests.local.jobs import Jobs

# pytest rewrites what these two import late, which Python 3.11 cannot do while another thread compiles, as moto does.
LATE = (
    "hypothesis.internal.conjecture.optimiser",
    "hypothesis.strategies._internal.flatmapped",
    "hypothesis.strategies._internal.random",
    "hypothesis.strategies._internal.regex",
    "schemathesis.generation.body_overrides",
    "schemathesis.generation.dictionaries",
    "schemathesis.specs.openapi.coverage._operation",
    "schemathesis.specs.openapi.object_authorization",
    "schemathesis.transport.asgi",
    "schemathesis.transport.wsgi",
    "schemathesis.wfc.escalation",
)
for late in LATE:
    import_module(late)
ROOT = Path(__file__).parents[2]
# A tag may be another revision's.
ACCEPTED = ("2xx", "401", "403", "404", "409", "412")
# As schemathesis has them; a file that is too large is refused by 413.
REFUSED = ("400", "401", "403", "404", "405", "406", "409", "415", "422", "428", "429", "5xx")
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "generation": {
            "max-examples": 6,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,
        },
        # API Gateway itself refuses TRACE.
        "phases": {"coverage": {"unexpected-methods": ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"]}},
        # How large a file may be, and what planning costs, is the deployment's choice; a key that was used before is no
        # fault of the data.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "402", "413", "422"]},
            "negative_data_rejection": {"expected-statuses": [*REFUSED, "413"]},
        },
        # Only the API knows its own tokens of a next page, only a plan its scenes, takes and words; a recording its
        # moments.
        "operations": [
            *(
                {"include-operation-id": name, "checks": {"positive_data_acceptance": {"enabled": False}}}
                for name in (
                    "list_videos",
                    "edit_plan",
                    "choose_take",
                    "retake_scene",
                    "start_clips",
                    "price_clips",
                    "start_variant",
                    "price_variant",
                )
            ),
            # A wrong item of a batch is answered on its own; each is what start_generation is tried with.
            {
                "include-operation-id": "start_generations",
                "checks": {"negative_data_rejection": {"enabled": False}},
                "phases": {"coverage": {"enabled": False}},
            },
        ],
    }
)
schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.json", config=CONFIG)
Case = schemathesis.Case[Any]
numbers = count(1)
OF_ANY_PLAN = ("captions", "look", "style", "title")
USUAL_EDIT = {"op": "captions", "captions": "none"}
USUAL_EXCERPT = {"start": 1.0, "end": 9.0}
# Of every stored video, in seconds: there is room for an excerpt.
LENGTH = 60.0


@dataclass
class Served:
    """The API as its user `demo` calls it; every other valid case is aimed at one of `videos`, and at `own_files`."""

    url: str
    token: str
    videos: list[str]
    own_files: dict[str, str]
    statuses: Counter[int] = field(default_factory=Counter[int])
    route: str = ""

    def __post_init__(self) -> None:
        self._aims = cycle([aim for video in self.videos for aim in (video, None)])

    def call(self, case: Case) -> schemathesis.Response:
        valid = case.meta and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
        video = next(self._aims) if valid else None
        if valid:
            _leave_languages(case.body)
        if video:
            _aim(case, video, self.own_files)
        if valid and "Idempotency-Key" in case.headers:
            # Few are drawn, and one that another case has used belongs to that.
            case.headers["Idempotency-Key"] = f"key-{next(numbers)}"
        response = case.call(self.url, headers={"Authorization": self.token})
        self.statuses[response.status_code] += 1
        self.route = case.operation.label
        return response


def _leave_languages(body: Any) -> None:
    """Leave captions in the language that is spoken: the planner's stand-in translates none."""
    for item in [body, *body.get("items", []), *body.get("edits", [])] if isinstance(body, dict) else []:  # pyright: ignore[reportUnknownVariableType]
        for name in ("captionLanguage", "language"):
            item.pop(name, None)


def _aim(case: Case, video: str, own_files: dict[str, str]) -> None:
    case.path_parameters.update({name: own_files[name] for name in case.path_parameters if name in own_files})
    if "videoId" in case.path_parameters:
        case.path_parameters["videoId"] = video
    body: Any = case.body
    for item in body.get("items", [body]) if isinstance(body, dict) else []:  # pyright: ignore[reportUnknownVariableType]
        # Whether a receiver's host has an address is for the resolver to say.
        item.pop("webhookUrl", None)
        if "videoId" in item or "items" in body:
            item["videoId"] = video
            # Only a video knows its transcripts, only its owner the pictures.
            for name in ("transcriptId", "pictures"):
                item.pop(name, None)
    if isinstance(body, dict) and "/clips" in case.path:
        # Only a recording knows its moments, and how long it is.
        body.pop("moments", None)  # pyright: ignore[reportUnknownMemberType]
        body["excerpts"] = [dict(USUAL_EXCERPT)]
    if isinstance(body, dict) and "edits" in body:
        # Any revision, and edits that any plan takes.
        case.headers["If-Match"] = "*"
        body["edits"] = [edit for edit in body["edits"] if edit["op"] in OF_ANY_PLAN] or [USUAL_EDIT]  # pyright: ignore[reportUnknownVariableType]


@pytest.fixture(name="finished_record", scope="module")
def finished_video(system: LocalSystem, tmp_path_factory: pytest.TempPathFactory) -> VideoRecord:
    folder = tmp_path_factory.mktemp("made")
    job = Jobs(system, folder).make(recording_of(folder, SHORT), targetDuration=5)
    return record_of(system, job.video_id)


@pytest.fixture(name="api")
def api_with_a_video_in_each_state(system: LocalSystem, finished_record: VideoRecord) -> Iterator[Served]:
    videos = [_store(system, finished_record.model_copy(update=change)) for change in _states(finished_record)]
    generation = next(iter(finished_record.versions or {}))
    token = _token(system, videos[0], generation)
    own_files = _own_files(system) | {"token": token, "generationId": generation}
    api = Served(system.cloud.api_url, system.cloud.id_token("demo"), videos, own_files)
    yield api
    _stop_all(system)
    assert any(200 <= status < 300 for status in api.statuses), (api.route, api.statuses)


PRESET = "acme"
# Files of a user's own, by the parameter that names one: the route, what is announced, and where the answer has its id.
OWN_FILES: dict[str, tuple[str, dict[str, Any], str]] = {
    "imageId": ("images", {"filename": "harbour.png", "contentType": "image/png", "fileSize": 3}, "image"),
    "fontId": ("fonts", {"filename": "acme.ttf", "contentType": "font/ttf", "fileSize": 3}, "font"),
    "musicId": ("music", {"filename": "bed.mp3", "contentType": "audio/mpeg", "fileSize": 3}, "music"),
}


def _own_files(system: LocalSystem) -> dict[str, str]:
    """Return what is the user's own, by the parameter that names it: files that have not arrived yet, and a preset."""
    _ask(system, "PUT", f"presets/{PRESET}", {})
    own_ids = {name: _ask(system, "POST", route, body)[part][name] for name, (route, body, part) in OWN_FILES.items()}
    return {"presetName": PRESET, **own_ids}


def _token(system: LocalSystem, video: str, generation: str) -> str:
    """Return what a public link of the stored video ends with."""
    answer = _ask(system, "PUT", f"ai-video/{video}/versions/{generation}/link", {})
    return answer["publicLink"].rpartition("/")[2]


def _ask(system: LocalSystem, method: str, route: str, body: dict[str, Any]) -> dict[str, Any]:
    token = {"Authorization": system.cloud.id_token("demo")}
    answer = requests.request(method, f"{system.cloud.api_url}/{route}", json=body, headers=token, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _states(finished_record: VideoRecord) -> list[dict[str, Any]]:
    upload_only: dict[str, Any] = {"ai_generation_status": None, "ai_generation_data": None}
    elsewhere = {"bucket_location": f"{finished_record.bucket_location}.none", "uploaded_at": ""}
    changed_states: list[dict[str, Any]] = [{"ai_generation_status": status} for status in ("failed", "processing")]
    return [{}, upload_only, *changed_states, upload_only | elsewhere, {"user_id": "somebody"}]


def _store(system: LocalSystem, record: VideoRecord) -> str:
    name = f"{record.ai_generation_status or 'new'}-{next(numbers)}"
    item = to_item(record.model_copy(update={"video_id": name, "duration": LENGTH}))
    system.cloud.client("dynamodb").put_item(TableName=system.cloud.outputs["TableName"], Item=item)
    if record.ai_generation_data:
        _copy_results(system, record, name)
    return name


def _copy_results(system: LocalSystem, record: VideoRecord, name: str) -> None:
    """Give the video `name` the plan, the transcript and the takes of the record's."""
    data = record.ai_generation_data
    assert data
    s3 = system.cloud.client("s3")
    bucket = system.cloud.outputs["BucketName"]
    takes = [partial(media_keys.take, take_id=take_id, kind=take.kind) for take_id, take in data.takes.items()]
    for key_of in (partial(media_keys.plan, name=data.plan_name), media_keys.material, media_keys.transcript, *takes):
        s3.copy_object(
            Bucket=bucket,
            Key=key_of(name, data.generation_id),
            CopySource={"Bucket": bucket, "Key": key_of(record.video_id, data.generation_id)},
        )


def _item(system: LocalSystem, video: str) -> dict[str, Any]:
    table = system.cloud.outputs["TableName"]
    return system.cloud.client("dynamodb").get_item(TableName=table, Key={"video_id": {"S": video}})["Item"]


def _keys(system: LocalSystem, finished_record: VideoRecord) -> set[str]:
    pages = (
        system.cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=system.cloud.outputs["BucketName"])
    )
    return {row["Key"] for page in pages for row in page.get("Contents", []) if finished_record.video_id in row["Key"]}


def _stop_all(system: LocalSystem) -> None:
    machines = system.cloud.client("stepfunctions")
    arn = machines.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    for row in machines.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]:
        machines.stop_execution(executionArn=row["executionArn"])


@schema.parametrize()
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_reply_is_undocumented(case: Case, api: Served) -> None:
    case.validate_response(api.call(case))


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/videos", 401, "NotSignedIn"),
        ("GET", "/nowhere", 404, "RouteNotFound"),
        ("PATCH", "/videos", 405, "MethodNotAllowed"),
        ("POST", "/videos", 413, "RequestTooLarge"),
    ],
)
def test_a_refusal_that_is_not_a_routes_own_has_the_one_shape(
    system: LocalSystem, method: str, path: str, status: int, error: str
) -> None:
    headers = {"Authorization": "" if status == 401 else system.cloud.id_token("demo")}
    body = b"x" * (MAX_BODY + 1) if status == 413 else b""
    answer = requests.request(method, system.cloud.api_url + path, data=body, headers=headers, timeout=60)
    problem = Problem.model_validate_json(answer.content)
    assert (answer.status_code, problem.error, problem.charged) == (status, error, False)


def routes() -> list[str]:
    paths: dict[str, dict[str, Any]] = schema.raw_schema["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


# What a route of one video is sent; those that name a video in their body, and those that need none of its fields.
BODIES: dict[str, Any] = {
    "POST /ai-video": {"videoId": "{videoId}"},
    "POST /ai-video/batch": {"items": [{"videoId": "{videoId}"}]},
    "POST /ai-video/estimate": {"videoId": "{videoId}"},
    "POST /ai-video/{videoId}/resume": {},
    "POST /videos/{videoId}/transcripts": {"filename": "talk.srt", "fileSize": 9},
    "POST /videos/{videoId}/moments": {},
    "POST /videos/{videoId}/moments/estimate": {},
    "POST /videos/{videoId}/clips": {"moments": ["m1"]},
    "POST /videos/{videoId}/clips/estimate": {"moments": ["m1"]},
    "POST /ai-video/{videoId}/runs": {},
    "POST /ai-video/{videoId}/variants": {"aspectRatio": "1:1"},
    "POST /ai-video/{videoId}/variants/estimate": {"aspectRatio": "1:1"},
    "PATCH /ai-video/{videoId}/plan": {"edits": [USUAL_EDIT]},
    "POST /ai-video/{videoId}/scenes/{sceneId}/takes": {},
    "PUT /ai-video/{videoId}/scenes/{sceneId}/take": {"take": ""},
}
OF_A_VIDEO = sorted({route for route in routes() if "{videoId}" in route} | BODIES.keys())


def test_every_other_route_is_of_no_video() -> None:
    others = set(routes()) - set(OF_A_VIDEO)
    # That these are closed to other users is in tests/unit/test_api_images.py and the like.
    own_files = {route for route in others if re.search(r" /(fonts|images|music|presets|transcripts)\b", route)}
    # Whoever has a link may follow it: tests/unit/test_public_links.py.
    public_routes = {"GET /ai-video/shared/{token}", "GET /ai-video/shared/{token}/captions.vtt"}
    # They name nobody: whose they are is in the token.
    own_settings = {"GET /settings", "PUT /settings"}
    rest = others - own_files - public_routes - own_settings
    assert rest == {"POST /videos", "GET /videos", "GET /openapi.json"}


@pytest.mark.parametrize("route", OF_A_VIDEO)
def test_a_video_is_closed_to_the_token_of_another_user(
    system: LocalSystem, finished_record: VideoRecord, route: str
) -> None:
    video = _store(system, finished_record)
    before = _item(system, video), _keys(system, finished_record)
    generation = next(iter(finished_record.versions or {}))
    ids = {"videoId": video, "generationId": generation, "sceneId": "s1", "transcriptId": "0" * 16}
    method, path = route.format(**ids).split(" ")
    body = json.dumps(BODIES[route]).replace("{videoId}", video) if route in BODIES else None
    headers = {"Authorization": system.cloud.id_token("other"), "Content-Type": "application/json"}
    answer = requests.request(method, system.cloud.api_url + path, data=body, headers=headers, timeout=60)
    whole_answer: dict[str, Any] = {"statusCode": answer.status_code, "problem": answer.json()}
    refusal: dict[str, Any] = answer.json()["results"][0] if "batch" in route else whole_answer
    assert (refusal["statusCode"], refusal["problem"]["error"]) == (403, "NotYourVideo")
    assert (_item(system, video), _keys(system, finished_record)) == before
