"""What a preset adds to the pictures of a generation: looked up, and copied to it, so that deleting it breaks nothing.

Touches the bucket through the services.
"""

from __future__ import annotations

import hashlib

from functions.api.core import User
from functions.api.services import Services
from shared import media_keys
from shared.brand.choices import Brand, Logo
from shared.http.presets.models import Preset, PresetLogo
from shared.http.refusals import ImageNotFound
from shared.video.own_image import OwnImage, OwnImages


def require_picture(services: Services, user: User, logo: PresetLogo) -> OwnImage:
    """Return the caller's picture that the logo names; raise ImageNotFound for one that is not there, or cannot be."""
    record = OwnImages(services.bucket, user[0]).read(logo.image_id)
    if record is None or record.image.status != "ready" or record.image.kind != "still":
        raise ImageNotFound(
            "logo: there is no such picture, or it is not ready; ask GET /images/{imageId} until it is."
        )
    return record.image


def place(services: Services, user: User, preset: Preset, video_id: str, generation_id: str) -> Brand | None:
    """Return what the preset adds to the generation, whose files lie with it then; raise ImageNotFound."""
    if preset.logo is None:
        return None
    image = require_picture(services, user, preset.logo)
    # Kept apart where something of it is transparent.
    clear = media_keys.image_file(user[0], image.image_id, media_keys.LOGO_FILE)
    has_clear = services.bucket.holds(clear)
    source = clear if has_clear else media_keys.image_file(user[0], image.image_id, image.file)
    digest = hashlib.sha256(services.bucket.etag(source).encode()).hexdigest()[:12]
    logo = Logo(digest=digest, corner=preset.logo.corner)
    target = media_keys.take(video_id, generation_id, logo.take, "still")
    services.bucket.copy(source, target, services.bucket.media_type(source))
    return Brand(logo=logo)
