"""What an edit of a plan may use of the recording: every word that was heard, and every place where it may be cut.

Touches nothing; times are seconds of the recording. It is written once, beside the first revision of the plan.
"""

from __future__ import annotations

from shared.film.plan import Word
from shared.wire import Wire


class CutPlace(Wire):
    """A place where a scene may begin or end; `clean` says that the speech pauses there."""

    time: float
    clean: bool
    ends_sentence: bool


class Material(Wire):
    """The words of the whole recording, and the places where it may be cut, its beginning and its end included."""

    words: tuple[Word, ...]
    cuts: tuple[CutPlace, ...]
