"""Moments as lines for a person to read.

Values only; touches nothing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from local.client.plan.text import money
from shared.http.moments.responses import MomentsShown, MomentView

_WIDTH = 100


def lines(answer: MomentsShown) -> Iterator[str]:
    """Yield the moments, each with its place, points, words and price."""
    for moment in answer.moments:
        yield from _moment(moment)
    yield f"Judged by {answer.judged_by}."


def clock(seconds: float) -> str:
    """Return a place in a recording as minutes and seconds."""
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:04.1f}"


def _moment(moment: MomentView) -> Iterator[str]:
    rubric = moment.rubric
    points = f"hook {rubric.hook.points}, alone {rubric.self_contained.points}, "
    points += f"emotion {rubric.emotion.points}, new {rubric.novelty.points}"
    price = "".join(f", a video {money(each.usd)} by {each.model}" for each in moment.prices[:1])
    yield f"{moment.id:>3}  {moment.title}"
    place = f"{clock(moment.start)} to {clock(moment.end)}, {moment.seconds:.1f} s"
    yield f"     {place}{price}; {moment.score} of 100 points ({points})"
    yield f"     {moment.reason}"
    yield from textwrap.wrap(moment.text, _WIDTH, initial_indent="     ", subsequent_indent="     ")
