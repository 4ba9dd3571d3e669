"""Own music over the API, on moto: uploaded, checked, chosen by its owner only, and never among the pictures."""

from __future__ import annotations

import pytest

from shared.brand import own_keys
from tests.unit.api_calls import Api
from tests.unit.media_fakes import make
from tests.unit.own_files import MUSIC, check, keys
from tests.unit.picture_files import photo

UNKNOWN = "0" * 20


@pytest.fixture(name="hymn", scope="module")
def three_seconds(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("hymn") / "hymn.mp3"
    return make(file, "-f", "lavfi", "-i", "sine=300:duration=3").read_bytes()


def test_music_is_checked_listed_apart_from_pictures_and_deleted(call: Api, hymn: bytes) -> None:
    music_id = MUSIC.upload(call, hymn)
    assert MUSIC.show(call, music_id)["status"] == "checking"
    assert check(call) == "ready"
    assert MUSIC.show(call, music_id) | {"createdAt": ""} == {
        "musicId": music_id,
        "status": "ready",
        "filename": "bed.mp3",
        "contentType": "audio/mpeg",
        "fileSize": len(hymn),
        "createdAt": "",
        "seconds": pytest.approx(3, abs=0.1),
        "reason": "",
    }
    assert [each["musicId"] for each in call("GET", "/music").body["pieces"]] == [music_id]
    assert call("GET", "/images").body["images"] == []
    assert call("GET", f"/images/{music_id}").status == 404
    assert own_keys.music_file("user1", music_id) in keys()
    assert call("GET", f"/music/{music_id}", user="user2").status == 404
    assert call("DELETE", f"/music/{music_id}", user="user2").status == 404
    assert call("DELETE", f"/music/{music_id}").body["music"]["status"] == "deleted"
    assert keys() == []
    assert call("DELETE", f"/music/{music_id}").status == 404


@pytest.mark.parametrize("content", [b"la la la", photo()])
def test_what_is_no_music_is_refused_with_a_sentence_and_leaves_nothing(call: Api, content: bytes) -> None:
    music_id = MUSIC.upload(call, content)
    MUSIC.show(call, music_id)
    assert check(call) == "refused"
    assert MUSIC.show(call, music_id)["reason"].endswith(".")
    assert keys() == [own_keys.image_record(own_keys.music_shelf("user1"), music_id)]


@pytest.mark.parametrize(("changes", "status"), [({"contentType": "image/png"}, 415), ({"fileSize": 10**9}, 413)])
def test_a_form_is_for_music_only(call: Api, changes: dict[str, object], status: int) -> None:
    assert call("POST", "/music", {**MUSIC.body, **changes}).status == status


def test_a_generation_has_its_owners_checked_music_or_none(call: Api, hymn: bytes) -> None:
    video_id = call.upload()
    music_id = MUSIC.upload(call, hymn)
    for wrong in (UNKNOWN, music_id):
        answer = call("POST", "/ai-video", {"videoId": video_id, "music": wrong})
        assert (answer.status, answer.body["error"]) == (404, "MusicNotFound")
    MUSIC.show(call, music_id)
    check(call)
    assert call("POST", "/ai-video", {"videoId": video_id, "music": music_id}).status == 202
