"""What a finished video costs beside what else would make it of the same clips: ffmpeg in one pass, MoviePy, others.

Draws clips and works in a temporary folder; each way is a process of its own. MoviePy is no dependency: its Python is
named with --moviepy, and its rows are left out otherwise. Any other way is a command of whoever measures: it runs in
the folder, where job.json says what to make, and writes film.mp4.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.film.picture import SAID, SCENES, draw
from functions.render_scene import typefaces
from functions.render_scene.adapters import render
from functions.render_scene.core import CAPTION_FILE, FONT_FOLDER, Cut, cut, filters
from functions.stitch import core
from functions.stitch.adapters import make_film, make_narration
from shared.build.encoder import ENCODER
from shared.captions import burnt_captions
from shared.captions.faces import FACES
from shared.choices.words import Resolution
from shared.film import ffmpeg
from shared.film.narration import TARGET_LUFS, excerpt
from shared.film.plan import Plan
from shared.models.video_models import FRAME_RATE
from tests.unit.media_fakes import plan, sound_of, speech

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT / "samples" / "austen.flac"
FONT = ROOT / "functions" / "render_scene" / "fonts" / "Montserrat-ExtraBold.ttf"
SECONDS = 5
SIZES: Mapping[Resolution, tuple[int, int]] = {"720p": (720, 1280), "1080p": (1080, 1920)}
JOB = "job.json"
JOIN = "join.json"
TIMEOUT = 900.0
MOVIEPY = """
import json, sys
from moviepy import AudioFileClip, CompositeVideoClip, TextClip, VideoFileClip, concatenate_videoclips
job = json.load(open(sys.argv[1]))
film = concatenate_videoclips([VideoFileClip(name) for name in job["clips"]])
def letters(text, start, end):
    text_clip = TextClip(font=job["font"], text=text, font_size=56, color="white", size=(620, 200), method="caption")
    return text_clip.with_start(start).with_duration(end - start).with_position(("center", 900))
if job["lines"]:
    film = CompositeVideoClip([film, *(letters(*line) for line in job["lines"])])
film = film.with_audio(AudioFileClip(job["sound"]).subclipped(0, film.duration))
options = ["-crf", str(job["crf"]), "-pix_fmt", "yuv420p"]
film.write_videofile("film.mp4", fps=24, preset="veryfast", threads=2, ffmpeg_params=options, logger=None)
"""


@dataclass(frozen=True)
class Cost:
    """What a way took: seconds by the clock and of the processor, and the most memory of one process, in MB."""

    wall: float
    cpu: float
    megabytes: float


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(prog="python -m bench.film.peers")
    parser.add_argument("--moviepy", metavar="PYTHON", help="a Python that has MoviePy")
    parser.add_argument("--beside", metavar="NAME=COMMAND", action="append", default=[], help="another way")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of each of the four clips")
    parser.add_argument("--resolution", choices=SIZES, default="720p")
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    whole = film_plan(options.seconds, options.resolution)
    if options.only:
        WAYS[options.only](Path(), whole)
        return
    print("| way | wall s | processor s | peak MB | frames | sound - picture s | LUFS | SSIM |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _lay_out(folder, whole)
        ours = [sys.executable, "-m", "bench.film.peers", *sys.argv[1:], "--only"]
        commands = {way: [*ours, way] for way in WAYS}
        if options.moviepy:
            commands["MoviePy"] = [options.moviepy, "-c", MOVIEPY, JOB]
            commands["join by MoviePy"] = [options.moviepy, "-c", MOVIEPY, JOIN]
        for way, _, command in (text.partition("=") for text in options.beside):
            commands[way] = shlex.split(command)
        for way, command in commands.items():
            cost = _cost_of(command, folder)
            print(_row(way, cost, folder), flush=True)
            (folder / "film.mp4").unlink()


def _lay_out(folder: Path, whole: Plan) -> None:
    """Lay the clips, the recording's sound and what others are to do into the folder."""
    seconds = whole.scenes[0].frames // FRAME_RATE
    clips = [draw(folder, number, scene, seconds, whole.size) for number, scene in enumerate(SCENES)]
    (folder / "clips.txt").write_text("".join(f"file {clip}\n" for clip in clips), encoding="utf-8")
    sound = _long_enough(sound_of(RECORDING, folder), whole.frames / FRAME_RATE)
    words = whole.words
    lines = [words[at : at + 3] for at in range(0, len(words), 3)]
    job = {
        "clips": clips,
        "sound": sound.name,
        "font": str(FONT),
        "crf": ENCODER["crf"],
        "lines": [(" ".join(word.text for word in line), line[0].start, line[-1].end) for line in lines],
    }
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    scenes = {**job, "clips": [core.scene_file(scene.sequence) for scene in whole.scenes], "lines": []}
    (folder / JOIN).write_text(json.dumps(scenes), encoding="utf-8")


