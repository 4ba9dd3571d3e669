"""What HTTP itself promises of the API: where a new thing is, HEAD, a slash, media types, limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.api.documented import document
from functions.api.pace import HOUR
from shared.aws import clients
from shared.http import negotiation, properties
from shared.http.problems import ProblemDetails
from shared.http.refusals import ANSWERED
from tests.unit.api_calls import STARTS, VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store

PROBLEM = "application/problem+json"
SUBRIP = "application/x-subrip"


def store_finished(call: Api) -> None:
    base = record()
    assert base.ai_generation_data
    location = f"s3://{BUCKET}/ai-generated/{VIDEO}/gen1/captions.srt"
    clients.s3().put_object(Bucket=BUCKET, Key=location.split("/", 3)[3], Body=b"1\n")
    data = base.ai_generation_data.model_copy(update={"captions_srt_url": location})
    store(base.model_copy(update={"ai_generation_status": "completed", "ai_generation_data": data}))


def test_a_new_video_says_where_it_is(call: Api) -> None:
    answer = call("POST", "/videos", VIDEO_BODY)
    assert answer.headers["Location"] == f"/v1/videos/{answer.body['video']['video_id']}"
    assert call("GET", answer.headers["Location"].removeprefix("/v1")).status == 200


@pytest.mark.parametrize("path", ["/videos", f"/videos/{VIDEO}", f"/ai-video/{VIDEO}", "/openapi.json"])
def test_every_get_can_be_asked_for_as_head(call: Api, path: str) -> None:
    store(record())
    head = call("HEAD", path)
    whole = call("GET", path)
    assert (head.status, head.headers.get("ETag")) == (200, whole.headers.get("ETag"))
    assert call("HEAD", "/ai-video/estimate").status == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/videos"), ("POST", "/videos"), ("GET", "/ai-video/none")])
def test_a_slash_at_the_end_changes_nothing(call: Api, method: str, path: str) -> None:
    body = VIDEO_BODY if method == "POST" else None
    plain, with_slash = (call(method, path + end, body, Idempotency_Key="k") for end in ("", "/"))
    assert with_slash == plain
    assert call("PATCH", "/videos/").headers["Allow"] == call("PATCH", "/videos").headers["Allow"] == "POST, GET, HEAD"


@pytest.mark.parametrize(
    ("accept", "is_asked"),
    [
        (PROBLEM, True),
        (f"application/json, {PROBLEM}", True),
        (f"application/json;q=0.5, {PROBLEM.upper()};q=0.9", True),
        (f"application/json, {PROBLEM};q=0.9", False),
        (f"{PROBLEM};q=0", False),
        (f"{PROBLEM};q=x", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_an_error_has_the_fields_of_rfc_9457_for_whoever_asks(call: Api, accept: str, is_asked: bool) -> None:
    plain = call("GET", "/videos/none")
    problem = call("GET", "/videos/none", Accept=accept)
    if not is_asked:
        assert (problem.body, problem.headers["Content-Type"]) == (plain.body, "application/json")
        return
    details = ProblemDetails.model_validate(problem.body)
    assert problem.headers["Content-Type"] == PROBLEM
    assert (details.type, details.status) == ("urn:reelwright:error:VideoNotFound", 404)
    assert (details.title, details.detail) == ("No video has this id.", plain.body["message"])
    assert plain.body.items() <= problem.body.items()


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [("/nowhere", None, "RouteNotFound"), ("/videos", None, "InvalidRequest"), ("/videos", [], "InvalidRequest")],
)
def test_so_has_every_refusal(call: Api, path: str, body: object, error: str) -> None:
    answer = call("POST", path, body, Accept=PROBLEM)
    assert ProblemDetails.model_validate(answer.body).error == error


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("", SUBRIP), ("*/*", SUBRIP), ("text/plain", "text/plain"), (f"{SUBRIP}, text/plain;q=0.1", SUBRIP)],
)
def test_subrip_is_plain_text_for_whoever_accepts_that(call: Api, accept: str, media_type: str) -> None:
    store_finished(call)
    answer = call("GET", f"/ai-video/{VIDEO}/captions.srt", Accept=accept)
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, f"{media_type}; charset=utf-8", "1\n")


def test_a_weight_is_no_part_of_the_name() -> None:
    assert negotiation.names("text/plain; charset=utf-8; q=0.3", "text/plain")
    assert not negotiation.names(None, "text/plain")


def test_a_start_says_how_many_are_left(call: Api) -> None:
    first = call("POST", "/ai-video", {"videoId": call.upload()}).headers
    batch = call("POST", "/ai-video/batch", {"items": [{"videoId": call.upload()}, {"videoId": "none"}]}).headers
    limits = [headers["RateLimit-Limit"] for headers in (first, batch)]
    left = [int(headers["RateLimit-Remaining"]) for headers in (first, batch)]
    assert (limits, left) == ([str(STARTS)] * 2, [STARTS - 1, STARTS - 2])
    assert 0 < int(first["RateLimit-Reset"]) <= HOUR
    # What was refused before it was counted, and what was answered before, says nothing of the count.
    assert "RateLimit-Limit" not in call("POST", "/ai-video", {"videoId": "none"}).headers


def test_the_document_says_something_of_every_property(call: Api) -> None:
    schemas: dict[str, Any] = json.loads(document(call.app))["components"]["schemas"]
    fields = {(schema, name) for schema, schema_body in schemas.items() for name in schema_body.get("properties", {})}
    used_keys = {key for schema, name in fields for key in (f"{schema}.{name}", name) if key in properties.PROPERTIES}
    assert set(properties.PROPERTIES) == used_keys
    for schema, contents in schemas.items():
        for name, value in contents.get("properties", {}).items():
            assert value["description"], (schema, name)
            is_nested = "$ref" in str(value) or "additionalProperties" in value
            assert is_nested or {"examples", "const"} & value.keys() or "enum" in str(value), (schema, name)


def test_the_document_names_times_errors_tags_and_the_webhook(call: Api) -> None:
    content = json.loads(document(call.app))
    schemas = content["components"]["schemas"]
    assert schemas["Problem"]["properties"]["error"]["enum"] == list(ANSWERED)
    assert schemas["Batch"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/StartGeneration"}
    times = [name for schema in schemas.values() for name in schema.get("properties", {}) if name.endswith("_at")]
    formats = [p["format"] for s in schemas.values() for n, p in s.get("properties", {}).items() if n in times]
    assert formats == ["date-time"] * len(times)
    tag_names = {tag["name"] for tag in content["tags"]}
    operations = [operation for path in content["paths"].values() for operation in path.values()]
    assert {tag for operation in operations for tag in operation["tags"]} == tag_names
    assert content["webhooks"]["videoEnded"]["post"]["requestBody"]["required"] is True
    assert "**Versions.**" in content["info"]["description"]


def test_only_times_that_can_be_read_are_shown(call: Api) -> None:
    base = record()
    store(base.model_copy(update={"created_at": "2025-03-01 12:00:00", "uploaded_at": "yesterday"}))
    video = call("GET", f"/videos/{VIDEO}").body["video"]
    assert (video["created_at"], "uploaded_at" in video) == ("2025-03-01T12:00:00.000+00:00", False)
