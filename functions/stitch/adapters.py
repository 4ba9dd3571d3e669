"""The joiner: the narration at its loudness, the film by stream copy, and a poster, unless a cover is there.

Runs ffmpeg in the folder it is given, where the scenes and the recording's sound are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from functions.stitch import bed, core
from functions.stitch.core import Level, LevelSetting
from functions.stitch.meter import METER, level_in
from shared.choices.words import Goal
from shared.errors import RenderFailed
from shared.film import ffmpeg
from shared.film.narration import Excerpt
from shared.film.plan import Plan
from shared.provenance.mark import mark_film, mark_picture
from shared.provenance.sources import source_of, source_of_scenes

TIMEOUT = 60.0
_DECODED = "narration.wav"
_LIST = "scenes.txt"
_CANDIDATE = "candidate.jpg"
_LIGHT = re.compile(r"YAVG=([\d.]+)")
_DARK = 30.0
_POSTER_TRIES = 5
_AAC: dict[str, str | int] = {"c:a": "aac", "b:a": "160k", "map_metadata": -1, "fflags": "+bitexact"}
_COPIED: dict[str, str | int] = {
    "c": "copy",
    "movflags": "+faststart",
    "video_track_timescale": 12_288,
    "map_metadata": -1,
    "fflags": "+bitexact",
}


@dataclass(frozen=True)
class Narration:
    """The encoded sound of the film, what it measures, and by how many seconds the recording was too short.

    `lacks_music` says that the music which was wanted under it is gone.
    """

    file: str
    level: Level
    missing: float
    lacks_music: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person must know of it."""
        return core.remarks(self.level, self.missing, lacks_music=self.lacks_music)


@dataclass(frozen=True)
class FinishedFilm:
    """The finished film and poster, and its sound."""

    film: Path
    poster: Path
    narration: Narration


def make_film(plan: Plan, work: Path, narration: Narration, goal: Goal) -> FinishedFilm:
    """Return the film of `plan` made from the rendered parts and the narration in the folder `work`.

    It and its poster are marked with how their pictures came about.

    Raises RenderFailed when a scene is not as planned, when the film is not, or when ffmpeg fails.
    """
    core.joinable(plan, ffmpeg.packets([part.file for part in core.parts(plan)], cwd=work))
    poster = work / core.POSTER
    # A cover that was chosen lies there.
    picture = poster if poster.exists() else _poster(work, plan)
    film = FinishedFilm(_join(work, plan, narration.file), picture, narration)
    mark_film(film.film, source_of(plan, goal))
    mark_picture(film.poster, source_of_scenes(plan, goal))
    return film


def make_narration(sound: Path, part: Excerpt, music: Path | None = None) -> Narration:
    """Return the excerpt of `sound` at the wanted loudness, or as near as it came in `core.TRIES` tries.

    The `music` under it, if any, lies beside the recording's sound, as that was stored, and so does what is made.
    Raises RenderFailed when ffmpeg fails.
    """
    work = sound.parent
    source = _decode(sound, part)
    whole = _DECODED
    if music:
        source = bed.lay(_DECODED, source, music, part)
        whole = bed.MIXED
    missing = part.lead + part.seconds - ffmpeg.probe(work / _DECODED).seconds
    setting: LevelSetting | None = core.first_setting(source)
    attempts: list[Narration] = []
    while setting and len(attempts) < core.TRIES:
        name = f"narration{len(attempts)}.m4a"
        attempts.append(Narration(name, _encode(whole, work / name, setting, part.video_seconds), missing))
        setting = core.next_setting(setting, attempts[-1].level)
    return min(attempts, key=lambda each: core.miss(each.level))


def _join(work: Path, plan: Plan, sound: str) -> Path:
    (work / _LIST).write_text(core.playlist(plan), encoding="utf-8")
    picture = ffmpeg.source(_LIST, formats="concat,mov", f="concat")
    streams = [picture["v:0"], ffmpeg.source(sound, formats="mov")["a:0"]]
    ffmpeg.run(ffmpeg.arguments(streams, core.FILM, **_COPIED), cwd=work, timeout=TIMEOUT)
    frames = ffmpeg.packets([core.FILM], cwd=work)[0].frames
    if frames != plan.video_frames:
        raise RenderFailed(f"The video came out with {frames} frames instead of {plan.video_frames}.")
    return work / core.FILM


def _poster(work: Path, plan: Plan) -> Path:
    """Return the middle frame of the first scene that is not dark there; of the lightest one when all are."""
    best = -1.0
    for scene in plan.scenes[:_POSTER_TRIES]:
        light = _frame(work, core.scene_file(scene.sequence), scene.duration / 2)
        if light > best:
            (work / _CANDIDATE).replace(work / core.POSTER)
            best = light
        if light >= _DARK:
            break
    return work / core.POSTER


def _decode(sound: Path, part: Excerpt) -> Level:
    cut = {"ss": round(part.start, 6), "t": round(part.seconds, 6)}
    filters = [*core.soft_ends(part), *core.late(part), METER]
    stream = ffmpeg.chain(ffmpeg.source(sound.name, formats="flac", **cut)["a:0"], filters)
    arguments = ffmpeg.arguments([stream], _DECODED, **{"c:a": "pcm_f32le"})
    return level_in(ffmpeg.run(arguments, cwd=sound.parent, timeout=TIMEOUT).log)


def _encode(whole: str, file: Path, setting: LevelSetting, seconds: float) -> Level:
    work = file.parent
    filters = [*core.levelling(setting), *core.exactly(seconds)]
    stream = ffmpeg.chain(ffmpeg.source(whole, formats="wav")["a:0"], filters)
    ffmpeg.run(ffmpeg.arguments([stream], file.name, **_AAC), cwd=work, timeout=TIMEOUT)
    metering = ffmpeg.chain(ffmpeg.source(file.name, formats="mov")["a:0"], [METER])
    return level_in(ffmpeg.run(ffmpeg.arguments([metering], "-", f="null"), cwd=work, timeout=TIMEOUT).log)


def _frame(work: Path, name: str, at: float) -> float:
    filters: list[ffmpeg.Filter] = [
        ("signalstats", {}),
        ("metadata", {"mode": "print", "key": "lavfi.signalstats.YAVG", "file": "-"}),
        *ffmpeg.JPEG,
    ]
    picture = ffmpeg.chain(ffmpeg.source(name, formats="mov", ss=round(at, 3))["v:0"], filters)
    still = ffmpeg.arguments([picture], _CANDIDATE, **{"frames:v": 1, **ffmpeg.JPEG_FILE})
    match = _LIGHT.search(ffmpeg.run(still, cwd=work, timeout=TIMEOUT).out)
    return float(match[1]) if match else 0.0
