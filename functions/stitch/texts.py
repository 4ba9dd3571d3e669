"""The film's subtitles: as its captions are, and where those are translated also as they are spoken.

Reads the translation from the bucket, and writes the subtitles there.
"""

from __future__ import annotations

from collections.abc import Mapping

from functions.stitch import core
from shared.aws.bucket import Bucket
from shared.build.translations import Translations
from shared.captions.names import subtitle_words
from shared.film import subtitles
from shared.film.plan import Plan


def store(plan: Plan, keys: Mapping[str, str], bucket: Bucket) -> None:
    """Write the subtitles of the plan's film to the keys, and beside them the spoken ones of a translation."""
    _write(Translations(bucket).with_captions(plan), keys[core.SRT], keys[core.VTT], bucket)
    if plan.options.caption_language:
        _write(plan, subtitles.spoken_beside(keys[core.SRT]), subtitles.spoken_beside(keys[core.VTT]), bucket)


def _write(plan: Plan, srt_key: str, vtt_key: str, bucket: Bucket) -> None:
    texts = subtitle_words(plan), plan.spoken_seconds
    bucket.write_text(srt_key, subtitles.srt(*texts), core.CONTENT_TYPES[core.SRT])
    bucket.write_text(vtt_key, subtitles.vtt(*texts), core.CONTENT_TYPES[core.VTT])
