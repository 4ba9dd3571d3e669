"""Whatever a client sends is answered with a sentence of ours: never a server error, and nothing unseen in a name."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.api.event import DEEPEST
from shared.http.requests import ChangedScene
from tests.unit.api_calls import CLIENT_ID, CONTEXT, VIDEO_BODY, Api

POSTS = ("/videos", "/ai-video", "/ai-video/batch", "/ai-video/estimate", "/ai-video/v1/resume")


def send(call: Api, path: str, body: str, *, is_base64: bool = False, kind: str = "application/json") -> Any:
    """POST `body` as API Gateway hands it over; return the status and the reply."""
    event = {
        "path": path,
        "httpMethod": "POST",
        "headers": {"content-type": kind},
        "requestContext": {"requestId": "r1", "path": path, "authorizer": {"claims": {"sub": "u", "aud": CLIENT_ID}}},
        "body": body,
        "isBase64Encoded": is_base64,
    }
    reply = call.app.resolve(event, CONTEXT)  # pyright: ignore[reportArgumentType]
    return reply["statusCode"], json.loads(reply["body"])


def in_base64(text: str, encoding: str) -> str:
    return base64.b64encode(text.encode(encoding)).decode()


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("body", "is_base64", "message"),
    [
        ("[" * 100_000, False, "levels deep"),
        ('{"a":' * 50 + "1" + "}" * 50, False, f"more than {DEEPEST} levels deep"),
        (in_base64('{"title": "é"}', "utf-16"), True, "UTF-8"),
        (in_base64('{"title": "é"}', "latin-1"), True, "UTF-8"),
        ("not base64!", True, "not JSON"),
        ('{"budget": NaN}', False, "not JSON"),
        ('{"budget": -Infinity}', False, "not JSON"),
        ('{"fileSize": ' + "9" * 5000 + "}", False, "not JSON"),
        ('{"title": ', False, "line 1, column"),
        ("\x00", False, "not JSON"),
    ],
)
def test_a_body_that_is_not_plain_json_is_refused(
    call: Api, path: str, body: str, is_base64: bool, message: str
) -> None:
    status, reply = send(call, path, body, is_base64=is_base64)
    assert (status, reply["error"]) == (400, "InvalidRequest")
    assert message in reply["message"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=UTF-8", 201),
        ('application/json;charset="utf-8"', 201),
        ("application/json-seq", 415),
        ("application/jsonx; charset=utf-8", 415),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin1", 415),
        ("text/json", 415),
    ],
)
def test_content_types_are_compared_whole(call: Api, kind: str, status: int) -> None:
    assert send(call, "/videos", json.dumps(VIDEO_BODY), kind=kind)[0] == status


def test_a_base64_body_in_utf8_is_read(call: Api) -> None:
    assert send(call, "/videos", in_base64(json.dumps(VIDEO_BODY), "utf-8"), is_base64=True)[0] == 201


ANY_TEXT = st.text(st.characters(codec=None), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = [*VIDEO_BODY, "videoId", "items", "budget", "metadata", "scenes", "orderAgain", "webhookUrl", "prompt", "model"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(POSTS), body=ANY_JSON | st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=6))
def test_no_json_is_a_server_error(call: Api, path: str, body: object) -> None:
    status, reply = send(call, path, json.dumps(body))
    assert status < 500, reply


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60), path=st.sampled_from(POSTS))
def test_no_bytes_are_a_server_error(call: Api, path: str, body: bytes) -> None:
    assert send(call, path, base64.b64encode(body).decode(), is_base64=True)[0] < 500


@pytest.mark.parametrize(
    "position",
    [
        ["\ud800", "v"],
        ["2026-01-01", "\ud800"],
        ["2026-01-01", "v" * 300],
        ["", "v"],
        ["a", "b", "c"],
        {"created_at": "a"},
        [1, 2],
        [[["a"]], "b"],
        "ab",
    ],
)
def test_a_pagination_token_that_was_never_ours_is_refused(call: Api, position: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(position).encode()).decode()
    answer = call("GET", "/videos", query={"next": token})
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")


@pytest.mark.parametrize("token", ["é", "====", "a", "ab!c", "\ud800"])
def test_a_pagination_token_that_is_not_base64_is_refused(call: Api, token: str) -> None:
    assert call("GET", "/videos", query={"next": token}).status == 400


UNSEEN = [
    ("Talk\x00 one\r\nBcc: x", "Talk  one Bcc: x"),
    ("invoice\u202e3pm.exe", "invoice3pm.exe"),
    ("\u2066a\u2069\u200eb\u200f\ufeff", "ab"),
    ("line\u2028end", "line end"),
    ("\x9b31mred\x7f", "31mred"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("👩\u200d💻 عربي", "👩\u200d💻 عربي"),
]


@pytest.mark.parametrize(("text", "visible"), UNSEEN)
def test_text_of_a_client_holds_nothing_unseen(call: Api, text: str, visible: str) -> None:
    labels = {"metadata": {text: text}}
    video = call("POST", "/videos", VIDEO_BODY | {"title": text, "filename": text} | labels).body["video"]
    assert (video["title"], video["filename"], video["metadata"]) == (visible, visible, {visible: visible})
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id, "prompt": text} | labels).status == 202
    started = call.machine.started[-1][0]
    assert (started.metadata, started.options.prompt) == ({visible: visible}, visible)
    assert ChangedScene.model_validate({"sequence": 1, "prompt": text}).prompt == visible


def test_of_labels_that_look_alike_the_later_counts(call: Api) -> None:
    video = call("POST", "/videos", VIDEO_BODY | {"metadata": {"a": "1", "a\u200e": "2"}}).body["video"]
    assert video["metadata"] == {"a": "2"}


@pytest.mark.parametrize("name", ["", " ", "\u202e", "\x00"])
def test_a_label_without_a_visible_name_is_refused(call: Api, name: str) -> None:
    answer = call("POST", "/videos", VIDEO_BODY | {"metadata": {name: "x"}})
    assert (answer.status, answer.body["details"][0]["field"].split(".")[0]) == (400, "metadata")


@pytest.mark.parametrize("title", ["", "   ", "\u202e", "\x00\x01"])
def test_a_title_of_nothing_visible_is_refused(call: Api, title: str) -> None:
    answer = call("POST", "/videos", VIDEO_BODY | {"title": title})
    assert (answer.status, answer.body["details"][0]["field"]) == (400, "title")


@pytest.mark.parametrize("kind", ["audio/x-mpegurl", "video/vnd.mpegurl", "image/svg+xml", "text/html", "audio/", "x"])
def test_a_type_that_is_no_recording_is_refused(call: Api, kind: str) -> None:
    answer = call("POST", "/videos", VIDEO_BODY | {"contentType": kind})
    assert (answer.status, answer.body["error"]) == (415, "UnsupportedMedia")


@pytest.mark.parametrize("aud", [None, "", "another-application"])
def test_a_token_that_was_issued_for_another_application_is_refused(call: Api, aud: str | None) -> None:
    claims = {"sub": "u"} | ({} if aud is None else {"aud": aud})
    event = {
        "path": "/videos",
        "httpMethod": "GET",
        "headers": {},
        "requestContext": {"requestId": "r1", "path": "/videos", "authorizer": {"claims": claims}},
        "body": None,
    }
    reply = call.app.resolve(event, CONTEXT)  # pyright: ignore[reportArgumentType]
    assert (reply["statusCode"], json.loads(reply["body"])["error"]) == (401, "NotSignedIn")
