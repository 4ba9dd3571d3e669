"""Transcripts of the user's own that the command line names: found, and read as the API will read them.

Touches the files.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from shared.errors import InvalidRequest
from shared.transcript import cues, decoding
from shared.transcript.own_transcript import LARGEST_TRANSCRIPT

ENDINGS = (".srt", ".vtt", ".txt")


def files_of(namespace: argparse.Namespace) -> list[Path | None]:
    """Return the transcript of each recording; raise InvalidRequest when one is missing or cannot be used."""
    if not namespace.transcript_beside:
        if namespace.transcript and len(namespace.audio) > 1:
            raise InvalidRequest("--transcript is of one recording; name one only, or use --transcript-beside.")
        return [namespace.transcript] * len(namespace.audio)
    if namespace.transcript:
        raise InvalidRequest("--transcript names a file, and --transcript-beside looks for one; use one of them.")
    return [_beside(audio) for audio in namespace.audio]


def are_all_timed(files: Sequence[Path | None]) -> bool:
    """Return whether every recording has a transcript with times, so that none is to be heard by a recogniser.

    Raises InvalidRequest, which names the file, for one that cannot be used.
    """
    # Each is read, also behind one that decides: a file that is none is told of before anything is made.
    timed_files = [file for file in files if file and _has_times(file)]
    return len(timed_files) == len(files)


def _beside(audio: Path) -> Path:
    file = next((path for ending in ENDINGS if (path := audio.with_suffix(ending)).is_file()), None)
    if file is None:
        names = ", ".join(audio.with_suffix(ending).name for ending in ENDINGS)
        raise InvalidRequest(f"--transcript-beside: none of {names} lies beside {audio}.")
    return file


def _has_times(file: Path) -> bool:
    if not file.is_file():
        raise InvalidRequest(f"{file}: there is no such file.")
    with file.open("rb") as source:
        content = source.read(LARGEST_TRANSCRIPT + 1)
    try:
        captions, _ = cues.read(decoding.text_of(content))
    except InvalidRequest as error:
        raise InvalidRequest(f"{file}: {error}") from error
    return bool(captions)
