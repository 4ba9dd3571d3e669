"""What a recording holds, whatever its name, and whether a video can be made of it.

Runs ffmpeg on a file that may be damaged or hostile; lengths are seconds, levels dB of full scale.
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path

from shared.errors import RecordingSilent, RecordingTooLarge, RecordingTooShort, UnsupportedMedia
from shared.film import ffmpeg, mixing
from shared.film.media_headers import MediaInfo
from shared.recordings.limits import LONGEST_RECORDING, SHORTEST_RECORDING

SILENT_DB = -50.0
# Containers whose header counts what they hold; a little less may be there for an encoder's padding.
_COUNTED = frozenset({"flac", "mov,mp4,m4a,3gp,3g2,mj2"})
_WHOLE = 0.95
_PADDING = 1.0
# For each of the two times that a recording is decoded; four hours take one.
DECODE_TIMEOUT = 360.0
# What is looked at to see what the channels have in common, and its rate in Hz.
_LOOKED_AT = "channels.s16"
_LOOK_RATE = 8_000
_SAMPLE_BYTES = 2
# A look at many channels is made of pieces this long, in samples at _LOOK_RATE: 8 ms, a period or two of a voice.
_PIECE = 64
_BLOCK_FRAMES = 1 << 16
_MEASURE: ffmpeg.Filter = (
    "astats",
    {"measure_perchannel": "none", "measure_overall": "Peak_level+Number_of_samples"},
)
_PEAK = re.compile(r"Peak level dB: (-?[\d.]+|-inf)")
_SAMPLES = re.compile(r"Number of samples: (\d+)")


@dataclass(frozen=True)
class Sound:
    """A sound track as decoded: its length in seconds and its highest sample in dB of full scale."""

    seconds: float
    peak_db: float


@dataclass(frozen=True)
class Bounds:
    """How much of a recording is decoded, in seconds, and how much of its channels is kept on the disk, in bytes."""

    seconds: float = LONGEST_RECORDING + 60
    size: int = 1 << 29


BOUNDS = Bounds()


@dataclass(frozen=True)
class Examined:
    """What the headers say of a recording, what decoding it gave, and how its channels are mixed."""

    info: MediaInfo
    sound: Sound
    weights: tuple[float, ...]


def examine_sound(recording: Path, bounds: Bounds = BOUNDS) -> Examined:
    """Return what `recording` holds, whatever its name.

    Raises UnsupportedMedia when it is empty, no media, or holds no sound that decodes, and FfmpegCrashed.
    """
    info = ffmpeg.probe(recording)
    _require_sound(info)
    _require_mixable(info)
    with ffmpeg.at_hand(recording) as file:
        sound = _measure(file, info, bounds)
        return Examined(info, sound, mixing.weights(_powers(file.parent / _LOOKED_AT, mixing.channels_of(info))))


def examine_recording(recording: Path) -> Examined:
    """Return what `recording` holds; raise a UserError when no video can be made of it, and FfmpegCrashed."""
    examination = examine_sound(recording)
    _require_whole(examination.info, examination.sound)
    require_usable(examination.sound)
    return examination


def _require_sound(info: MediaInfo) -> None:
    """Raise UnsupportedMedia unless the file has a sound stream."""
    if not info.has_audio:
        raise UnsupportedMedia("The file has no audio.")


def _require_mixable(info: MediaInfo) -> None:
    """Raise UnsupportedMedia when the sound has more channels than can be mixed."""
    if info.channels > mixing.MOST_CHANNELS:
        raise UnsupportedMedia(f"The recording has {info.channels} channels; {mixing.MOST_CHANNELS} are the most.")


def _require_whole(info: MediaInfo, sound: Sound) -> None:
    """Raise UnsupportedMedia when a recording holds less than its header says: the rest was cut off.

    What holds a picture or another track as well is left alone: its audio may rightly end before those.
    """
    alone = info.audio_tracks == 1 and not info.has_video
    stated_seconds = min(info.seconds, LONGEST_RECORDING) if info.container in _COUNTED and alone else 0.0
    if sound.seconds < stated_seconds * _WHOLE and stated_seconds - sound.seconds > _PADDING:
        raise UnsupportedMedia(
            f"The recording breaks off after {sound.seconds:.1f} s of {info.seconds:.1f} s: its end is missing."
        )


def require_usable(sound: Sound) -> None:
    """Raise RecordingTooShort, RecordingTooLarge or RecordingSilent when nothing can be made of `sound`."""
    if sound.seconds < SHORTEST_RECORDING:
        raise RecordingTooShort(
            f"The recording lasts {sound.seconds:.2f} s; at least {SHORTEST_RECORDING:.0f} s are needed."
        )
    if sound.seconds > LONGEST_RECORDING:
        raise RecordingTooLarge(f"The recording lasts over {LONGEST_RECORDING / 3600:.0f} hours.")
    if sound.peak_db < SILENT_DB:
        raise RecordingSilent(f"The loudest moment of the recording is at {sound.peak_db:.0f} dB, which is silence.")


def _measure(file: Path, info: MediaInfo, bounds: Bounds) -> Sound:
    """Decode the whole track once, and leave a smaller copy of its channels beside the file.

    What is measured goes nowhere, so that no limit of size ends it; the copy keeps to its own.
    """
    whole = track(file, info, [*mixing.plain(info), _MEASURE]).filter_multi_output("asplit", 2)
    copy = ffmpeg.chain(
        whole[1], [("aresample", {"osr": _LOOK_RATE}), *_thinning_filters(mixing.channels_of(info), bounds)]
    )
    measurement = ffmpeg.output(whole[0], "-", f="null", t=bounds.seconds)
    small_copy = ffmpeg.output(copy, _LOOKED_AT, f="s16le", t=bounds.seconds, fs=bounds.size)
    log = ffmpeg.unless_stuck(ffmpeg.both(measurement, small_copy), file.parent, DECODE_TIMEOUT).log
    # One number of each for every part of the recording.
    samples = sum(int(number) for number in _SAMPLES.findall(log))
    if not samples:
        raise UnsupportedMedia("The file has no audio that can be decoded.")
    return Sound(samples / ffmpeg.SAMPLE_RATE, max(float(level) for level in _PEAK.findall(log)))


def thinning(channels: int, bounds: Bounds) -> int:
    """Return of how many pieces one is kept, so that a copy of the longest recording keeps to its size."""
    return math.ceil(bounds.seconds * _LOOK_RATE * _SAMPLE_BYTES * channels / bounds.size)


def _thinning_filters(channels: int, bounds: Bounds) -> list[ffmpeg.Filter]:
    pieces = thinning(channels, bounds)
    if pieces == 1:
        return []
    return [("asetnsamples", {"n": _PIECE, "p": 0}), ("aselect", {"expr": f"not(mod(n,{pieces}))"})]


def track(recording: Path, info: MediaInfo, filters: list[ffmpeg.Filter]) -> ffmpeg.Stream:
    """Return the sound track of `recording` that players choose, led through `filters`."""
    stream = ffmpeg.source(recording.name, vn=None, guess_layout_max=2)[str(info.audio_index)]
    return ffmpeg.chain(stream, filters)


def _powers(file: Path, channels: int) -> mixing.Powers:
    """Return what the channels have in common, by samples spread evenly over the whole recording."""
    frame = _SAMPLE_BYTES * channels
    step = mixing.step(file.stat().st_size // frame, channels)
    samples = array("h")
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_FRAMES // step * step * frame or step * frame):
            samples += mixing.every(step, block[: len(block) // frame * frame], channels)
    return mixing.powers(samples, channels)
