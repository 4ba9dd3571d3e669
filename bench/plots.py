"""Draws the figures of the measurements; each function writes one PNG and touches nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from bench.polling import Pace

SIZE = (7.0, 4.0)
DPI = 120


def trade_off(target: Path, lines: Mapping[str, Sequence[Pace]], choice: tuple[int, int]) -> None:
    """Draw how late a clip is noticed against what its looks cost; the `choice` of looks is marked."""
    figure, axes = _axes("a clip is noticed late by (s, mean)", "looks at a clip (USD, mean)")
    for label, paces in lines.items():
        axes.plot([pace.late for pace in paces], [pace.usd for pace in paces], marker="o", label=label)
        for pace in paces:
            axes.annotate(f"{pace.then} s", (pace.late, pace.usd), xytext=(4, 4), textcoords="offset points")
            if (pace.first, pace.then) == choice:
                axes.plot([pace.late], [pace.usd], marker="o", markersize=14, fillstyle="none", color="black")
    _save(figure, axes, target)


def orders(target: Path, lines: Mapping[str, Sequence[float]], most: int, seconds: float) -> None:
    """Draw how many orders were placed by which second, beside a quota of `most` in so many seconds."""
    figure, axes = _axes("seconds since the first order was tried", "orders placed")
    end = max(max(moments) for moments in lines.values())
    steps = [moment * seconds for moment in range(int(end // seconds) + 2)]
    counts = [most * (number + 1) for number in range(len(steps))]
    axes.step(steps, counts, where="post", color="black", linestyle=":", label=f"the quota, {most} in {seconds:g} s")
    for label, moments in lines.items():
        axes.step(sorted(moments), range(1, len(moments) + 1), where="post", label=label)
    axes.set_ylim(0, 1.1 * max(map(len, lines.values())))
    axes.set_xlim(0, end)
    _save(figure, axes, target)


def timeline(target: Path, rows: Sequence[tuple[str, float, float]], ideal: float) -> None:
    """Draw when which states were at work, in seconds since the start, and the ideal end."""
    figure, axes = _axes("seconds since the start", "")
    names = list(dict.fromkeys(name for name, _, _ in rows))
    for name, begin, end in rows:
        axes.barh(names.index(name), max(end - begin, 0.2), left=begin, height=0.6, alpha=0.5, color="tab:blue")
    axes.axvline(ideal, color="black", linestyle=":", label=f"the ideal end, {ideal:.0f} s")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    _save(figure, axes, target)


def bills(target: Path, rows: Mapping[str, Mapping[str, float]]) -> None:
    """Draw what each service costs in each run, one upon the other, in USD."""
    figure, axes = _axes("USD", "")
    lefts = dict.fromkeys(rows, 0.0)
    for service in next(iter(rows.values())):
        parts = [row[service] for row in rows.values()]
        axes.barh(list(rows), parts, left=list(lefts.values()), label=service)
        lefts = {name: left + part for (name, left), part in zip(lefts.items(), parts, strict=True)}
    axes.invert_yaxis()
    _save(figure, axes, target)


def frontier(target: Path, rows: Mapping[str, tuple[float, float]], goal: tuple[float, float], choice: str) -> None:
    """Draw processor seconds and SSIM by encoder settings; `goal` is the most of the one and the least of the other."""
    figure, axes = _axes("processor s", "SSIM against the clips")
    for name, (seconds, likeness) in rows.items():
        axes.plot([seconds], [likeness], marker="o", color="tab:red" if name == choice else "tab:blue")
        axes.annotate(name, (seconds, likeness), xytext=(5, 3), textcoords="offset points", fontsize=8)
    axes.axvline(goal[0], color="black", linestyle=":", label=f"1.3 x one pass, {goal[0]:.0f} s")
    axes.axhline(goal[1], color="black", linestyle="--", label=f"SSIM {goal[1]}")
    _save(figure, axes, target)


def _axes(xlabel: str, ylabel: str) -> tuple[Any, Any]:
    # What matplotlib says of its own types is partial.
    figure: Any = Figure(SIZE, layout="constrained")
    return figure, figure.add_subplot(xlabel=xlabel, ylabel=ylabel)


def _save(figure: Any, axes: Any, target: Path) -> None:
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(target, dpi=DPI)
