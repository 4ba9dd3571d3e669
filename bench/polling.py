"""`python -m bench.polling`: what looking at a clip more often costs, and how much sooner the clip is noticed.

Computes; touches the plot beside it. Clips take what `bench.realistic` assumes; a look is a turn of the state machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from bench import costs, plots
from bench.realistic import clip_seconds
from cdk.workflow import PACES
from shared.budget import pricing

PLOT = Path(__file__).with_name("polling.png")
CLIPS = 20_000
FIRST = (20, 40)
THEN = (2, 5, 8, 10, 15, 20, 30)
# Later a wait is this part of the time since the order, at most so many seconds (statemachine/pipeline.asl.json).
SHARE = 10
MOST = 60
# Of one look: WaitForClip, PollVeo, ClipReady; and the function, with the seconds and memory that it has in the cloud.
TRANSITIONS = 3


@dataclass(frozen=True)
class Pace:
    """Seconds before the first look and between two; what follows of them on average, in seconds and USD of a clip."""

    first: int
    then: int
    late: float
    usd: float

    def row(self, clip_usd: float) -> str:
        """Return the row of the table in Markdown."""
        return f"| {self.first} | {self.then} | {self.late:.1f} | {self.usd:.5f} | {self.usd / clip_usd:.3%} |"


def main() -> None:
    """Print the table, and draw it."""
    clip_usd = costs.lines()[0].usd / len(costs.CLIPS)
    rows = list(paces())
    print("| first look s | then every s | noticed late by s | looks USD | of the clip |\n|---|---|---|---|---|")
    print(*(row.row(clip_usd) for row in rows), sep="\n")
    choice = (int(PACES["FirstPollSeconds"].default), int(PACES["PollSeconds"].default))
    plots.trade_off(
        PLOT,
        {f"first look after {first} s": [row for row in rows if row.first == first] for first in FIRST},
        choice,
    )


def paces() -> Iterator[Pace]:
    """Yield each pace with what follows of it."""
    times = [clip_seconds(number) for number in range(CLIPS)]
    for first in FIRST:
        for then in THEN:
            looks = [list(_looks(first, then, seconds)) for seconds in times]
            late = fmean(moments[-1] - seconds for moments, seconds in zip(looks, times, strict=True))
            yield Pace(first, then, late, fmean(map(len, looks)) * look_usd())


def _looks(first: int, then: int, seconds: float) -> Iterator[float]:
    """Yield the moments of the looks at a clip that takes so many seconds, as WaitForClip has them."""
    moment = float(first)
    yield moment
    while moment < seconds:
        moment += max(then, min(MOST, math.floor(moment / SHARE)))
        yield moment


def look_usd() -> float:
    """Return what one look at a clip costs, in USD."""
    gb_seconds = costs.memory_gb("PollVeo") * costs.RUNS["PollVeo"][1]
    function_usd = gb_seconds * pricing.LAMBDA_USD_PER_GB_SECOND + pricing.LAMBDA_USD_PER_REQUEST
    return TRANSITIONS * pricing.TRANSITION_USD + function_usd


if __name__ == "__main__":
    main()
