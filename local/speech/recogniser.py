"""Decode a recording with ffmpeg and have it transcribed by a child process.

Touches a temporary file, ffmpeg and the processes of `local.speech.recognition`.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.processes import python, runs
from local.speech.decoding import MediaError, decode
from local.speech.languages import ENGLISH
from local.speech.recognition import Wish

ENGLISH_WISH = Wish(ENGLISH)
# Bytes of what it wrote to stderr that are logged when it has died.
_TAIL = 2000
# Its libraries would look for models on a hub, and report each process to the maker of the ONNX runtime.
_PRIVATE = {"HF_HUB_OFFLINE": "1", "ORT_DISABLE_TELEMETRY": "1"}
# Threads that wait for each other sleep: spinning would take a third of what the whole recognition of a short recording
# does, from processors that others are at work on, and is no faster.
_THRIFTY = {"OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class Speech:
    """What was heard: segments with their words, the language, as "de", and how sure it is if it was found out."""

    segments: list[dict[str, Any]]
    language: str
    probability: float | None = None


class Recogniser:
    """A speech recogniser that holds no memory while idle."""

    def __init__(self, model: str = "") -> None:
        """`model` names a faster-whisper model folder; empty means the packaged ones."""
        self._model = model
        self._ready: subprocess.Popen[bytes] | None = None
        self._live: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def preload(self) -> None:
        """Start loading the model now, so that the next transcription need not wait for it."""
        with self._lock:
            self._ready = self._ready or self._spawn()

    def close(self) -> None:
        """Kill every process."""
        with self._lock:
            for process in self._live:
                process.kill()
                _release(process)
            self._live.clear()
            self._ready = None

    def transcribe(self, media: bytes, media_format: str | None, wish: Wish = ENGLISH_WISH) -> Speech:
        """Return what is heard in a recording of any format.

        Raises MediaError when it cannot be decoded, is not what `media_format` says or has a rate outside 8 to 48 kHz.
        """
        child = self._take()
        try:
            with runs.folder("heard-") as folder:
                source = Path(folder) / "media"
                source.write_bytes(media)
                _tell(child, json.dumps(asdict(wish)).encode() + b"\n")
                decode(source, media_format, child)
            return Speech(**_answer(child))
        finally:
            self._drop(child)

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            child = self._ready or self._spawn()
            self._ready = None
        return child

    def _spawn(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            python.command("local.speech.recognition", self._model),
            cwd=python.ROOT,
            env=python.environment() | _PRIVATE | _THRIFTY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._live.add(child)
        return child

    def _drop(self, child: subprocess.Popen[bytes]) -> None:
        child.kill()
        with self._lock:
            self._live.discard(child)
        _release(child)


def _release(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe and not pipe.closed:
            _close(pipe)
    process.wait()


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _tell(child: subprocess.Popen[bytes], line: bytes) -> None:
    assert child.stdin
    with suppress(BrokenPipeError):
        # The child's own error tells more; it is read when its answer is.
        child.stdin.write(line)
        child.stdin.flush()


def _answer(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    output, errors = child.communicate()
    if child.returncode != 0:
        logging.getLogger(__name__).info("speech recogniser: %s", errors[-_TAIL:].decode(errors="replace"))
        raise MediaError("The local speech recogniser died; less may have to run beside it. Try again.")
    return json.loads(output)
