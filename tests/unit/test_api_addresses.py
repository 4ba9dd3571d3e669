"""Under which addresses the API answers, and what it says of them: its own, a domain's base path, without an index."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.api.app import make_app
from functions.api.table import VideoTable
from shared.http.routes import ROUTES
from tests.unit.api_calls import CLIENT_ID, CONTEXT, SITE, Api
from tests.unit.cloud_fixtures import TABLE


def ask(call: Api, path: str, whole: str, method: str = "GET", body: str | None = None) -> dict[str, Any]:
    """Call `path` as API Gateway does when the client's URL has the path `whole`."""
    claims = {"authorizer": {"claims": {"sub": "user1", "aud": CLIENT_ID}}}
    event = {
        "path": path,
        "httpMethod": method,
        "headers": {"content-type": "application/json"},
        "requestContext": {"requestId": "r1", "path": whole, **claims},
        "body": body,
    }
    return call.app.resolve(event, CONTEXT)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("path", "whole", "base"),
    [
        ("/ai-video", "/v1/ai-video", "/v1"),
        ("/ai-video", "/reelwright/ai-video", "/reelwright"),
        ("/ai-video", "/ai-video", ""),
        ("/films/ai-video", "/films/ai-video", "/films"),
        ("/films/v2/ai-video", "/films/v2/ai-video", "/films/v2"),
    ],
)
def test_a_location_can_be_followed_wherever_the_api_is(call: Api, path: str, whole: str, base: str) -> None:
    video_id = call.upload()
    reply = ask(call, path, whole, "POST", f'{{"videoId": "{video_id}"}}')
    assert reply["statusCode"] == 202
    location: str = reply["multiValueHeaders"]["Location"][0]
    assert location == f"{base}/ai-video/{video_id}"
    # The path of an event has a domain's base path, but not the stage's name.
    inside = location.removeprefix(base) if path == "/ai-video" else location
    assert ask(call, inside, location)["statusCode"] == 200


@pytest.mark.parametrize("first", sorted({route.path.split("/")[1] for route in ROUTES}))
def test_every_route_is_known_behind_a_domains_base_path(call: Api, first: str) -> None:
    route = next(route for route in ROUTES if route.path.split("/")[1] == first)
    path = f"/films{route.path}"
    answer = ask(call, path, path, route.method, "{}")
    assert answer["statusCode"] == 200 or json.loads(answer["body"])["error"] != "RouteNotFound"


@pytest.mark.parametrize(("whole", "url"), [("/v1/openapi.json", "/v1"), ("/openapi.json", "/")])
def test_the_document_names_the_address_that_it_was_fetched_from(call: Api, whole: str, url: str) -> None:
    assert f'"url": "{url}"' in ask(call, "/openapi.json", whole)["body"]


def test_a_video_may_have_the_name_of_a_route(call: Api) -> None:
    assert call("GET", "/videos/videos").body["error"] == "VideoNotFound"
    assert call("GET", "/ai-video/ai-video").body["error"] == "VideoNotFound"


def test_a_table_without_an_index_cannot_be_listed(call: Api) -> None:
    alone = replace(call.services, table=VideoTable(TABLE, ""))
    answer = Api(make_app(alone, [SITE]), call.machine, alone)("GET", "/videos")
    assert (answer.status, answer.body["error"], answer.headers["Allow"]) == (405, "MethodNotAllowed", "POST")
