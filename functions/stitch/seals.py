"""Whether a finished film is signed, by whose certificate, and what is said of one that could not be.

Changes no file that it is given: what is signed is a copy beside it. Touches the log and the metrics.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from functions.stitch import core, manifest
from functions.stitch.adapters import FinishedFilm
from functions.stitch.manifest import Manifest
from shared.choices.words import Goal
from shared.film.plan import Plan
from shared.observability import metrics
from shared.observability.log import logger
from shared.observability.metric_names import VIDEOS_UNSIGNED

_BLOCK = 1 << 20


class NotSigned(Exception):
    """Nothing can be signed; the message says why, and never repeats what a secret holds."""


class Signer(Protocol):
    """What signs files; `name` tells it from every other."""

    @property
    def name(self) -> str:
        """The fingerprint of its certificate."""
        ...

    def sign(self, file: Path, media_type: str, says: Manifest) -> Path:
        """Return a signed copy of the file, which lies beside it; raise NotSigned."""
        ...


# Raises NotSigned when there is no signer that could sign now.
SignerSource = Callable[[], Signer]


def signer_source(secret_id: str) -> SignerSource:
    """Return what gives the signer of the certificate in a secret; it raises NotSigned, also where nothing can sign."""

    def load() -> SignerSource:
        # A deployment without a certificate has not what this imports.
        from functions.stitch import signing

        return signing.signer_in(secret_id)

    return loaded_by(load)


def loaded_by(load: Callable[[], SignerSource]) -> SignerSource:
    """Return the source that `load` returns when it is first wanted; one that does not load is a refusal to sign."""
    sources: list[SignerSource] = []

    def current() -> Signer:
        try:
            sources[:] = sources or [load()]
        except (ImportError, OSError) as error:
            refusal = NotSigned("what signs could not be loaded; the log says why")
            refusal.add_note(str(error))
            raise refusal from error
        return sources[0]()

    return current


@dataclass(frozen=True)
class SealedFilm:
    """A film, what it was signed as ("" where it is not), and what a person must know of that.

    `is_stored` says that the very same film is in its place already, signed.
    """

    film: FinishedFilm
    seal: str = ""
    note: str = ""
    is_stored: bool = False


def seal(film: FinishedFilm, plan: Plan, goal: Goal, signer_of: SignerSource, stored_seal: str) -> SealedFilm:
    """Return the film and its poster signed, or as they are, with a note, when they cannot be.

    `stored_seal` is that of the film that is in its place. A signature is another one each time, so that one by the
    same certificate of the same film stays, and so does one of the same film when there is nobody to sign it.
    """
    files = {film.film: manifest.of_film(plan, goal), film.poster: manifest.of_cover(plan, goal)}
    content = _digest(files)
    try:
        signer = signer_of()
        new_seal = f"{content}-{signer.name}"
        if stored_seal == new_seal:
            return SealedFilm(film, new_seal, is_stored=True)
        copies = [signer.sign(file, core.CONTENT_TYPES[file.name], says) for file, says in files.items()]
    except NotSigned as refusal:
        logger().warning("film not signed", extra={"reason": str(refusal), "notes": getattr(refusal, "__notes__", [])})
        metrics.emit(VIDEOS_UNSIGNED, 1)
        if stored_seal.startswith(content):
            return SealedFilm(film, stored_seal, is_stored=True)
        return SealedFilm(film, note=f"the video has no signature, although this deployment signs: {refusal}")
    return SealedFilm(replace(film, film=copies[0], poster=copies[1]), new_seal)


def _digest(files: dict[Path, Manifest]) -> str:
    """Return the digest of what is signed, in hexadecimal."""
    sha = hashlib.sha256()
    for path, says in files.items():
        sha.update(json.dumps(says, sort_keys=True).encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                sha.update(block)
    return sha.hexdigest()
