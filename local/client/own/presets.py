"""A preset on the command line: the name of one that is stored, or a file of the user's own, there for the command.

Touches the files and the API. A file's preset and pictures are taken off the list again: what is made has its copies.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from local.api_client import ApiClient
from local.client import pictures
from local.client.own import font_files, fonts, music
from local.client.pictures import OwnFile
from shared import wrong_values
from shared.brand.choices import PRESET_NAME_PATTERN
from shared.errors import InvalidRequest
from shared.film.picture_choices import PictureUse
from shared.http.presets.models import Preset

# An id that no picture has.
_UNKNOWN = "0" * 20
# The parts of a preset that are pictures, and what each must be.
_PICTURES: dict[str, PictureUse | None] = {"logo": "still", "intro": None, "outro": None}
_FILE_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class ChosenPreset:
    """A stored preset by its `name`; without one that of a file: `choices` as the API takes them, and files.

    `pictures` are the files of its logo, intro and outro, by what they are.
    """

    name: str
    choices: dict[str, Any]
    music: Path | None = None
    font: Path | None = None
    pictures: Mapping[str, Path] = field(default_factory=dict[str, Path])


def read(text: str | None) -> ChosenPreset | None:
    """Return what --preset names, if anything; raise InvalidRequest for a file that is no preset, or a wrong name."""
    if text is None:
        return None
    if is_file(text):
        return _in_file(Path(text))
    if not re.fullmatch(PRESET_NAME_PATTERN, text):
        raise InvalidRequest(f"--preset {text}: name a stored preset, such as acme, or a .yaml file.")
    return ChosenPreset(text, {})


@contextmanager
def at_hand(
    preset: ChosenPreset | None, api: ApiClient, pause: Callable[[float], None] = time.sleep
) -> Generator[dict[str, str]]:
    """Give the choice of the preset, if any, for the length of the block; raises InvalidRequest and ApiError."""
    if preset is None or preset.name:
        yield {"preset": preset.name} if preset else {}
        return
    name = f"file-{secrets.token_hex(8)}"
    with pictures.uploads(api, [OwnFile(path) for path in preset.pictures.values()], pause) as ids:
        _put(name, preset, ids, api, pause)
        try:
            yield {"preset": name}
        finally:
            pictures.forget(api, f"/presets/{name}")


def store(file: Path, api: ApiClient, pause: Callable[[float], None] = time.sleep) -> str:
    """Store the preset in the file, with what it names, under the file's own name, which is returned.

    Raises InvalidRequest, UnsupportedMedia and ApiError.
    """
    preset = _in_file(file)
    name = file.stem.lower()
    if not re.fullmatch(PRESET_NAME_PATTERN, name):
        raise InvalidRequest(f"{file}: call it by small letters, digits, - and _, such as acme.yaml: so is its preset.")
    ids = {path: pictures.upload(api, path, pause) for path in preset.pictures.values()}
    _put(name, preset, ids, api, pause)
    return name


def is_file(name: str) -> bool:
    """Return whether a preset of that name is one in a file."""
    return name.lower().endswith(_FILE_ENDINGS)


def _put(
    name: str, preset: ChosenPreset, ids: Mapping[Path, str], api: ApiClient, pause: Callable[[float], None]
) -> None:
    own_music = {"music": music.upload(preset.music, api, pause)} if preset.music else {}
    style: dict[str, Any] = preset.choices.get("captionStyle", {})
    own_font = {"captionStyle": {**style, "font": fonts.upload(preset.font, api, pause)}} if preset.font else {}
    own = {part: {**preset.choices[part], "imageId": ids[path]} for part, path in preset.pictures.items()}
    api.call("PUT", f"/presets/{name}", {**preset.choices, **own_music, **own_font, **own})


def _in_file(file: Path) -> ChosenPreset:
    try:
        values: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidRequest(f"--preset {file}: it cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidRequest(f"--preset {file}: this is not YAML.") from error
    if not isinstance(values, dict):
        raise InvalidRequest(f"--preset {file}: write NAME: VALUE, such as style: animated.")
    choices = _by_name(values)
    if isinstance(choices.get("captionStyle"), dict):
        style = _by_name(choices["captionStyle"])
        choices["captionStyle"] = {part: _with_sign(value) for part, value in style.items()}
    font_file = _font(file, choices)
    own_music = choices.pop("music", None)
    music_file = file.parent / str(own_music) if own_music else None
    music.check(music_file)
    own_pictures = {part: _picture(file, choices, part) for part in _PICTURES if part in choices}
    try:
        Preset.model_validate(choices)
    except ValidationError as error:
        where, wrong = wrong_values.first(error)
        raise InvalidRequest(f"--preset {file}: {'.'.join(where)}: {wrong}.") from error
    return ChosenPreset("", choices, music_file, font_file, own_pictures)


def _font(file: Path, choices: dict[str, Any]) -> Path | None:
    """Return the file of the captions' font, taken out of the choices, where the preset names one."""
    style: dict[str, Any] = choices["captionStyle"] if isinstance(choices.get("captionStyle"), dict) else {}
    named_font = str(style.get("font", ""))
    if not font_files.is_file(named_font):
        return None
    del style["font"]
    fonts.check(file.parent / named_font)
    return file.parent / named_font


def _picture(file: Path, choices: dict[str, Any], part: str) -> Path:
    """Return the file of a part of the preset, such as its logo; until it is sent the part has an id that none has."""
    values = _by_name(choices[part]) if isinstance(choices[part], dict) else {}
    picture = file.parent / str(values.pop("file", ""))
    pictures.check(picture, _PICTURES[part])
    choices[part] = {**values, "imageId": _UNKNOWN}
    return picture


def _by_name(values: Any) -> dict[str, Any]:
    return {str(name): value for name, value in values.items()}


def _with_sign(value: Any) -> Any:
    """Return a colour with its sign, which begins a comment in YAML; anything else as it is."""
    return f"#{value}" if isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f]{6}", value) else value
