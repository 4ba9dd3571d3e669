"""Own pictures for the scenes of a generation: looked up, and copied to its takes, so that deleting one breaks nothing.

Touches the bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.build import edits
from shared.errors import InvalidEdit
from shared.film.picture_choices import KIND_OF, OWN_TAKE, FirstPictures, PictureUse, PlacedPicture, ScenePicture
from shared.models import video_models
from shared.video.own_image import OwnImage, OwnImages

Wish = tuple[str, PictureUse | None]
# Reads and copies at once.
_AT_ONCE = 8


@dataclass(frozen=True)
class PictureShelf:
    """The own pictures of a user, for a generation."""

    bucket: Bucket
    user_id: str
    video_id: str
    generation_id: str

    def find(self, wishes: Iterable[Wish]) -> dict[Wish, ScenePicture]:
        """Return the pictures by what is wished of them; the file of each lies among the generation's takes then.

        Raises InvalidEdit for one that is not there, is not ready, or cannot be used so.
        """
        unique_wishes = dict.fromkeys(wishes)
        image_ids = list(dict.fromkeys(image_id for image_id, _ in unique_wishes))
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            images = dict(zip(image_ids, readers.map(self._read, image_ids), strict=True))
            pictures = {wish: _picture(images[wish[0]], wish[1]) for wish in unique_wishes}
            list(readers.map(self._copy, images.values()))
        return pictures

    def store(self, pictures: list[PlacedPicture]) -> None:
        """Write the pictures that the generation's plan begins with."""
        key = media_keys.pictures(self.video_id, self.generation_id)
        self.bucket.write_text(key, FirstPictures(pictures=pictures).model_dump_json())

    def _read(self, image_id: str) -> OwnImage:
        record = OwnImages(self.bucket, self.user_id).read(image_id)
        if record is None:
            raise InvalidEdit(f"there is no picture {image_id}.", "imageId")
        image = record.image
        if image.status == "refused":
            raise InvalidEdit(f"{image.filename} cannot be used: {image.reason}", "imageId")
        if image.status != "ready" or image.kind is None:
            raise InvalidEdit(f"{image.filename} is not ready yet; ask for it until it is.", "imageId")
        return image

    def _copy(self, image: OwnImage) -> None:
        take = f"{OWN_TAKE}{image.digest}-copy"
        target = media_keys.take(self.video_id, self.generation_id, take, image.kind or "still")
        if not self.bucket.holds(target):
            source = own_keys.image_file(self.user_id, image.image_id, image.file)
            self.bucket.copy(source, target, self.bucket.media_type(source))


def wishes_of(changes: Sequence[edits.Edit]) -> list[Wish]:
    """Return the pictures that the edits name, with what each is to be used for."""
    single = [each for each in changes if isinstance(each, edits.PlacePicture) and each.image_id]
    several = [wish for each in changes if isinstance(each, edits.PlacePictures) for wish in each.pictures]
    return [(wish.image_id, wish.use) for wish in (*single, *several)]


def place_wishes(shelf: PictureShelf, wishes: Sequence[edits.WishedPicture], model: str) -> list[PlacedPicture]:
    """Return the pictures that a generation begins with; raise InvalidEdit as `find`, or if the model takes none so."""
    by_wish = shelf.find((wish.image_id, wish.use) for wish in wishes)
    pictures = [PlacedPicture(picture=by_wish[wish.image_id, wish.use], scene=wish.scene) for wish in wishes]
    spec = video_models.model(model)
    for each in pictures:
        if each.picture.references and not spec.references:
            raise InvalidEdit(f"{model} takes no reference pictures; choose another model or use.", "pictures")
        if each.picture.begins_clip and not spec.first_frame:
            raise InvalidEdit(f"{model} takes no first frame; choose another model or use.", "pictures")
    return pictures


def _picture(image: OwnImage, use: PictureUse | None) -> ScenePicture:
    kind = image.kind or "still"
    use = use or kind
    if KIND_OF[use] != kind:
        fitting = ", ".join(name for name, of in KIND_OF.items() if of == kind)
        raise InvalidEdit(f"{image.filename} can be used as {fitting}, and not as {use}.", "use")
    return ScenePicture(image_id=image.image_id, use=use, digest=image.digest, seconds=image.seconds)
