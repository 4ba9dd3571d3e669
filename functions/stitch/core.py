"""How a film is joined: the list of scenes, the length of its sound, and the search for the right loudness.

Pure functions, touches nothing; loudness in LUFS, peaks in dBTP, gains in dB, lengths in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.contracts import StitchOut
from shared.errors import RenderFailed
from shared.film.ffmpeg import SAMPLE_RATE, Filter, Packets
from shared.film.narration import FADE_IN, FADE_OUT, HIGHEST_PEAK_DBTP, TARGET_LUFS, Excerpt
from shared.film.plan import Plan
from shared.http import media_types
from shared.models.video_models import FRAME_RATE

FILM = "final_video.mp4"
SRT = "captions.srt"
VTT = "captions.vtt"
POSTER = "poster.jpg"
# The rendered intro and outro in the work folder.
INTRO = "intro.mp4"
OUTRO = "outro.mp4"
CONTENT_TYPES = {name: media_types.of_result(name.rpartition(".")[2]) for name in (FILM, SRT, VTT, POSTER)}
TOLERANCE_LU = 1.5
TRIES = 5
# A search ends inside the tolerance, so that another meter's rounding does not fall outside it.
_NEAR_LU = 1.0
_NEAR_PEAK_DBTP = -1.1
_FIRST_LIMIT_DB = -2.0
_LOWEST_LIMIT_DB = -12.0
_MOST_GAIN_DB = 45.0
NOTHING_HEARD_LUFS = -69.0


@dataclass(frozen=True)
class Level:
    """What a meter read: integrated loudness and true peak."""

    lufs: float
    peak: float


@dataclass(frozen=True)
class LevelSetting:
    """What is done to the sound: `gain` first, then a limiter at `limit`."""

    gain: float
    limit: float


def seconds(plan: Plan) -> float:
    """Return the video's length."""
    return plan.video_frames / FRAME_RATE


def scene_file(sequence: int) -> str:
    """Return the name of a rendered scene in the work folder."""
    return f"scene{sequence:02d}.mp4"


@dataclass(frozen=True)
class FilmPart:
    """A part of the video's picture: what it is called, its file in the work folder, and its frames."""

    name: str
    file: str
    frames: int


def parts(plan: Plan) -> list[FilmPart]:
    """Return what the picture is joined of, in order: the scenes, and what of a brand is before and after them."""
    scenes = [FilmPart(f"Scene {each.sequence}", scene_file(each.sequence), each.frames) for each in plan.scenes]
    intro = [FilmPart("The intro", INTRO, plan.lead_frames)] if plan.lead_frames else []
    outro = [FilmPart("The outro", OUTRO, plan.tail_frames)] if plan.tail_frames else []
    return [*intro, *scenes, *outro]


def joinable(plan: Plan, streams: Sequence[Packets]) -> None:
    """Raise RenderFailed unless the parts have the planned frames and one header, so that they can be copied."""
    for part, stream in zip(parts(plan), streams, strict=True):
        if stream.frames != part.frames:
            raise RenderFailed(f"{part.name} has {stream.frames} frames instead of {part.frames}.")
        if stream.header != streams[0].header:
            first = parts(plan)[0].name.lower()
            raise RenderFailed(f"{part.name} was encoded differently from {first}; render it again.")


def playlist(plan: Plan) -> str:
    """Return the script that makes ffmpeg read the video's parts one after another."""
    rows = (f"file {part.file}\nduration {part.frames / FRAME_RATE:.6f}\n" for part in parts(plan))
    return "ffconcat version 1.0\n" + "".join(rows)


def soft_ends(part: Excerpt) -> list[Filter]:
    """Return the filters that give the excerpt, which is one channel, to both ears, with soft ends."""
    return [
        ("aformat", {"sample_fmts": "flt", "channel_layouts": "stereo"}),
        ("afade", {"t": "in", "d": FADE_IN}),
        ("afade", {"t": "out", "st": round(part.seconds - FADE_OUT, 6), "d": FADE_OUT}),
    ]


