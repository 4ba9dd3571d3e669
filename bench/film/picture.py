"""Measure what a rendered scene keeps of its clip: likeness, processor time and size, by encoder settings.

Draws grainy clips and renders them in a temporary folder; prints a table, draws picture.png beside this module, and
fails when the settings in use keep too little (`GOALS`) or take more than they may.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import plots
from functions.render_scene.core import Cut, filters
from shared.build.encoder import ENCODER
from shared.film import ffmpeg
from shared.film.colours import TAG_BT709
from shared.models.video_models import FRAME_RATE

SIZE = (720, 1280)
# Pictures that move in ways of their own, with grain as a model's clips have it, and the bit rate of such clips.
SCENES = (
    "mandelbrot=s=720x1280:r=24:end_scale=0.05,noise=alls=10:allf=t",
    "gradients=s=720x1280:r=24:n=6:speed=0.03:seed=3,noise=alls=14:allf=t",
    "testsrc2=s=720x1280:r=24,noise=alls=8:allf=t",
    "cellauto=s=720x1280:r=24:rule=110:seed=7,gblur=sigma=3,noise=alls=10:allf=t",
)
CLIP_RATE = "9M"
FRONTIER: tuple[dict[str, str | int], ...] = (
    {},
    {"crf": 21},
    {"crf": 16},
    {"preset": "superfast"},
    {"preset": "faster", "crf": 20},
    {"preset": "fast", "crf": 20},
    {"preset": "medium", "crf": 20},
    {"tune": "film"},
    {"tune": "grain", "crf": 20},
)
# What a rendered scene says of its colours.
SAID = "setparams=" + ":".join(f"{name}={value}" for name, value in TAG_BT709[1].items())
GOALS = {"ssim": 0.97, "vmaf": 95.0}
MOST_OF_ONE_PASS = 1.3
PLOT = Path(__file__).with_name("picture.png")
TIMEOUT = 900.0


@dataclass(frozen=True)
class Likeness:
    """What settings made of all clips: seconds of processor time, megabits a second, and the mean likeness."""

    settings: str
    cpu_seconds: float
    megabits: float
    ssim: float
    vmaf: float

    @property
    def row(self) -> str:
        """The row of the table."""
        figures = f"{self.cpu_seconds:.1f} | {self.megabits:.1f} | {self.ssim:.3f} | {self.vmaf:.1f}"
        return f"| {self.settings} | {figures} |"


def main() -> None:
    """Print the table, and end with status 1 when the settings in use miss a goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.film.picture")
    parser.add_argument("--seconds", type=int, default=7, help="length of each clip")
    parser.add_argument("--plot", type=Path, default=PLOT, help="the PNG that is drawn")
    options = parser.parse_args()
    seconds: int = options.seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = [draw(folder, number, scene, seconds) for number, scene in enumerate(SCENES)]
        print("| settings | processor s | Mbit/s | SSIM | VMAF |\n|---|---|---|---|---|")
        one_pass = _seconds_of(lambda: _in_one_pass(folder, clips, seconds))
        print(f"| all in one pass, as in use | {one_pass:.1f} | | | |")
        rows = list(_measure(folder, clips, seconds))
    in_use = rows[0]
    points = {row.settings: (row.cpu_seconds, row.ssim) for row in rows}
    plots.frontier(options.plot, points, (MOST_OF_ONE_PASS * one_pass, GOALS["ssim"]), in_use.settings)
    print(f"Scene by scene over one pass: {in_use.cpu_seconds / one_pass:.2f}")
    if in_use.ssim < GOALS["ssim"] or in_use.vmaf < GOALS["vmaf"]:
        sys.exit(f"The settings in use miss a goal: {GOALS}")
    if in_use.cpu_seconds > MOST_OF_ONE_PASS * one_pass:
        sys.exit(f"The settings in use take over {MOST_OF_ONE_PASS} of one pass.")


def _measure(folder: Path, clips: Sequence[str], seconds: int) -> Iterator[Likeness]:
    for changes in FRONTIER:
        likeness = _likeness(folder, clips, changes, seconds)
        print(likeness.row, flush=True)
        yield likeness


def _likeness(folder: Path, clips: Sequence[str], changes: dict[str, str | int], seconds: int) -> Likeness:
    encoder = {**ENCODER, **changes}
    targets = [f"out-{clip}" for clip in clips]
    cpu = _seconds_of(lambda: [_render(folder, pair, encoder, seconds) for pair in zip(clips, targets, strict=True)])
    scores = [_scores(folder, *pair) for pair in zip(targets, clips, strict=True)]
    bits = 8 * sum((folder / target).stat().st_size for target in targets)
    names = " ".join(str(encoder[name]) for name in ("preset", "crf", "tune") if name in encoder)
    return Likeness(
        names if changes else f"{names} (in use)",
        cpu,
        bits / (seconds * len(clips) * 1e6),
        sum(ssim for ssim, _ in scores) / len(scores),
        sum(vmaf for _, vmaf in scores) / len(scores),
    )


def draw(folder: Path, number: int, scene: str, seconds: int, size: tuple[int, int] = SIZE) -> str:
    """Write a clip of the scene, of a size in pixels, and return its name."""
    name = f"clip-{number}.mp4"
    scene = scene.replace("{}x{}".format(*SIZE), "{}x{}".format(*size))
    coding = ("-c:v", "libx264", "-preset", "medium", "-b:v", CLIP_RATE, "-maxrate", "12M", "-bufsize", "12M")
    _run(folder, "-f", "lavfi", "-i", f"{scene},format=yuv420p", "-t", str(seconds), *coding, "-y", name)
    return name


def _render(folder: Path, pair: tuple[str, str], encoder: dict[str, Any], seconds: int) -> None:
    clip, target = pair
    cut = Cut(1, seconds * FRAME_RATE, SIZE, "", ())
    picture = ffmpeg.chain(ffmpeg.source(clip)["v:0"], filters(cut))
    _run(folder, *ffmpeg.arguments([picture], target, **{"frames:v": cut.frames}, **encoder))


def _in_one_pass(folder: Path, clips: Sequence[str], seconds: int) -> None:
    cut = Cut(1, seconds * FRAME_RATE * len(clips), SIZE, "", ())
    whole = ffmpeg.join([ffmpeg.source(clip)["v:0"] for clip in clips], "concat", n=len(clips), v=1, a=0)
    picture = ffmpeg.chain(whole, filters(cut))
    _run(folder, *ffmpeg.arguments([picture], "one-pass.mp4", **ENCODER))


def _scores(folder: Path, target: str, clip: str) -> tuple[float, float]:
    """Return SSIM over all planes, from 0 to 1, and VMAF, from 0 to 100, of every eighth frame."""
    # A clip that says nothing of its colours would be converted first, and something else be compared.
    compare = f"[1]{SAID}[clip];[0][clip]"
    ssim = _run(folder, "-i", target, "-i", clip, "-lavfi", f"{compare}ssim", "-f", "null", "-")
    vmaf = _run(folder, "-i", target, "-i", clip, "-lavfi", f"{compare}libvmaf=n_subsample=8", "-f", "null", "-")
    return _figure(r"All:([\d.]+)", ssim), _figure(r"VMAF score: ([\d.]+)", vmaf)


def _figure(pattern: str, log: str) -> float:
    match = re.search(pattern, log)
    assert match, log
    return float(match.group(1))


def _run(folder: Path, *arguments: str) -> str:
    return ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT).log


def _seconds_of(work: Callable[[], object]) -> float:
    before = _processor_seconds()
    work()
    return _processor_seconds() - before


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    os.nice(5)
    main()
