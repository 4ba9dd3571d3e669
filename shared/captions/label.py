"""A label in a corner of the picture, such as "AI-generated", on every scene that shows what a model has made.

Pure functions, touches nothing; times are seconds from the start of the film, sizes are pixels of the frame.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shared.captions import areas, ass
from shared.captions.brush import LABEL_EM, label_brush
from shared.captions.face import Face
from shared.captions.faces import FACES
from shared.film.plan import Plan, Word

# Its distance from the edges, in parts of the picture's shorter side, where no app covers more.
MARGIN = 0.05
# How ASS calls the corners.
_CORNERS = {("bottom", "left"): 1, ("bottom", "right"): 3, ("top", "left"): 7, ("top", "right"): 9}


def events(plan: Plan, start: float, end: float, faces: Collection[Face] = FACES) -> str:
    """Return the events that draw the plan's label between two times; nothing where it has none, or none is due."""
    style = plan.options.caption_style
    words, _ = ass.drawable([Word(text=style.label, start=0, end=0)], faces)
    if not words:
        return ""
    brush = label_brush(style, plan.size)
    text = rf"{{\an{_CORNERS[_corner(plan)]}}}" + ass.with_faces(words[0].text, min(plan.size) * LABEL_EM, brush)
    margins = _margins(plan)
    return "".join(
        f"Dialogue: 1,{ass.clock(first)},{ass.clock(last)},Label,,{margins},,{text}\n"
        for first, last in _spans(plan, start, end)
    )


def _spans(plan: Plan, start: float, end: float) -> Iterator[tuple[int, int]]:
    """Yield when scenes of a model's pictures are shown, in centiseconds from `start`."""
    for scene in plan.scenes:
        first = ass.centiseconds(scene.start_time, start, end)
        last = ass.centiseconds(scene.end_time, start, end)
        if first < last and not scene.shows_picture:
            yield first, last


def _corner(plan: Plan) -> tuple[str, str]:
    """Return the corner that captions and a logo leave free: the upper left one, if they do."""
    height = "bottom" if plan.options.caption_style.position == "top" else "top"
    logo = plan.brand.logo
    return height, "right" if logo and logo.corner == f"{height}-left" else "left"


def _margins(plan: Plan) -> str:
    width, height = plan.size
    cover = areas.cover_of(plan.size, plan.options.caption_style.platform)
    least = min(plan.size) * MARGIN
    upright = cover.bottom if _corner(plan)[0] == "bottom" else cover.top
    sizes = (max(least, cover.left * width), max(least, cover.right * width), max(least, upright * height))
    return ",".join(str(round(size)) for size in sizes)
