"""What a film is stored as: its poster and subtitles, and at last the film, with what it was signed as.

Writes to the bucket.
"""

from __future__ import annotations

from functions.stitch import core, seals, texts
from functions.stitch.adapters import FinishedFilm
from functions.stitch.seals import SealedFilm, SignerSource
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.contracts import StitchIn, StitchOut
from shared.film.plan import Plan

# The name in the film's metadata of what it was signed as.
SEAL = "seal"


def store(
    request: StitchIn, plan: Plan, film: FinishedFilm, bucket: Bucket, signer_of: SignerSource | None
) -> StitchOut:
    """Store the film and what goes with it, signed where there is a signer; return the stage's answer about them."""
    where = request.video_id, request.generation_id, request.goal, plan.revision
    keys = {name: media_keys.result(*where, name) for name in core.CONTENT_TYPES}
    film_key = keys[core.FILM]
    result = SealedFilm(film)
    if signer_of:
        result = seals.seal(film, plan, request.goal, signer_of, bucket.metadata(film_key).get(SEAL, ""))
    if not result.is_stored:
        bucket.upload(keys[core.POSTER], result.film.poster, core.CONTENT_TYPES[core.POSTER])
        texts.store(plan, keys, bucket)
        # Last, so that a video in its place means that all of its companions are in theirs.
        metadata = {SEAL: result.seal} if result.seal else None
        bucket.upload(film_key, result.film.film, core.CONTENT_TYPES[core.FILM], metadata)
    size = bucket.sizes(film_key)[film_key] if result.is_stored else result.film.film.stat().st_size
    notes = (*film.narration.notes, *filter(None, [result.note]))
    return core.result(keys, plan, size, film.narration.level, notes)
