"""`python -m bench.many_picture RECORDING TARGET`: a picture of one recording and the videos of its moments.

Touches what a `LocalSystem` touches, and writes the picture: the outline of the recording, its moments, and a frame of
the video of each.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from functions.render_scene import typefaces
from local.api_client import ApiClient
from local.client.clips import api as clips_api
from local.system import LocalSystem
from shared.http.moments.responses import MomentView
from tests.chaos.run import PACE, WAITS, await_end
from tests.local.direct import Director

COUNT = 5
WIDTH = 1200
MARGIN = 30
LANE = 110
FRAME = (204, 363)
GAP = 30
RATE = 8000
PAPER = "#ffffff"
INK = "#3b3f46"
FAINT = "#b9bec7"
MARK = "#d9e6ff"
ACCENT = "#2f6bff"
TYPE = "Montserrat-ExtraBold.ttf"


@dataclass(frozen=True)
class PicturedClip:
    """A moment of the recording, and a frame of its video."""

    moment: MomentView
    frame: Image.Image


def main() -> None:
    """Make the videos, and the picture of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.many_picture")
    parser.add_argument("recording", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--duration", type=float, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, LocalSystem(pace=PACE, waits=WAITS) as system:
        clips = _make(system, arguments.recording, arguments.duration, Path(name))
    picture = draw(_samples(arguments.recording), clips)
    picture.save(arguments.target, quality=85, optimize=True)


def _make(system: LocalSystem, recording: Path, seconds: float, folder: Path) -> list[PicturedClip]:
    """Return the clips of the recording's moments, in the order in which they are spoken."""
    api = ApiClient(system.cloud.api_url, system.token())
    video = api.upload(recording, recording.stem, "audio/mpeg")
    clips_api.look(api, video, COUNT, {"targetDuration": seconds})
    await_end(system, video)
    moments = sorted(clips_api.show(api, video).moments, key=lambda moment: moment.start)
    started = clips_api.start(api, video, [moment.id for moment in moments], {})
    directors = [Director(system, clip.video_id) for clip in started.clips]
    for director in directors:
        await_end(system, director.video)
    frames = [_frame(director, folder) for director in directors]
    for moment in moments:
        print(f"{moment.start:.1f} to {moment.end:.1f} s, {moment.score} points, {moment.title}: {moment.text}")
    return [PicturedClip(*pair) for pair in zip(moments, frames, strict=True)]


def _frame(director: Director, folder: Path) -> Image.Image:
    """Return a frame of the video, from a third of it."""
    film = director.download(director.data.final_video_url, folder)
    at = director.stored_plan().frames / 3 / 24
    target = folder / "frame.png"
    _ffmpeg("-ss", f"{at:.2f}", "-i", str(film), "-frames:v", "1", str(target))
    with Image.open(target) as frame:
        return frame.convert("RGB").resize(FRAME, Image.Resampling.LANCZOS)


def _samples(recording: Path) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    raw = _ffmpeg("-i", str(recording), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-")
    return np.frombuffer(raw, np.float32)


def _ffmpeg(*arguments: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments]
    return subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout


def draw(samples: np.ndarray[tuple[int], np.dtype[np.float32]], clips: list[PicturedClip]) -> Image.Image:
    """Return the picture: above the recording with its moments, below the videos that they became."""
    top = MARGIN + LANE + 2 * GAP
    picture = Image.new("RGB", (WIDTH, top + FRAME[1] + MARGIN), PAPER)
    pen = ImageDraw.Draw(picture)
    seconds = len(samples) / RATE
    inside = WIDTH - 2 * MARGIN

    def place(at: float) -> float:
        return MARGIN + inside * at / seconds

    for clip in clips:
        box = (place(clip.moment.start), MARGIN, place(clip.moment.end), MARGIN + LANE)
        pen.rectangle(box, fill=MARK, outline=ACCENT)
    _outline(pen, samples)
    font = ImageFont.truetype(str(typefaces.BASE / TYPE), 20)
    step = (inside - FRAME[0]) / (len(clips) - 1) if len(clips) > 1 else 0
    for number, clip in enumerate(clips):
        edge = round(MARGIN + number * step)
        middle = place((clip.moment.start + clip.moment.end) / 2)
        foot = edge + FRAME[0] / 2
        pen.line([(middle, MARGIN + LANE), (foot, top)], fill=ACCENT, width=2)
        picture.paste(clip.frame, (edge, top))
        pen.rectangle((edge, top, edge + FRAME[0], top + FRAME[1]), outline=FAINT)
        pen.text((middle, MARGIN - 4), str(number + 1), fill=INK, font=font, anchor="ms")
    return picture


def _outline(pen: ImageDraw.ImageDraw, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """Draw a bar for each few milliseconds, as high as it is loud."""
    bars = np.array_split(np.abs(samples), (WIDTH - 2 * MARGIN) // 3)
    peaks = np.array([bar.max() for bar in bars])
    middle = MARGIN + LANE / 2
    for number, peak in enumerate(peaks / max(float(peaks.max()), 1e-6)):
        half = max(1.0, peak * LANE / 2 * 0.9)
        edge = MARGIN + 3 * number
        pen.rectangle((edge, middle - half, edge + 1, middle + half), fill=INK)


if __name__ == "__main__":
    main()
