"""The check of one upload: examined in a folder of its own, stored as it came out of that, and never as it came.

Touches the bucket; runs decoders on files that may be hostile.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.check_image import clip, core, font, music, still
from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.errors import UnsupportedMedia
from shared.video.own_image import OwnImages, SeenImage

_MEDIA_TYPES = {
    **{".png": "image/png", ".jpg": "image/jpeg", ".mp4": "video/mp4", ".flac": "audio/flac"},
    **{".ttf": "font/sfnt", ".json": "application/json"},
}
_UPLOAD = "upload"


@dataclass(frozen=True)
class Examination:
    """What came out of an upload: the file, and what the record says of it."""

    file: Path
    facts: dict[str, Any]

    @property
    def files(self) -> tuple[Path, ...]:
        """What is stored."""
        return (self.file,)


@dataclass(frozen=True)
class PictureExamination(Examination):
    """The same of a picture or clip, with a small picture of it, and one that is as transparent as it was."""

    preview: Path
    clear: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """What is stored."""
        return (self.preview, *([self.clear] if self.clear else []), self.file)


def examine(upload: Path, folder: Path) -> PictureExamination:
    """Return what an own picture or clip becomes, by its content and whatever its name, as files in `folder`.

    Raises UnsupportedMedia, whose message is one sentence for the user, and FfmpegCrashed.
    """
    with upload.open("rb") as stream:
        file_format = core.format_of(stream.read(core.HEAD))
    kind = core.kind_of(file_format)
    if kind == "clip":
        own_clip = clip.plain_clip(upload, folder)
        picture = own_clip.first_frame
        file = own_clip.file
        seconds = own_clip.seconds
        clear = None
    else:
        picture = still.upright(upload, file_format)
        file = still.save(picture, folder, file_format)
        seconds = 0.0
        clear = still.save_clear(upload, file_format, folder)
    facts = {"kind": kind, "width": picture.width, "height": picture.height, "seconds": round(seconds, 3)}
    facts |= {"file": file.name, "digest": _digest(file)}
    return PictureExamination(file, facts, still.save_preview(picture, folder), clear)


def examine_music(upload: Path, folder: Path) -> Examination:
    """Return what own music becomes, by its content, as a file in `folder`; raises as `examine` does."""
    own_music = music.plain_music(upload, folder)
    return Examination(own_music.file, {"seconds": round(own_music.seconds, 3), "file": own_music.file.name})


@dataclass(frozen=True)
class FontExamination(Examination):
    """The same of a font, with what captions must know of it."""

    face_file: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """What is stored."""
        return (self.face_file, self.file)


def examine_font(upload: Path, folder: Path, font_id: str) -> FontExamination:
    """Return what an own font becomes, by its content, as files in `folder`; raises UnsupportedMedia."""
    own_font = font.plain_font(upload, folder, font_id)
    return FontExamination(own_font.file, {"family": own_font.family, "file": own_font.file.name}, own_font.face_file)


@dataclass(frozen=True)
class PictureCheck:
    """The check of a user's picture, or of what is on another shelf, and everything that it needs."""

    bucket: Bucket
    user_id: str
    image_id: str

    def run(self) -> str:
        """Return how the record stands from now on, or "nothing" when no check of it is waited for.

        Raises what the bucket does, and FfmpegCrashed, which say nothing about the upload.
        """
        seen_record = self._images.read(self.image_id)
        if seen_record is None or seen_record.image.status != "checking":
            return "nothing"
        with tempfile.TemporaryDirectory() as folder:
            changes = self._examine(Path(folder))
        return self._note(seen_record, changes)

    @property
    def _images(self) -> OwnImages:
        return OwnImages(self.bucket, self.user_id)

    def _examine(self, folder: Path) -> dict[str, Any]:
        """Return what the record says from now on; what was made of the upload is stored."""
        upload = self.bucket.download(own_keys.image_upload(self.user_id, self.image_id), folder / _UPLOAD)
        try:
            result = self._result(upload, folder)
        except UnsupportedMedia as error:
            return {"status": "refused", "reason": str(error)}
        for file in result.files:
            self.bucket.upload(self._key(file.name), file, _MEDIA_TYPES[file.suffix])
        return {"status": "ready", **result.facts}

    def _result(self, upload: Path, folder: Path) -> Examination:
        if own_keys.is_font_shelf(self.user_id):
            return examine_font(upload, folder, self.image_id)
        return (examine_music if own_keys.is_music_shelf(self.user_id) else examine)(upload, folder)

    def _note(self, seen_record: SeenImage, changes: dict[str, Any]) -> str:
        """Write the record, and delete the upload with all that only it told, such as where a picture was taken."""
        if self._images.replace(seen_record, seen_record.image.model_copy(update=changes)):
            self.bucket.delete_below(own_keys.image_upload(self.user_id, self.image_id))
            return changes["status"]
        if self._images.read(self.image_id) is None:
            # Deleted by its owner meanwhile.
            self._images.delete(self.image_id)
        return "nothing"

    def _key(self, name: str) -> str:
        return own_keys.image_file(self.user_id, self.image_id, name)


def _digest(file: Path) -> str:
    """Return what tells the file's content from any other, in 12 hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
