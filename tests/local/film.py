"""Measures a finished video: frames, lengths, loudness, and what the speech recogniser hears in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import av
import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]


@dataclass(frozen=True)
class Film:
    """What a video file really holds; lengths in seconds."""

    width: int
    height: int
    frames: int
    steps: set[int]
    frame_rate: float
    picture_seconds: float
    sound_seconds: float
    streams: list[str]
    loudness_lufs: float
    true_peak_dbtp: float
    fast_start: bool


def measure(path: Path) -> Film:
    """Decode the whole file and return its measures."""
    with av.open(str(path)) as file:
        video = file.streams.video[0]
        audio = file.streams.audio[0]
        codecs = [stream.codec_context.name for stream in file.streams]
        stamps = [frame.pts for frame in file.decode(video)]
        base = video.time_base
        size = (video.width, video.height)
        rate = video.average_rate
        file.seek(0)
        samples = sum(frame.samples for frame in file.decode(audio))
        sound = float(audio.duration * audio.time_base) if audio.duration and audio.time_base else 0.0
        assert samples >= sound * audio.rate - 2048
    assert base
    assert rate
    pts = [stamp for stamp in stamps if stamp is not None]
    loudness, peak = _loudness(path)
    return Film(
        width=size[0],
        height=size[1],
        frames=len(pts),
        steps={after - before for before, after in pairwise(pts)},
        frame_rate=float(rate),
        picture_seconds=len(pts) / float(rate),
        sound_seconds=sound,
        streams=codecs,
        loudness_lufs=loudness,
        true_peak_dbtp=peak,
        fast_start=_fast_start(path),
    )


@dataclass(frozen=True)
class StoredPackets:
    """What a video file holds as it is stored: the picture's packets of each of its scenes, and those of the sound."""

    scenes: list[list[tuple[int | None, bytes]]]
    sound: list[tuple[int | None, bytes]]

    def others(self, other: StoredPackets) -> list[int]:
        """Return the places of the scenes that are stored otherwise there, from 0."""
        pairs = enumerate(zip(self.scenes, other.scenes, strict=True))
        return [place for place, (mine, theirs) in pairs if mine != theirs]


def stored_packets(path: Path, frames: Sequence[int]) -> StoredPackets:
    """Return the file's packets and their times; its scenes have so many frames."""
    with av.open(str(path)) as file:
        packets = [(packet.stream.type, packet.pts, bytes(packet)) for packet in file.demux() if packet.dts is not None]
    pictures = [(pts, content) for kind, pts, content in packets if kind == "video"]
    assert len(pictures) == sum(frames)
    ends = [*accumulate(frames, initial=0)]
    scenes = [pictures[start:end] for start, end in pairwise(ends)]
    return StoredPackets(scenes, [(pts, content) for kind, pts, content in packets if kind == "audio"])


def picture_at(path: Path, seconds: float, folder: Path) -> bytes:
    """Return the grey pixels of the frame at `seconds`."""
    command = ["-ss", str(seconds), "-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return subprocess.run([_ffmpeg(), "-v", "error", *command], check=True, capture_output=True, cwd=folder).stdout


def make_sound(source: Path, to: Path, *arguments: str) -> Path:
    """Convert `source` to the file `to` with ffmpeg's output arguments."""
    command = [_ffmpeg(), "-v", "error", "-y", "-i", str(source), *arguments, str(to)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return to


def lavfi(source: str, to: Path, *arguments: str) -> Path:
    """Write a synthetic sound or picture to the file `to`."""
    command = [_ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", source, *arguments, str(to)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return to


def _loudness(path: Path) -> tuple[float, float]:
    command = [_ffmpeg(), "-nostdin", "-i", str(path), "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    summary = text[text.rindex("Summary:") :]
    loudness = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    assert loudness
    assert peak
    return float(loudness[1]), float(peak[1])


def _fast_start(path: Path) -> bool:
    head = path.read_bytes()
    return 0 < head.find(b"moov") < head.find(b"mdat")


def _ffmpeg() -> str:
    return imageio_ffmpeg.get_ffmpeg_exe()
