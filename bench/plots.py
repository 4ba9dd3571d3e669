"""Draws the figures of the measurements; each function writes one PNG and touches nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from bench.polling import Pace

SIZE = (7.0, 4.0)
DPI = 120


def trade_off(target: Path, lines: Mapping[str, Sequence[Pace]], choice: tuple[int, int]) -> None:
    """Draw how late a clip is noticed against what its looks cost; the `choice` of looks is marked."""
    figure = Figure(SIZE, layout="constrained")
    # What matplotlib says of its own types is partial.
    axes: Any = figure.add_subplot(xlabel="a clip is noticed late by (s, mean)", ylabel="looks at a clip (USD, mean)")
    for label, paces in lines.items():
        axes.plot([pace.late for pace in paces], [pace.usd for pace in paces], marker="o", label=label)
        for pace in paces:
            axes.annotate(f"{pace.then} s", (pace.late, pace.usd), xytext=(4, 4), textcoords="offset points")
            if (pace.first, pace.then) == choice:
                axes.plot([pace.late], [pace.usd], marker="o", markersize=14, fillstyle="none", color="black")
    axes.legend()
    axes.grid(alpha=0.3)
    cast("Any", figure).savefig(target, dpi=DPI)
