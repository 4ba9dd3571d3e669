"""Recognise speech with Whisper models from registry packages, in a process of its own.

Reads a line that says what is wanted and then 16 kHz mono 16-bit samples from standard input, and the models; writes
what was heard as JSON to standard output.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from local.speech import languages
from local.speech.models import Models
from local.speech.onsets import snap_to_voice
from local.speech.speakers import Voices

SAMPLE_RATE = 16000
BYTES_PER_SECOND = 2 * SAMPLE_RATE
PIECE_BYTES = 300 * BYTES_PER_SECOND
_LOOK_BACK_BYTES = 10 * BYTES_PER_SECOND
_WINDOW_BYTES = BYTES_PER_SECOND // 5


@dataclass(frozen=True)
class Wish:
    """What is wanted of a recording: its language as "de", "" to find it out; the number of speakers, 0 not to ask."""

    language: str = ""
    speakers: int = 0


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


def recognise(model: Any, language: str, audio: Any, offset: float) -> list[dict[str, Any]]:
    """Return the segments heard in samples, each with its words; the first sample lies `offset` seconds in."""
    segments, _ = model.transcribe(
        audio,
        language=language,
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


def identify(model: Any, audio: Any) -> tuple[str, float]:
    """Return the language that is spoken in samples and how probable it is; "" when nobody speaks.

    It is one that Amazon Transcribe takes: the model knows others, such as Latin, for which Spanish is taken.
    """
    from faster_whisper import vad  # pyright: ignore[reportMissingTypeStubs] - it ships none

    speech_in: Any = getattr(vad, "get_speech_timestamps")  # noqa: B009 - untyped
    if not speech_in(audio):
        return "", 0.0
    _, _, ranking = model.detect_language(audio, vad_filter=True)
    return next((language, float(probability)) for language, probability in ranking if language in languages.CODES)


def transcribe(models: Models, wish: Wish, stream: BinaryIO) -> dict[str, Any]:
    """Return the segments heard in a whole stream of samples, and the language; times in seconds from its first.

    `probability` is how sure the language is, of one that was found out; None when it was told, or could only be one.
    """
    language = wish.language or ("" if models.can_identify else languages.ENGLISH)
    probability: float | None = None
    segments: list[dict[str, Any]] = []
    voices = Voices() if wish.speakers else None
    position = 0
    for piece in pieces(stream):
        audio = _numbers(piece)
        if not language:
            language, probability = identify(models.multilingual, audio)
        if language:
            offset = position / BYTES_PER_SECOND
            spoken_lines = recognise(models.of(language), language, audio, offset)
            segments += spoken_lines
            if voices:
                voices.hear(audio, [_stretch(line, offset) for line in spoken_lines])
        position += len(piece)
    if voices:
        for segment, speaker in zip(segments, voices.speakers(wish.speakers), strict=True):
            segment["speaker"] = speaker
    return {"segments": segments, "language": language, "probability": probability}


def _stretch(segment: Mapping[str, Any], offset: float) -> tuple[float, float]:
    """Return the seconds, from the piece's first sample, between which a segment is spoken."""
    words = segment["words"]
    return (words[0]["start"] - offset, words[-1]["end"] - offset) if words else (0.0, 0.0)


def _numbers(samples: bytes) -> Any:
    """Return 16-bit samples as numbers between -1 and 1."""
    import numpy

    return numpy.frombuffer(samples[: len(samples) // 2 * 2], numpy.int16).astype(numpy.float32) / 32768


def _words(segment: Any) -> list[dict[str, Any]]:
    words: list[Any] = segment.words or []
    return [
        {"text": word.word, "probability": word.probability, "start": word.start, "end": word.end} for word in words
    ]


def _later(word: Mapping[str, Any], offset: float) -> dict[str, Any]:
    return {**word, "start": offset + word["start"], "end": offset + word["end"]}


def main(arguments: list[str]) -> None:
    """Load the model of `MODEL_FOLDER` (empty: the packaged ones), then transcribe standard input."""
    models = Models(arguments[0] if arguments else "")
    # Nearly always wanted; any other would take its time for nothing.
    _ = models.english
    line = sys.stdin.buffer.readline()
    # A parent that ends, or that has nothing to transcribe after all, closes the pipe unused.
    if line:
        sys.stdout.write(json.dumps(transcribe(models, Wish(**json.loads(line)), sys.stdin.buffer)))


if __name__ == "__main__":
    main(sys.argv[1:])
