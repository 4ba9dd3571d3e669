"""What of the user's own goes into the videos of one command: pictures, music, a font, and a preset.

Touches the files and the API.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from local.api_client import ApiClient
from local.client import pictures
from local.client.make import VideoJob
from local.client.own import font_files, fonts, music, presets
from local.client.own.presets import ChosenPreset
from local.client.pictures import OwnFile


@dataclass(frozen=True)
class Belongings:
    """The files, looked at; nothing is uploaded yet."""

    files: Sequence[OwnFile] = ()
    music: Path | None = None
    preset: ChosenPreset | None = None
    font: Path | None = None

    @contextmanager
    def uploads(self, jobs: Sequence[VideoJob], api: ApiClient) -> Generator[list[VideoJob]]:
        """Give the jobs with what is uploaded for them; pictures and a file's preset are there within the block only.

        Raises UnsupportedMedia, InvalidRequest or ApiError for what cannot be used.
        """
        with pictures.uploads(api, self.files) as ids, presets.at_hand(self.preset, api) as preset:
            with_pictures = [job.with_pictures(pictures.wishes(self.files, ids)) for job in jobs]
            with_music = music.with_music(with_pictures, self.music, api)
            with_font = fonts.with_font(with_music, self.font, api)
            yield [replace(job, choices={**job.choices, **preset}) for job in with_font]


def of(namespace: argparse.Namespace) -> Belongings:
    """Return what the command line names; raise InvalidRequest or UnsupportedMedia for what cannot be used."""
    files = pictures.files_of(namespace)
    pictures.check_scenes(files)
    music.check(namespace.music)
    font = namespace.caption_font
    font_file = Path(font) if font and font_files.is_file(font) else None
    fonts.check(font_file)
    return Belongings(files, namespace.music, presets.read(namespace.preset), font_file)
