"""A recording with two finished videos, of which each can be told by its picture's size, as two generations leave it.

Touches the table and the bucket of a running system; making the two by generations would take most of a minute.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from local.api_client import ApiClient
from local.system import LocalSystem
from shared import media_keys
from shared.contracts import Options
from shared.http import media_types
from shared.video import versions
from shared.video.public_record import ProcessingStep
from shared.video.record import from_item, new_generation, to_item
from shared.video.version import Version

# By generation, the oldest first: the picture's size in pixels.
SIZES = {"first": "160x90", "second": "90x160"}
NOTE = "The video is 2.0 s long: the recording is shorter than the 15 s asked for."
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nA village\n"


def put_two_versions(system: LocalSystem, recording: Path, folder: Path) -> str:
    """Return the id of a video of the demo user's that has both; their files are made in `folder`."""
    video = ApiClient(system.cloud.api_url, system.token()).upload(recording, "Twice", "audio/flac")
    entries = {name: _version(system, video, name, folder) for name in SIZES}
    newest = entries["second"]
    data = new_generation(newest.generation_id, newest.model, Options(model=newest.model), newest.finished_at)
    steps = [ProcessingStep(step=step.step, status="completed") for step in data.processing_steps]
    files = {name: getattr(newest, name) for name in versions.FILES}
    data = data.model_copy(update={"processing_steps": steps, **files})
    _change(system, video, ai_generation_status="completed", ai_generation_data=data, versions=entries)
    return video


def _version(system: LocalSystem, video: str, generation: str, folder: Path) -> Version:
    film = folder / f"{generation}.mp4"
    poster = folder / f"{generation}.jpg"
    source = ["-f", "lavfi", "-i", f"testsrc2=s={SIZES[generation]}:r=24:d=2"]
    outputs = ["-pix_fmt", "yuv420p", str(film), "-frames:v", "1", str(poster)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *source, *outputs], check=True)
    contents = {
        "final_video.mp4": film.read_bytes(),
        "captions.srt": b"1\n00:00:00,000 --> 00:00:02,000\nA village\n",
        "captions.vtt": VTT.encode(),
        "poster.jpg": poster.read_bytes(),
    }
    bucket = system.cloud.outputs["BucketName"]
    keys = {name: media_keys.result(video, generation, "video", 1, name) for name in contents}
    for name, content in contents.items():
        content_type = media_types.of_result(name.rpartition(".")[2])
        system.cloud.client("s3").put_object(Bucket=bucket, Key=keys[name], Body=content, ContentType=content_type)
    day = 1 + list(SIZES).index(generation)
    return Version(
        generation_id=generation,
        finished_at=f"2026-01-{day:02d}T10:00:00.000Z",
        seconds=2,
        style="animated",
        target_duration=15,
        captions="words",
        prompt=f"The {generation} wish",
        degraded=[NOTE] if day == 1 else [],
        **dict(zip(versions.FILES, (f"s3://{bucket}/{key}" for key in keys.values()), strict=True)),
    )


def _change(system: LocalSystem, video: str, **changes: object) -> None:
    table = system.cloud.client("dynamodb")
    name = system.cloud.outputs["TableName"]
    item = table.get_item(TableName=name, Key={"video_id": {"S": video}})["Item"]
    table.put_item(TableName=name, Item=to_item(from_item(item).model_copy(update=changes)))
