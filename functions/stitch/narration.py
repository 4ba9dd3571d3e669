"""The film's sound, made once for an excerpt: a video whose pictures or captions change has the same narration.

Reads the recording's sound and the music from the bucket and keeps the narration there; runs ffmpeg in a folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel

from functions.stitch import adapters
from functions.stitch.adapters import Narration
from functions.stitch.core import Level
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.contracts import StitchIn
from shared.film.narration import Excerpt, excerpt
from shared.film.plan import Plan

_FILE = "narration.m4a"


class Measures(BaseModel):
    """What the narration measures: LUFS, dBTP, how many seconds the recording lacks, and whether its music is gone."""

    lufs: float
    peak: float
    missing: float
    lacks_music: bool = False


def narration(request: StitchIn, plan: Plan, work: Path, bucket: Bucket) -> Narration:
    """Return the narration of the plan's excerpt in the folder `work`; one that was made before is used again."""
    part = excerpt(plan)
    key = media_keys.narration(request.video_id, request.generation_id, part.digest)
    # Written last, so that it stands for both.
    measures_key = f"{key}.json"
    if bucket.holds(measures_key):
        measures = Measures.model_validate_json(bucket.read_text(measures_key))
        bucket.download(key, work / _FILE)
        return Narration(_FILE, Level(measures.lufs, measures.peak), measures.missing, measures.lacks_music)
    sound = bucket.download(media_keys.sound(request.video_id, request.generation_id), work / media_keys.SOUND)
    music = _music(request, part, work, bucket)
    new = adapters.make_narration(sound, part, music)
    new = replace(new, lacks_music=bool(part.music) and music is None)
    bucket.upload(key, work / new.file, "audio/mp4")
    measures = Measures(lufs=new.level.lufs, peak=new.level.peak, missing=new.missing, lacks_music=new.lacks_music)
    bucket.write_text(measures_key, measures.model_dump_json())
    return new


def _music(request: StitchIn, part: Excerpt, work: Path, bucket: Bucket) -> Path | None:
    """Return the music that is wanted under the voice, or None when there is none, or its owner has deleted it."""
    key = own_keys.music_file(request.user_id, part.music) if part.music else ""
    return bucket.download(key, work / own_keys.MUSIC_FILE) if key and bucket.holds(key) else None
