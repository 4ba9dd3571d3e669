"""Voices are told apart: who says what in a recording of two people, by the labels that it was made with."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy
import pytest
from imageio_ffmpeg import get_ffmpeg_exe  # pyright: ignore[reportMissingTypeStubs] - it ships none

from local.speech.speakers import Voices, speakers_of
from local.speech.voices import SAMPLE_RATE

ROOT = Path(__file__).parents[2]
READERS = (ROOT / "samples" / "austen.flac", ROOT / "tests" / "cases" / "us.flac")
TURN = 3.0


def sound_of(file: Path) -> Any:
    command = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        str(file),
        "-f",
        "s16le",
        "-ac",
        "1",
        "-ar",
        str(SAMPLE_RATE),
        "-",
    ]
    samples = subprocess.run(command, capture_output=True, check=True).stdout
    return numpy.frombuffer(samples, numpy.int16).astype(numpy.float32) / 32768


def conversation() -> tuple[Any, list[int]]:
    """Return a recording in which two readers take turns of three seconds, and who speaks in each."""
    length = int(TURN * SAMPLE_RATE)
    sounds = [sound_of(file) for file in READERS]
    turns = [(reader, at) for at in range(7) for reader in (0, 1) if (at + 1) * length <= len(sounds[reader])]
    audio = numpy.concatenate([sounds[reader][at * length : (at + 1) * length] for reader, at in turns])
    return audio, [reader for reader, _ in turns]


def test_two_voices_are_told_apart() -> None:
    audio, readers = conversation()
    voices = Voices()
    voices.hear(audio, [(at * TURN, (at + 1) * TURN) for at in range(len(readers))])
    speakers = voices.speakers(2)
    wrong = sum(speaker != reader for speaker, reader in zip(speakers, readers, strict=True))
    assert len(readers) >= 13
    assert wrong <= 1


def rows(*groups: tuple[float, int]) -> list[Any]:
    """Return vectors around each of these places, so many of each, a little apart."""
    return [numpy.array([place + 0.0005 * number, 0.0]) for place, count in groups for number in range(count)]


@pytest.mark.parametrize(
    ("vectors", "count", "speakers"),
    [
        ([], 2, []),
        (rows((0, 1)), 2, [0]),
        (rows((0, 2), (1, 2)), 2, [0, 0, 1, 1]),
        (rows((1, 2), (0, 1), (1, 1)), 2, [0, 0, 1, 0]),
        # A stretch that is odd takes no group from a voice.
        (rows((0, 6), (1, 6), (1.3, 1)), 2, [0] * 6 + [1] * 7),
        (rows((0, 500), (1, 500)), 2, [0] * 500 + [1] * 500),
    ],
)
def test_vectors_make_as_many_groups_as_there_are_speakers(vectors: list[Any], count: int, speakers: list[int]) -> None:
    assert speakers_of(vectors, [1.0] * len(vectors), count) == speakers
