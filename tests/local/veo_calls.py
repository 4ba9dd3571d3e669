"""Calls of the Veo stand-in, as google-genai makes them and as bare requests."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials

from local.emulators.google.emulator import VeoEmulator

MODEL = "veo-3.1-fast-generate-001"
PROMPT = "A boat on the sea at dawn. The camera glides. Style: artistic."


def client(veo: VeoEmulator, credentials: Any = None) -> Any:
    return genai.Client(
        enterprise=True,
        project="p1",
        location="us-central1",
        credentials=credentials or Credentials("any"),  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        http_options=types.HttpOptions(base_url=veo.url, timeout=30_000),
    )


def operation_named(name: str) -> Any:
    make: Any = types.GenerateVideosOperation
    return make(name=name)


def submit(veo: VeoEmulator, prompt: str = PROMPT, model: str = MODEL, credentials: Any = None, **config: Any) -> Any:
    defaults = {"number_of_videos": 1, "duration_seconds": 4, "aspect_ratio": "9:16", "generate_audio": False}
    # The SDK closes a client as soon as nothing holds it.
    ask = client(veo, credentials)
    return ask.models.generate_videos(
        model=model,
        source=types.GenerateVideosSource(prompt=prompt),
        config=types.GenerateVideosConfig(**{**defaults, **config}),  # pyright: ignore[reportArgumentType]
    )


def await_operation(veo: VeoEmulator, name: str) -> Any:
    ask = client(veo)
    for _ in range(2000):
        operation = ask.operations.get(operation_named(name))
        if operation.done:
            return operation
    raise AssertionError("the operation never finished")


def clip_of(operation: Any) -> bytes:
    return operation.response.generated_videos[0].video.video_bytes


def facts(clip: bytes, folder: Path) -> tuple[str, str, float, int]:
    """Size, frames per second, seconds and number of frames of a clip."""
    path = folder / "clip.mp4"
    path.write_bytes(clip)
    # Asked to make nothing of it, ffmpeg describes the file and ends with an error.
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)]
    log = subprocess.run(command, capture_output=True, check=False, text=True).stderr
    size = re.search(r"h264.*?, (\d+x\d+)", log)
    rate = re.search(r"([\d.]+) fps", log)
    length = re.search(r"Duration: 00:00:([\d.]+)", log)
    assert size
    assert rate
    assert length
    count: Any = imageio_ffmpeg.count_frames_and_secs  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return size[1], rate[1], float(length[1]), count(str(path))[0]
