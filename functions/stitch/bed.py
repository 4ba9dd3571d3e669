"""Music under the voice: as long as the film, without a seam that can be heard, and low while somebody speaks.

Runs ffmpeg in the folder that it is given, where the voice and the music are; seconds, LUFS, and factors of loudness.
"""

from __future__ import annotations

import math
from pathlib import Path

from functions.stitch import core
from functions.stitch.core import Level
from functions.stitch.meter import METER, level_in
from shared.film import ffmpeg
from shared.film.ffmpeg import SAMPLE_RATE, Filter
from shared.film.narration import MUSIC_ALONE_LU, MUSIC_UNDER_VOICE_LU, TARGET_LUFS, Excerpt, Span

MIXED = "mixed.wav"
TIMEOUT = 60.0
_BED = "bed.wav"
_AGAIN = "again.wav"
_FLOAT = {"c:a": "pcm_f32le"}
_STEREO: Filter = ("aformat", {"sample_fmts": "flt", "sample_rates": SAMPLE_RATE, "channel_layouts": "stereo"})
# How the music begins and ends, and how its end becomes its beginning again, at most.
_FADE_IN = 0.5
_FADE_OUT = 2.0
_SEAM = 1.0
_ROUNDING = 0.02
# How long it takes to become low, and to come back.
_FALL = 0.25
_RISE = 0.7
# Samples in which its loudness stands still: a step of it is too small to be heard.
_STEP = 96


def lay(voice: str, voice_level: Level, music: Path, part: Excerpt) -> Level:
    """Write the voice with the music under it as `MIXED` beside the music, and return what it measures.

    `voice` lies there too, and measures `voice_level`. Raises RenderFailed when ffmpeg fails.
    """
    work = music.parent
    bed_level = _make_bed(music, part.video_seconds)
    reference = voice_level.lufs if voice_level.lufs > core.NOTHING_HEARD_LUFS else TARGET_LUFS
    gain = reference - MUSIC_ALONE_LU - bed_level.lufs
    bed = ffmpeg.chain(ffmpeg.source(_BED, formats="wav")["a:0"], ducking(part.speech, gain))
    both = [ffmpeg.source(voice, formats="wav")["a:0"], bed]
    sum_of_both = ffmpeg.join(both, "amix", inputs=2, normalize=0, duration="longest")
    sum_of_both = ffmpeg.chain(sum_of_both, [METER])
    return level_in(ffmpeg.run(ffmpeg.arguments([sum_of_both], MIXED, **_FLOAT), cwd=work, timeout=TIMEOUT).log)


def ducking(speech: tuple[Span, ...], gain: float) -> list[Filter]:
    """Return the filters that bring music to its loudness, `gain` in dB, and make it low in the spans of `speech`."""
    low = 1 - 10 ** ((MUSIC_ALONE_LU - MUSIC_UNDER_VOICE_LU) / 20)
    # Each span is a trapezium, 1 in its whole length; two never overlap, so that their sum is the share of it.
    spans = [
        f"clip((t-{start - _FALL:.3f})/{_FALL},0,1)*clip(({end + _RISE:.3f}-t)/{_RISE},0,1)" for start, end in speech
    ]
    share = "+".join(spans) or "0"
    factor = f"{10 ** (gain / 20):.6f}*(1-{low:.6f}*({share}))"
    return [("asetnsamples", {"n": _STEP, "p": 0}), ("volume", {"volume": factor, "eval": "frame"})]


def _make_bed(music: Path, seconds: float) -> Level:
    """Write the music as long as the film, faded in and out, and return what it measures."""
    length = ffmpeg.probe(music).seconds
    whole = _endless(music, length, seconds) if length < seconds else _piece(music.name)
    fade_out = min(_FADE_OUT, seconds / 4)
    filters: list[Filter] = [
        *core.exactly(seconds),
        ("afade", {"t": "in", "d": _FADE_IN}),
        ("afade", {"t": "out", "st": round(seconds - fade_out, 6), "d": fade_out}),
        METER,
    ]
    arguments = ffmpeg.arguments([ffmpeg.chain(whole, filters)], _BED, **_FLOAT)
    return level_in(ffmpeg.run(arguments, cwd=music.parent, timeout=TIMEOUT).log)


def _endless(music: Path, length: float, seconds: float) -> ffmpeg.Stream:
    """Return the music again and again, `seconds` at least: its end fades into its beginning, which comes once more."""
    seam = round(min(_SEAM, length / 4) * SAMPLE_RATE)
    # Headers round lengths; a whole one, to the sample, is what the seam needs.
    whole = math.floor((length - _ROUNDING) * SAMPLE_RATE)
    fade_out: Filter = ("afade", {"t": "out", "ss": whole - 2 * seam, "ns": seam, "curve": "qsin"})
    fade_in: Filter = ("afade", {"t": "in", "ns": seam, "curve": "qsin"})
    late: Filter = ("adelay", {"delays": f"{whole - 2 * seam}S", "all": 1})
    former, latter = ffmpeg.twice(_piece(music.name))
    parts = [
        ffmpeg.chain(former, [*_cut(start_sample=seam, end_sample=whole), fade_out]),
        ffmpeg.chain(latter, [*_cut(end_sample=seam), fade_in, late]),
    ]
    again = ffmpeg.join(parts, "amix", inputs=2, normalize=0, duration="first")
    ffmpeg.run(ffmpeg.arguments([again], _AGAIN, **_FLOAT), cwd=music.parent, timeout=TIMEOUT)
    times = math.ceil(seconds * SAMPLE_RATE / (whole - seam))
    repetition = ffmpeg.source(_AGAIN, formats="wav", stream_loop=times)["a:0"]
    return ffmpeg.join([_piece(music.name, end_sample=seam), repetition], "concat", n=2, v=0, a=1)


def _piece(name: str, **samples: int) -> ffmpeg.Stream:
    """Return the music, or a part of it."""
    return ffmpeg.chain(ffmpeg.source(name, formats="flac")["a:0"], [_STEREO, *(_cut(**samples) if samples else [])])


def _cut(**samples: int) -> list[Filter]:
    return [("atrim", samples), ("asetpts", {"expr": "N/SR/TB"})]
