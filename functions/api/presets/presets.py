"""Presets of a user's own: stored, listed, deleted, and laid under the choices of a request.

Touches the bucket through the services. A preset is an object beside the own pictures; who writes last has written it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pydantic import ValidationError

from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.presets import brand
from functions.api.services import Services
from shared.brand import own_keys
from shared.errors import StorageUnavailable
from shared.http.presets.models import CHOICES, Preset, PresetList, PresetShown, PresetView
from shared.http.refusals import PresetNotFound, TooManyPresets
from shared.http.requests import Choices
from shared.models import video_models

MOST_PRESETS = 50
_READS_AT_ONCE = 10
Chosen = TypeVar("Chosen", bound=Choices)


def put(services: Services, user: User, name: str, preset: Preset) -> PresetShown:
    """PUT /presets/{presetName}: store the preset in place of what was called so.

    Raises MusicNotFound, FontNotFound, ImageNotFound, ModelRetired or InvalidRequest for what no generation could be
    begun with, and TooManyPresets.
    """
    music.require_ready(services, user, preset.music or "")
    fonts.require_ready(services, user, preset.caption_style.font if preset.caption_style else None)
    if preset.model:
        video_models.offer(preset.model, preset.aspect_ratio or "9:16", preset.resolution or "720p")
    brand.require(services, user, preset)
    key = own_keys.preset(user[0], name)
    if not services.bucket.holds(key) and len(_keys(services, user)) >= MOST_PRESETS:
        raise TooManyPresets(f"There are {MOST_PRESETS} presets, which are the most; delete one first.")
    services.bucket.write_text(key, preset.model_dump_json(exclude_none=True))
    return PresetShown(preset=PresetView(name=name, choices=preset))


def listing(services: Services, user: User) -> PresetList:
    """GET /presets: all of the caller's own."""
    keys = _keys(services, user)
    with ThreadPoolExecutor(_READS_AT_ONCE) as readers:
        texts = list(readers.map(services.bucket.read_text, keys))
    pairs = zip(keys, texts, strict=True)
    rows = [PresetView(name=own_keys.preset_name(key), choices=_parse(text)) for key, text in pairs]
    return PresetList(presets=rows)


def show(services: Services, user: User, name: str) -> PresetShown:
    """GET /presets/{presetName}; raises PresetNotFound."""
    return PresetShown(preset=PresetView(name=name, choices=read(services, user, name)))


def delete(services: Services, user: User, name: str) -> PresetShown:
    """DELETE /presets/{presetName}: the preset as it was; videos that were begun with it stay as they are."""
    former = show(services, user, name)
    services.bucket.delete_below(own_keys.preset(user[0], name))
    return former


def read(services: Services, user: User, name: str) -> Preset:
    """Return the caller's preset; raise PresetNotFound."""
    key = own_keys.preset(user[0], name)
    if not services.bucket.holds(key):
        raise PresetNotFound(f"preset: there is no preset {name}; GET /presets lists yours.")
    return _parse(services.bucket.read_text(key))


def named_by(services: Services, user: User, body: Choices) -> Preset:
    """Return the preset that the request names, an empty one where it names none; raise PresetNotFound."""
    return read(services, user, body.preset) if body.preset else Preset()


def fill(body: Chosen, preset: Preset) -> Chosen:
    """Return the request with the preset's values where it says nothing itself."""
    own_values = {name: getattr(preset, name) for name in CHOICES if name not in body.model_fields_set}
    values = {name: value for name, value in own_values.items() if value is not None}
    if preset.caption_style and "caption_style" not in values:
        own = body.caption_style
        parts = {name: getattr(own, name) for name in own.model_fields_set}
        values["caption_style"] = preset.caption_style.model_copy(update=parts)
    return body.model_copy(update=values)


def _keys(services: Services, user: User) -> list[str]:
    return services.bucket.keys(own_keys.presets(user[0]), MOST_PRESETS)


def _parse(text: str) -> Preset:
    try:
        return Preset.model_validate_json(text)
    except ValidationError as error:
        raise StorageUnavailable("A preset cannot be read.") from error
