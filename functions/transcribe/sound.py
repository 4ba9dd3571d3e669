"""The sound of the recording that was first seen: stored once, in the one form that every run and later stage reads.

Reads the recording from the bucket and writes its sound there; runs ffmpeg in the folder that it is given.
"""

from __future__ import annotations

from pathlib import Path

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.contracts import TranscribeIn
from shared.errors import RenderFailed, UnsupportedMedia
from shared.film import examine, ffmpeg, mixing
from shared.recordings.limits import LONGEST_RECORDING


def pin_sound(request: TranscribeIn, sound_key: str, bucket: Bucket, folder: Path) -> Path:
    """Return the sound that is stored for this generation; stores it first when this is its first run.

    What an earlier run has stored stays, so that transcript, plan and film are made of one recording: the one that was
    first seen, whatever an upload's form has put in its place since. Raises RecordingChanged when that is gone.
    """
    if bucket.holds(sound_key):
        return bucket.download(sound_key, folder / "stored")
    recording = folder / "recording"
    if request.recording_etag:
        bucket.download_seen(request.recording_key, request.recording_etag, recording)
    else:
        bucket.download(request.recording_key, recording)
    sound = plain(recording, examine.examine_recording(recording))
    bucket.upload(sound_key, sound, "audio/flac")
    return sound


def plain(recording: Path, examination: examine.Examined) -> Path:
    """Return the sound of `recording` as one channel of FLAC at 48 kHz, beside it; its name must be one of ours.

    Raises UnsupportedMedia when the sound cannot be decoded, and FfmpegCrashed.
    """
    filters = [*mixing.plain(examination.info), *mixing.mix_filters(examination.weights, examination.sound.peak_db)]
    options: dict[str, str | int | float] = {"map_metadata": -1, "fflags": "+bitexact", "t": LONGEST_RECORDING}
    arguments = ffmpeg.arguments([examine.track(recording, examination.info, filters)], media_keys.SOUND, **options)
    try:
        ffmpeg.run(arguments, cwd=recording.parent, timeout=examine.DECODE_TIMEOUT)
    except RenderFailed as error:
        raise UnsupportedMedia("The recording's audio could not be decoded.") from error
    return recording.parent / media_keys.SOUND
