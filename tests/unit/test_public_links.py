"""A public link shows a finished video to whoever has it, nothing else, and nothing once it is taken back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.api.sharing import page
from functions.api.sharing.links import SharedVideo
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.video import versions
from shared.video.version import Version
from tests.unit.api_calls import Answer, Api, make_api
from tests.unit.cloud_fixtures import BUCKET, TABLE, VIDEO, record, store
from tests.unit.test_versions import keys, store_versions

OLD = f"/ai-video/{VIDEO}/versions/old/link"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    store_versions({"old": 1, "new": 2}, "new")
    return make_api()


def link_of(call: Api, path: str = OLD) -> str:
    answer = call("PUT", path)
    assert answer.status == 200, answer.body
    return answer.body["publicLink"]


def watch(call: Api, link: str, accept: str = "*/*") -> Answer:
    """Ask as somebody who has not signed in."""
    return call("GET", link, user="", Accept=accept)


def links_there() -> list[str]:
    """The names of the objects that open links."""
    return [key.rpartition("/")[2] for key in sorted(keys()) if "/link-" in key]


def urls_in(html: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'(?:src|poster)="([^"]+)"', html)]


def test_whoever_has_it_is_shown_a_player_and_nothing_of_the_record(call: Api) -> None:
    answer = watch(call, link_of(call))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    poster, video, captions = urls_in(answer.body)
    assert [urlsplit(url).path for url in (poster, video)] == [
        f"/{media_keys.result(VIDEO, 'old', 'video', 1, name)}" for name in ("poster.jpg", "final_video.mp4")
    ]
    assert captions == f"/v1{link_of(call)}/captions.vtt"
    names = [parse_qs(urlsplit(url).query)["response-content-disposition"][0] for url in (poster, video)]
    assert [name.rpartition("'")[2] for name in names] == ["cover.jpg", "video.mp4"]
    whole = record()
    for text in (whole.title, whole.user_id, whole.user_email, whole.filename, "recording"):
        assert not text or text not in answer.body
    Bucket(BUCKET).write_text(media_keys.result(VIDEO, "old", "video", 1, "captions.vtt"), "WEBVTT\n")
    subtitles = watch(call, captions.removeprefix("/v1"))
    assert (subtitles.status, subtitles.body) == (200, "WEBVTT\n")
    assert subtitles.headers["Content-Type"].startswith("text/vtt")


def test_no_search_engine_lists_it_and_it_runs_no_script(call: Api) -> None:
    answer = watch(call, link_of(call))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' https://")
    assert "script-src" not in policy
    assert "<script" not in answer.body


def test_its_owner_finds_it_again_with_the_version_and_takes_it_back(call: Api) -> None:
    link = link_of(call)
    assert link_of(call) == link
    links = {each["generation_id"]: each.get("public_link") for each in _versions(call)}
    assert links == {"new": None, "old": link}
    assert call("DELETE", OLD).body["status"] == "deleted"
    assert call("DELETE", OLD).status == 200
    assert links_there() == []
    assert watch(call, link).status == 404
    assert watch(call, f"{link}/captions.vtt").status == 404
    assert [each.get("public_link") for each in _versions(call)] == [None, None]
    other = link_of(call)
    assert other != link
    assert (watch(call, link).status, watch(call, other).status) == (404, 200)


def test_it_shows_what_was_shared_after_a_retake_until_it_is_shared_again(call: Api) -> None:
    link = link_of(call)
    earlier = urls_in(watch(call, link).body)[1]
    # The run of a retake ends with another cut of the same generation.
    video = call.services.table.get(VIDEO)
    assert video
    assert video.versions
    url = f"s3://{BUCKET}/{media_keys.result(VIDEO, 'old', 'video', 2, 'final_video.mp4')}"
    later = video.versions["old"].model_copy(update={"final_video_url": url, "revision": 2})
    store(video.model_copy(update={"versions": {**video.versions, "old": later}}))
    assert urlsplit(urls_in(watch(call, link).body)[1]).path == urlsplit(earlier).path
    assert [each.get("public_link_revision") for each in _versions(call)] == [None, 0]
    answer = call("PUT", OLD)
    assert (answer.body["publicLink"], answer.body["revision"]) == (link, 2)
    assert urlsplit(urls_in(watch(call, link).body)[1]).path.endswith("/video-0002/final_video.mp4")
    assert [each.get("public_link_revision") for each in _versions(call)] == [None, 2]


def test_a_link_of_before_links_were_of_one_cut_shows_the_newest(call: Api) -> None:
    Bucket(BUCKET).write_text(media_keys.public_link(VIDEO, "old", "s" * 32), "{}")
    assert watch(call, f"/ai-video/shared/{VIDEO}.{'s' * 32}").status == 200
    assert link_of(call).endswith("s" * 32)


def _versions(call: Api) -> list[dict[str, Any]]:
    return call("GET", f"/ai-video/{VIDEO}/versions").body["versions"]


@pytest.mark.parametrize(
    "token",
    ["", ".", VIDEO, f"{VIDEO}.", f"{VIDEO}.wrong", "nobody.wrong", "x" * 150, f"{VIDEO}.old"],
)
def test_a_guess_is_told_the_same_as_a_link_that_was_taken_back(call: Api, token: str) -> None:
    link_of(call)
    answer = watch(call, f"/ai-video/shared/{token}") if token else watch(call, "/ai-video/shared/-")
    assert (answer.status, answer.body["error"]) == (404, "LinkNotFound")
    assert answer.body["message"] == "This link shows no video, or shows it no longer."
    in_browser = watch(call, f"/ai-video/shared/{token or '-'}", BROWSER)
    assert (in_browser.status, in_browser.headers["X-Robots-Tag"]) == (404, "noindex, nofollow")
    assert "shows it no longer" in in_browser.body


def test_a_video_that_is_deleted_or_being_deleted_is_shown_no_more(call: Api) -> None:
    old = link_of(call)
    new = link_of(call, OLD.replace("old", "new"))
    assert call("DELETE", f"/ai-video/{VIDEO}/versions/old").status == 200
    assert (watch(call, old).status, watch(call, new).status) == (404, 200)
    assert [name.partition(".")[0] for name in links_there()] == ["link-new"]
    clients.dynamodb().update_item(
        TableName=TABLE, Key={"video_id": {"S": VIDEO}}, UpdateExpression="SET deleting_since = :now",
        ExpressionAttributeValues={":now": {"S": "2026-01-01T00:00:00Z"}},
    )  # fmt: skip
    assert watch(call, new).status == 404
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    assert watch(call, new).status == 404
    assert links_there() == []


def test_only_a_finished_video_of_ones_own_has_one(call: Api) -> None:
    assert call("PUT", OLD.replace("old", "none")).body["error"] == "VersionNotFound"
    assert call("PUT", OLD, user="somebody").body["error"] == "NotYourVideo"
    assert call("DELETE", OLD, user="somebody").body["error"] == "NotYourVideo"
    assert call("PUT", OLD, user="").body["error"] == "NotSignedIn"


def test_two_that_ask_at_once_are_given_links_that_both_work(call: Api) -> None:
    links: list[str] = []
    links.append(link_of(call.with_interruption(lambda: links.append(link_of(call)))))
    assert [watch(call, link).status for link in links] == [200, 200]
    Bucket(BUCKET).write_text(media_keys.public_link(VIDEO, "old", "0" * 32), "{}")
    assert len({link_of(call), link_of(call)}) == 1
    assert call("DELETE", OLD).status == 200
    assert {watch(call, link).status for link in [*links, f"/ai-video/shared/{VIDEO}.{'0' * 32}"]} == {404}


def test_a_video_of_before_versions_were_kept_has_one_too(cloud: None) -> None:
    old = record().model_copy(update={"ai_generation_status": "completed"})
    assert old.ai_generation_data
    urls = {name: f"s3://{BUCKET}/{name}" for name in versions.FILES}
    store(old.model_copy(update={"ai_generation_data": old.ai_generation_data.model_copy(update=urls)}))
    call = make_api()
    link = link_of(call, f"/ai-video/{VIDEO}/versions/{old.ai_generation_data.generation_id}/link")
    assert watch(call, link).status == 200


@pytest.mark.parametrize(("captions", "is_default"), [("words", False), ("none", True)])
def test_captions_that_are_not_in_the_picture_are_shown_from_the_start(captions: str, is_default: bool) -> None:
    version = Version(generation_id="g", captions=captions)
    html = page.player(SharedVideo("https://b/v.mp4?a=1&b=2", "", version.captions != "none"), "/captions.vtt")
    assert ('captions.vtt" default>' in html) == is_default
    assert "poster" not in html
    assert 'src="https://b/v.mp4?a=1&amp;b=2"' in html
