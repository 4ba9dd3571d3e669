"""The captions in a video's picture: one ASS document for the renderer and for whoever shows them beforehand.

Pure functions, touches nothing; times are seconds from the start of the film.
"""

from __future__ import annotations

from shared.film import ass, captions
from shared.film.plan import Plan, frame_size


def document(plan: Plan, start: float, end: float) -> tuple[str, str]:
    """Return the captions between two times as an ASS document, and what a person must know of words that it lacks.

    The document is empty when the plan wants no captions, or when none can be drawn.
    """
    mode = plan.options.captions
    if mode == "none":
        return "", ""
    size = frame_size(plan.options.aspect_ratio, plan.options.resolution)
    words, note = ass.drawable(plan.words)
    lines = captions.lines(words, plan.frames / plan.frame_rate, captions.BURNT[mode])
    return (ass.document(lines, start=start, end=end, size=size, mode=mode) if lines else ""), note
