"""The sound of the recording that was first seen, made once a generation and then read from the bucket by every run.

Reads the recording from the bucket and writes its sound there; works in the folder that it is given.
"""

from __future__ import annotations

from pathlib import Path

from functions.transcribe import core
from functions.transcribe.sound import examine_sound, plain
from shared.aws.bucket import Bucket
from shared.contracts import TranscribeIn


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
    examination = examine_sound(recording)
    core.require_whole(examination.info, examination.sound)
    core.require_usable(examination.sound)
    sound = plain(recording, examination)
    bucket.upload(sound_key, sound, "audio/flac")
    return sound