def late(part: Excerpt) -> list[Filter]:
    """Return the filters by which the recording begins where the first scene does, to the sample."""
    samples = round(part.lead * SAMPLE_RATE)
    return [("adelay", {"delays": f"{samples}S", "all": 1})] if samples else []


def exactly(length: float) -> list[Filter]:
    """Return the filters that make a sound `length` long to the sample."""
    samples = round(length * SAMPLE_RATE)
    return [("apad", {"whole_len": samples}), ("atrim", {"end_sample": samples})]


def levelling(setting: LevelSetting) -> list[Filter]:
    """Return the filters that apply `setting`; `latency` takes back the delay of the limiter's look-ahead."""
    limit = round(10 ** (setting.limit / 20), 5)
    return [
        ("volume", {"volume": f"{setting.gain:.2f}dB"}),
        ("alimiter", {"limit": limit, "level": "disabled", "latency": 1}),
    ]


def first_setting(source: Level) -> LevelSetting:
    """Return the setting to try first on a sound that measures `source`."""
    if source.lufs <= NOTHING_HEARD_LUFS:
        return LevelSetting(0.0, _FIRST_LIMIT_DB)
    gain = min(_MOST_GAIN_DB, TARGET_LUFS - source.lufs)
    # What the limiter takes away is loudness too: about a sixth of the peaks' excess, as measured on speech.
    return LevelSetting(gain + max(0.0, source.peak + gain - _FIRST_LIMIT_DB) / 6, _FIRST_LIMIT_DB)


def next_setting(setting: LevelSetting, level: Level) -> LevelSetting | None:
    """Return a better setting after `setting` measured `level`, or None when that is good or cannot be bettered."""
    quiet = level.lufs <= NOTHING_HEARD_LUFS
    if quiet or (abs(level.lufs - TARGET_LUFS) <= _NEAR_LU and level.peak <= _NEAR_PEAK_DBTP):
        return None
    excess = max(0.0, level.peak - _NEAR_PEAK_DBTP + 0.1) if level.peak > _NEAR_PEAK_DBTP else 0.0
    limit = max(_LOWEST_LIMIT_DB, setting.limit - excess)
    # A limiter gives back only part of each dB of gain, so that the step is a little longer than the miss.
    gain = min(_MOST_GAIN_DB, setting.gain + 1.2 * (TARGET_LUFS - level.lufs))
    better = LevelSetting(round(gain, 2), round(limit, 2))
    return better if better != setting else None


def miss(level: Level) -> tuple[float, float]:
    """Return how far a result is from what is wanted, to sort by: peaks that are too high are worse than loudness."""
    return max(0.0, level.peak - HIGHEST_PEAK_DBTP), abs(level.lufs - TARGET_LUFS)


def remarks(level: Level, missing: float, *, lacks_music: bool = False) -> tuple[str, ...]:
    """Return what a person must know: a loudness not reached, a recording that ended `missing` early, music gone."""
    notes: list[str] = []
    if abs(level.lufs - TARGET_LUFS) > TOLERANCE_LU or level.peak > HIGHEST_PEAK_DBTP:
        notes.append(
            f"the sound is at {level.lufs:.1f} LUFS and {level.peak:.1f} dBTP instead of {TARGET_LUFS:.0f} and at most "
            f"{HIGHEST_PEAK_DBTP:.0f}: it could not be brought nearer"
        )
    if missing > 1 / FRAME_RATE:
        notes.append(f"the recording ends {missing:.1f} s before the video, the rest is silent")
    if lacks_music:
        notes.append("the music was deleted before the video was made: there is none under the voice")
    return tuple(notes)


def result(keys: Mapping[str, str], plan: Plan, size_bytes: int, level: Level, notes: tuple[str, ...]) -> StitchOut:
    """Return the stage's answer about the files stored under `keys`."""
    return StitchOut(
        video_key=keys[FILM],
        srt_key=keys[SRT],
        vtt_key=keys[VTT],
        poster_key=keys[POSTER],
        seconds=seconds(plan),
        size_bytes=size_bytes,
        loudness_lufs=level.lufs,
        true_peak_dbtp=level.peak,
        degraded=notes,
    )
