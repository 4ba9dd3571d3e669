"""Sound as plain numbers: made-up channels, what a file sounds like, and where one sound lies in another."""

from __future__ import annotations

import wave
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shared.film import ffmpeg

WAVE_RATE = 8_000


def samples_of(file: Path) -> array[int]:
    """Return the samples of a file's sound, in one channel at WAVE_RATE."""
    with ffmpeg.at_hand(file) as plain:
        ffmpeg.run(
            ["-i", plain.name, "-ac", "1", "-ar", str(WAVE_RATE), "-f", "s16le", "raw"], cwd=plain.parent, timeout=30
        )
        return array("h", (plain.parent / "raw").read_bytes())


def channels(voice: array[int], shares: Sequence[float]) -> array[int]:
    """Return interleaved samples of as many channels as there are shares, each holding its share of the voice."""
    samples = array("h", bytes(2 * len(voice) * len(shares)))
    for number, share in enumerate(shares):
        samples[number :: len(shares)] = array("h", [round(share * value) for value in voice])
    return samples


def wave_file(file: Path, voice: array[int], shares: Sequence[float]) -> Path:
    """Write a WAV file of such channels, without a layout."""
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(len(shares))
        recording.setsampwidth(2)
        recording.setframerate(WAVE_RATE)
        recording.writeframes(channels(voice, shares).tobytes())
    return file


def found_in(part: Sequence[int], whole: Sequence[int]) -> tuple[float, float]:
    """Return where in `whole`, in seconds, it is most like `part`, and the correlation there, from 0 to 1.

    One of opposite sign is as like.
    """
    needle = np.asarray(part, float)
    other = np.asarray(whole, float)
    size = len(needle) + len(other)
    products = np.abs(np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(needle, size)), size))
    at = int(np.argmax(products[: len(other)]))
    there = other[at : at + len(needle)]
    return at / WAVE_RATE, float(products[at] / max(1.0, np.linalg.norm(needle) * np.linalg.norm(there)))
