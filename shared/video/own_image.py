"""A picture or clip of a user's own: its record, which lies beside its files, and the store of all of them.

Touches the bucket. A record is changed only if it is the one that was seen, so whoever loses a race leaves nothing.
"""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.errors import StorageUnavailable
from shared.film.picture_choices import OwnKind
from shared.video.public_record import Part, Time
from shared.wire import Wire

LARGEST_PICTURE = 50_000_000
LARGEST_OWN_CLIP = 500_000_000
LARGEST_MUSIC = 100_000_000
LARGEST_FONT = 20_000_000
# Seconds.
LONGEST_OWN_CLIP = 60
ImageStatus = Literal["waiting", "checking", "ready", "refused"]
# What the event is called on the bus; only the function that checks listens to it.
IMAGE_UPLOADED = "Image Uploaded"
_READS_AT_ONCE = 10
# Ids sort by time, the newest first, as S3 lists keys.
_END_OF_TIME = (1 << 48) - 1


class ImageUploaded(Wire):
    """The `detail` of the event that asks for a check of what was uploaded."""

    user_id: str
    image_id: str


class OwnImage(Part):
    """The record: sizes in bytes and pixels, lengths in seconds; `file` is what the checked file is called.

    `digest` is that of the file's content, and `family` what a font calls itself. `checking_since` is Unix time, and
    `tries` how often a check was asked for.
    """

    image_id: str
    filename: str
    content_type: str
    file_size: int
    created_at: Time = ""
    status: ImageStatus = "waiting"
    kind: OwnKind | None = None
    family: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0
    reason: str = ""
    file: str = ""
    digest: str = ""
    checking_since: float = 0
    tries: int = 0


@dataclass(frozen=True)
class SeenImage:
    """A record as it was seen, and its ETag."""

    image: OwnImage
    etag: str


def largest(content_type: str) -> int:
    """Return the most bytes that a file which is said to be of that media type may have."""
    return LARGEST_OWN_CLIP if content_type.startswith("video/") else LARGEST_PICTURE


def new_image_id(now: float | None = None) -> str:
    """Return an id for a picture of `now`, Unix time."""
    moment = round((time.time() if now is None else now) * 1000)
    return f"{_END_OF_TIME - moment:012x}{secrets.token_hex(4)}"


@dataclass(frozen=True)
class OwnImages:
    """The own pictures and clips of one user; every method raises what Bucket raises."""

    bucket: Bucket
    user_id: str

    def create(self, image: OwnImage) -> None:
        """Write the record of a picture that is about to be uploaded."""
        self.bucket.write_text(self._record(image.image_id), image.model_dump_json())

    def read(self, image_id: str) -> SeenImage | None:
        """Return the record and its ETag, or None when there is none."""
        key = self._record(image_id)
        etag = self.bucket.etag(key)
        return SeenImage(_image(self.bucket.read_text(key)), etag) if etag else None

    def replace(self, former: SeenImage, image: OwnImage) -> bool:
        """Write the record in place of the one that was seen; return False when that has changed, or is gone."""
        return self.bucket.replace_text(self._record(image.image_id), image.model_dump_json(), former.etag)

    def page(self, limit: int, after: str = "") -> list[OwnImage]:
        """Return at most `limit` records, newest first, beginning after the id `after`."""
        place = self._record(after) if after else ""
        keys = self.bucket.keys(own_keys.image_records(self.user_id), limit, place)
        # A page would else wait for S3 once for each picture.
        with ThreadPoolExecutor(_READS_AT_ONCE) as readers:
            return [_image(text) for text in readers.map(self.bucket.read_text, keys)]

    def delete(self, image_id: str) -> bool:
        """Delete the record and then the files; return whether there were any.

        The record goes first: a check that is at work finds it gone, and takes its files back.
        """
        prefixes = (self._record(image_id), *own_keys.image_objects(self.user_id, image_id))
        has_any = any(self.bucket.sizes(prefix) for prefix in prefixes)
        for prefix in prefixes:
            self.bucket.delete_below(prefix)
        return has_any

    def _record(self, image_id: str) -> str:
        return own_keys.image_record(self.user_id, image_id)


def _image(text: str) -> OwnImage:
    try:
        return OwnImage.model_validate_json(text)
    except ValidationError as error:
        raise StorageUnavailable("The record of a picture cannot be read.") from error
