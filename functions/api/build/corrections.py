"""What people have corrected of a recording's words: kept beside its plans for every later generation of it.

Touches the bucket. What is stored is never changed: the record names what counts, in the same write as a plan's
revision, so that an edit that is refused corrects nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.film.corrections import Correction, Corrections, apply_corrections
from shared.film.material import Material
from shared.film.plan import Word
from shared.video.record import VideoRecord


def load(bucket: Bucket, record: VideoRecord) -> Corrections:
    """Return the corrections that the record names."""
    if not record.corrections:
        return Corrections()
    key = media_keys.corrections(record.video_id, record.corrections)
    return Corrections.model_validate_json(bucket.read_text(key))


def store(bucket: Bucket, record: VideoRecord, source: str, more: Sequence[Correction]) -> str:
    """Return the name of the record's corrections with those of an edit, which nothing refers to yet."""
    if not more:
        return record.corrections
    new = load(bucket, record).with_more(source, more)
    bucket.write_text(media_keys.corrections(record.video_id, new.name), new.model_dump_json())
    return new.name


def corrected_material(material: Material, corrections: Corrections, source: str) -> Material:
    """Return what an edit may use of the recording, its words as they were corrected."""
    words = apply_corrections(material.words, corrections.of(source), _same)
    return material.model_copy(update={"words": tuple(words)})


def _same(word: Word) -> Word:
    return word
