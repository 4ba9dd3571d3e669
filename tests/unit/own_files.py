"""Files of a user's own over the API, on moto: announced, put where the form would put them, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.check_image.check import PictureCheck
from shared.aws import clients
from shared.aws.bucket import Bucket
from tests.unit.api_calls import Api, FakeChecks
from tests.unit.cloud_fixtures import BUCKET


@dataclass(frozen=True)
class OwnKind:
    """A kind of files: its route, what one is called in answers, and what one is announced with."""

    path: str
    noun: str
    body: Mapping[str, object]

    def upload(self, call: Api, content: bytes, **more: object) -> str:
        """Create one, put its file where the form would, and return its id."""
        reply = call("POST", self.path, {**self.body, "fileSize": len(content), **more}).body
        clients.s3().put_object(Bucket=BUCKET, Key=reply["upload"]["fields"]["key"], Body=content)
        return reply[self.noun][f"{self.noun}Id"]

    def show(self, call: Api, file_id: str) -> dict[str, Any]:
        return call("GET", f"{self.path}/{file_id}").body[self.noun]

    def ready(self, call: Api, content: bytes) -> str:
        """Return the id of one that was uploaded and checked."""
        file_id = self.upload(call, content)
        self.show(call, file_id)
        assert check(call) == "ready"
        return file_id


PICTURES = OwnKind("/images", "image", {"filename": "harbour.jpg", "contentType": "image/jpeg", "fileSize": 3})
MUSIC = OwnKind("/music", "music", {"filename": "bed.mp3", "contentType": "audio/mpeg", "fileSize": 3})
FONTS = OwnKind("/fonts", "font", {"filename": "acme.ttf", "contentType": "font/ttf", "fileSize": 3})


def checks_of(call: Api) -> FakeChecks:
    checks = call.services.checks
    assert isinstance(checks, FakeChecks)
    return checks


def check(call: Api) -> str:
    """Check what was asked for last, as the function does, and return what became of it."""
    request = checks_of(call).uploads[-1]
    return PictureCheck(Bucket(BUCKET), request.user_id, request.image_id).run()


def keys() -> list[str]:
    """Return every key that is in the bucket, and of what was deleted every version."""
    rows = clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [row.get("Key", "") for row in rows]
