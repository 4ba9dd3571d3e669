"""What a preset adds to the pictures of a generation: looked up, and copied to it, so that deleting it breaks nothing.

Touches the bucket through the services.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from functions.api.core import User
from functions.api.services import Services
from shared import media_keys
from shared.brand import own_keys
from shared.brand.choices import LONGEST_BUMPER, SHORTEST_BUMPER, USUAL_BUMPER, Brand, Bumper, Logo
from shared.errors import InvalidRequest
from shared.http.presets.models import Preset, PresetBumper, PresetLogo
from shared.http.refusals import ImageNotFound
from shared.models.video_models import FRAME_RATE
from shared.video.own_image import OwnImage, OwnImages


def require(services: Services, user: User, preset: Preset) -> None:
    """Raise ImageNotFound or InvalidRequest unless the caller has each picture that the preset names, of its kind."""
    if preset.logo:
        _still(services, user, preset.logo)
    for name, wish in _bumpers(preset):
        _length(_image(services, user, wish.image_id, name), wish, name)


def place(services: Services, user: User, preset: Preset, video_id: str, generation_id: str) -> Brand | None:
    """Return what the preset adds to the generation, whose files lie with it then; raises as `require`."""
    shelf = _Shelf(services, user, video_id, generation_id)
    logo = shelf.logo(preset.logo) if preset.logo else None
    bumpers = {name: shelf.bumper(name, wish) for name, wish in _bumpers(preset)}
    return Brand(logo=logo, **bumpers) if logo or bumpers else None


@dataclass(frozen=True)
class _Shelf:
    """The own pictures of a user, for a generation."""

    services: Services
    user: User
    video_id: str
    generation_id: str

    def logo(self, wish: PresetLogo) -> Logo:
        """Return the logo, whose file lies with the generation then."""
        image = _still(self.services, self.user, wish)
        # Kept apart where something of it is transparent.
        clear = own_keys.image_file(self.user[0], image.image_id, own_keys.LOGO_FILE)
        source = clear if self.services.bucket.holds(clear) else self._file(image)
        digest = hashlib.sha256(self.services.bucket.etag(source).encode()).hexdigest()[:12]
        logo = Logo(digest=digest, corner=wish.corner)
        self._copy(source, logo.take, "still")
        return logo

    def bumper(self, name: str, wish: PresetBumper) -> Bumper:
        """Return the intro or outro, whose file lies with the generation then."""
        image = _image(self.services, self.user, wish.image_id, name)
        frames = round(_length(image, wish, name) * FRAME_RATE)
        bumper = Bumper(digest=image.digest, kind=image.kind or "still", frames=frames)
        self._copy(self._file(image), bumper.take, bumper.kind)
        return bumper

    def _file(self, image: OwnImage) -> str:
        return own_keys.image_file(self.user[0], image.image_id, image.file)

    def _copy(self, source: str, take: str, kind: str) -> None:
        target = media_keys.take(self.video_id, self.generation_id, take, kind)
        self.services.bucket.copy(source, target, self.services.bucket.media_type(source))


def _bumpers(preset: Preset) -> list[tuple[str, PresetBumper]]:
    wishes = {"intro": preset.intro, "outro": preset.outro}
    return [(name, wish) for name, wish in wishes.items() if wish]


def _still(services: Services, user: User, logo: PresetLogo) -> OwnImage:
    image = _image(services, user, logo.image_id, "logo")
    if image.kind != "still":
        raise ImageNotFound("logo: this is a clip; name a picture.")
    return image


def _image(services: Services, user: User, image_id: str, name: str) -> OwnImage:
    record = OwnImages(services.bucket, user[0]).read(image_id)
    if record is None or record.image.status != "ready":
        raise ImageNotFound(
            f"{name}: there is no such picture, or it is not ready; ask GET /images/{{imageId}} until it is."
        )
    return record.image


def _length(image: OwnImage, wish: PresetBumper, name: str) -> float:
    """Return how long an intro or outro lasts, in seconds; raise InvalidRequest for a clip that is too short."""
    if image.kind == "still":
        return wish.seconds or USUAL_BUMPER
    if image.seconds < SHORTEST_BUMPER:
        raise InvalidRequest(f"{name}: the clip lasts {image.seconds:.1f} s; {SHORTEST_BUMPER} s are the least.")
    return min(image.seconds, wish.seconds or LONGEST_BUMPER)
