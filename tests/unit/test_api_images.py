"""Own pictures over the API, on moto: uploaded, checked once, listed, deleted, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.api.app import make_app
from functions.api.images.shelf import PATIENCE
from functions.check_image.check import PictureCheck
from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.errors import EventsUnavailable
from shared.video.own_image import OwnImage, OwnImages, new_image_id
from tests.unit.api_calls import SITE, Api, FakeChecks
from tests.unit.cloud_fixtures import BUCKET
from tests.unit.own_files import PICTURES, check, checks_of, keys
from tests.unit.picture_files import photo


def test_a_picture_is_checked_once_and_then_shown_with_a_preview(call: Api) -> None:
    image_id = PICTURES.upload(call, photo(is_turned=True))
    for _ in range(2):
        answer = call("GET", f"/images/{image_id}")
        assert (answer.body["image"]["status"], answer.headers["Retry-After"]) == ("checking", "2")
    assert [upload.image_id for upload in checks_of(call).uploads] == [image_id]
    assert check(call) == "ready"
    image = PICTURES.show(call, image_id)
    assert (image["status"], image["kind"], image["width"], image["height"]) == ("ready", "still", 400, 200)
    assert image["preview"]["url"].startswith("https://")
    assert check(call) == "nothing"
    # What was uploaded, with the place where it was taken, is gone.
    assert keys() == [
        own_keys.image_file("user1", image_id, "picture.jpg"),
        own_keys.image_file("user1", image_id, "preview.jpg"),
        own_keys.image_record("user1", image_id),
    ]


def test_the_form_takes_the_very_file_that_was_announced(call: Api) -> None:
    answer = call("POST", "/images", PICTURES.body)
    image = answer.body["image"]
    assert (answer.status, image["status"]) == (201, "waiting")
    assert answer.headers["Location"].endswith(f"/images/{image['imageId']}")
    fields = answer.body["upload"]["fields"]
    assert fields["key"] == own_keys.image_upload("user1", image["imageId"])
    assert fields["Content-Type"] == "image/jpeg"
    assert PICTURES.show(call, image["imageId"])["status"] == "waiting"
    assert checks_of(call).uploads == []


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"contentType": "image/gif"}, 415, "UnsupportedMedia"),
        ({"contentType": "image/svg+xml"}, 415, "UnsupportedMedia"),
        ({"contentType": "audio/mpeg"}, 415, "UnsupportedMedia"),
        ({"fileSize": 0}, 400, "InvalidRequest"),
        ({"fileSize": 50_000_001}, 413, "RecordingTooLarge"),
        ({"contentType": "video/mp4", "fileSize": 500_000_001}, 413, "RecordingTooLarge"),
        ({"filename": " "}, 400, "InvalidRequest"),
        ({"title": "more"}, 400, "InvalidRequest"),
    ],
)
def test_what_cannot_be_a_picture_is_refused_before_it_is_uploaded(
    call: Api, changes: dict[str, object], status: int, error: str
) -> None:
    answer = call("POST", "/images", {**PICTURES.body, **changes})
    assert (answer.status, answer.body["error"]) == (status, error)
    assert keys() == []


def test_the_same_key_makes_one_picture(call: Api) -> None:
    first, second = (call("POST", "/images", PICTURES.body, Idempotency_Key="k") for _ in range(2))
    assert first.body == second.body
    assert len(call("GET", "/images").body["images"]) == 1


def test_what_is_refused_says_why_and_leaves_nothing_but_that(call: Api) -> None:
    image_id = PICTURES.upload(call, b"<html>", filename="holiday.jpg")
    PICTURES.show(call, image_id)
    assert check(call) == "refused"
    image = PICTURES.show(call, image_id)
    assert (image["status"], "preview" in image) == ("refused", False)
    assert image["reason"].startswith("The file is none of jpg, png, webp or heic pictures")
    assert keys() == [own_keys.image_record("user1", image_id)]


def test_a_list_is_the_callers_own_newest_first_and_paged(call: Api) -> None:
    images = OwnImages(Bucket(BUCKET), "user1")
    ids = [new_image_id(1_790_000_000 + second) for second in range(5)]
    for image_id in ids:
        images.create(OwnImage(image_id=image_id, filename="a", content_type="b", file_size=1, created_at=""))
    id_of_another = call("POST", "/images", PICTURES.body, user="user2").body["image"]["imageId"]
    ids_in_list: list[str] = []
    query = {"limit": "2"}
    while True:
        page = call("GET", "/images", query=query).body
        ids_in_list += [image["imageId"] for image in page["images"]]
        if "next" not in page:
            break
        query["next"] = page["next"]
    assert ids_in_list == ids[::-1]
    assert id_of_another not in ids_in_list


def test_a_list_that_is_still_so_is_not_sent_again(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    first = call("GET", "/images")
    tag = first.headers["ETag"]
    assert call("GET", "/images", If_None_Match=tag).status == 304
    PICTURES.show(call, image_id)
    assert check(call) == "ready"
    second = call("GET", "/images", If_None_Match=tag)
    assert (second.status, second.body["images"][0]["status"]) == (200, "ready")
    tag = second.headers["ETag"]
    # Its links are others in each answer, and no reason to send it again.
    assert call("GET", "/images", If_None_Match=tag).status == 304
    # Another page is another list, though its pictures are the same.
    call("POST", "/images", PICTURES.body)
    page = call("GET", "/images", query={"limit": "1"})
    call("DELETE", f"/images/{image_id}")
    assert call("GET", "/images", query={"limit": "1"}, If_None_Match=page.headers["ETag"]).status == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_users_picture_is_not_there(call: Api, method: str) -> None:
    image_id = PICTURES.upload(call, photo())
    answer = call(method, f"/images/{image_id}", user="user2")
    assert (answer.status, answer.body["error"]) == (404, "ImageNotFound")
    assert PICTURES.show(call, image_id)["status"] == "checking"


@pytest.mark.parametrize("image_id", ["..", "x", "0" * 19, "../user2/records/" + "0" * 20])
def test_an_id_that_is_none_reaches_no_object(call: Api, image_id: str) -> None:
    assert call("GET", f"/images/{image_id}").status in (400, 404)


def test_a_picture_is_deleted_with_all_that_was_made_of_it(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    PICTURES.show(call, image_id)
    check(call)
    answer = call("DELETE", f"/images/{image_id}")
    assert (answer.status, answer.body["image"]["status"]) == (200, "deleted")
    assert keys() == []
    assert call("DELETE", f"/images/{image_id}").status == 404
    assert call("GET", f"/images/{image_id}").status == 404


def test_a_picture_that_is_deleted_while_it_is_checked_stays_deleted(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    PICTURES.show(call, image_id)

    class Interrupted(Bucket):
        def replace_text(self, key: str, text: str, etag: str) -> bool:
            call("DELETE", f"/images/{image_id}")
            return super().replace_text(key, text, etag)

    assert PictureCheck(Interrupted(BUCKET), "user1", image_id).run() == "nothing"
    assert keys() == []


def test_a_check_that_was_begun_twice_keeps_what_the_first_has_made(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    PICTURES.show(call, image_id)

    class Overtaken(Bucket):
        def replace_text(self, key: str, text: str, etag: str) -> bool:
            check(call)
            return super().replace_text(key, text, etag)

    assert PictureCheck(Overtaken(BUCKET), "user1", image_id).run() == "nothing"
    assert PICTURES.show(call, image_id)["status"] == "ready"
    assert own_keys.image_file("user1", image_id, "picture.jpg") in keys()


def test_a_check_of_which_nothing_is_heard_is_asked_for_once_more_and_then_given_up(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    images = OwnImages(Bucket(BUCKET), "user1")
    statuses: list[str] = []
    for _ in range(3):
        statuses.append(PICTURES.show(call, image_id)["status"])
        record = images.read(image_id)
        assert record
        long_ago = record.image.checking_since - PATIENCE - 1
        images.replace(record, record.image.model_copy(update={"checking_since": long_ago}))
    assert statuses == ["checking", "checking", "refused"]
    assert len(checks_of(call).uploads) == 2
    assert keys() == [own_keys.image_record("user1", image_id)]


def test_a_check_that_could_not_be_asked_for_is_asked_for_by_the_next_call(call: Api) -> None:
    image_id = PICTURES.upload(call, photo())
    services = replace(call.services, checks=FakeChecks(refusals=[EventsUnavailable("The bus is busy.")]))
    api = Api(make_app(services, [SITE]), call.machine, services)
    answer = api("GET", f"/images/{image_id}")
    assert (answer.status, answer.body["error"], answer.body["retriable"]) == (503, "EventsUnavailable", True)
    assert PICTURES.show(api, image_id)["status"] == "checking"


def test_a_form_that_was_not_used_is_over(call: Api) -> None:
    images = OwnImages(Bucket(BUCKET), "user1")
    image_id = new_image_id()
    old = "2026-01-01T00:00:00+00:00"
    images.create(OwnImage(image_id=image_id, filename="a", content_type="image/png", file_size=1, created_at=old))
    assert PICTURES.show(call, image_id)["status"] == "expired"