def _long_enough(sound: Path, seconds: float) -> Path:
    """Return the sound, said again and again where it is shorter than so many seconds."""
    whole = sound.with_name(f"whole-{sound.name}")
    stream = ffmpeg.source(sound.name, formats="flac", stream_loop=-1, t=seconds)["a:0"]
    ffmpeg.run(ffmpeg.arguments([stream], whole.name), cwd=sound.parent, timeout=TIMEOUT)
    return whole.replace(sound)


def film_plan(seconds: int, resolution: Resolution) -> Plan:
    """Return the plan of a video of all clips, each of so many seconds, with words all along."""
    cuts = tuple(seconds * FRAME_RATE * (number + 1) for number in range(len(SCENES)))
    return plan(cuts, speech(seconds * len(SCENES)), resolution=resolution)


def in_scenes(folder: Path, whole: Plan) -> None:
    """Make the video as the stages do: each scene by itself, then the join."""
    for scene in whole.scenes:
        clip = folder / f"clip-{scene.sequence - 1}.mp4"
        render(clip, cut(whole, scene.sequence, clip.name)).replace(folder / core.scene_file(scene.sequence))
    join(folder, whole)


def join(folder: Path, whole: Plan) -> None:
    """Join the scenes that are rendered, with the narration at its loudness."""
    narration = make_narration(folder / "sound.flac", excerpt(whole))
    make_film(whole, folder, narration, "video").film.replace(folder / "film.mp4")


def in_one_pass(folder: Path, whole: Plan) -> None:
    """Make the video by one ffmpeg: joined, captioned, with loudnorm as it runs."""
    seconds = whole.frames / FRAME_RATE
    captions, _ = burnt_captions.document(whole, 0.0, seconds, FACES, None)
    (folder / CAPTION_FILE).write_text(captions, encoding="utf-8")
    clips = [ffmpeg.source(f"clip-{number}.mp4")["v:0"] for number in range(len(SCENES))]
    film = ffmpeg.join(clips, "concat", n=len(clips), v=1, a=0)
    picture = ffmpeg.chain(film, filters(Cut(1, whole.frames, whole.size, captions, ())))
    loudness = [("loudnorm", {"I": TARGET_LUFS, "TP": -1.5}), ("aresample", {"sample_rate": ffmpeg.SAMPLE_RATE})]
    sound = ffmpeg.chain(ffmpeg.source("sound.flac", formats="flac", t=seconds)["a:0"], loudness)
    options = {**ENCODER, "c:a": "aac", "b:a": "160k"}
    arguments = ffmpeg.arguments([picture, sound], "film.mp4", **options)
    ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT, variables=typefaces.lay_out(folder, FONT_FOLDER))


WAYS: Mapping[str, Callable[[Path, Plan], None]] = {"scenes": in_scenes, "one pass": in_one_pass, "join": join}


def _cost_of(command: list[str], folder: Path) -> Cost:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _row(way: str, cost: Cost, folder: Path) -> str:
    sizes = ffmpeg.packets(["film.mp4"], cwd=folder)[0]
    # Above the captions, where only encoding changes the picture.
    upper = f"[1]{SAID},crop=iw:ih/2:0:0[clip];[0]crop=iw:ih/2:0:0[film];[film][clip]ssim"
    likeness = _log(folder, "-i", "film.mp4", "-f", "concat", "-i", "clips.txt", "-lavfi", upper, "-f", "null", "-")
    loudness = _log(folder, "-i", "film.mp4", "-af", "ebur128", "-f", "null", "-")
    sound = _log(folder, "-i", "film.mp4", "-map", "0:a", "-c", "copy", "-f", "null", "-")
    clock = re.findall(r"time=(\d+):(\d+):([\d.]+)", sound)[-1]
    gap = sum(float(part) * unit for part, unit in zip(clock, (3600, 60, 1), strict=True)) - sizes.frames / FRAME_RATE
    lufs = re.findall(r"I:\s+(-?[\d.]+) LUFS", loudness)[-1]
    ssim = re.findall(r"All:([\d.]+)", likeness)[-1]
    figures = f"{cost.wall:.1f} | {cost.cpu:.1f} | {cost.megabytes:.0f} | {sizes.frames} | {gap:+.3f}"
    return f"| {way} | {figures} | {lufs} | {float(ssim):.3f} |"


def _log(folder: Path, *arguments: str) -> str:
    return ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT).log


if __name__ == "__main__":
    main()
