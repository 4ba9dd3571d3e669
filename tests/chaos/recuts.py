"""Edits by which a plan is cut otherwise: they depend on how it is cut.

Values only; touches nothing. A plan is as the API shows it; an edit that it cannot have is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.chaos import menu

Plan = dict[str, Any]
EditBodies = list[dict[str, Any]]
# Seconds by which a cut is moved, and the least that an excerpt may last.
EARLIER = 0.4
LEAST = 2.0


def _split(plan: Plan) -> EditBodies:
    first = plan["scenes"][0]
    return [{"op": "split", "scene": first["id"], "at": (first["start"] + first["end"]) / 2}]


def _merge(plan: Plan) -> EditBodies:
    return [{"op": "merge", "scene": plan["scenes"][0]["id"]}]


def _reorder(plan: Plan) -> EditBodies:
    return [{"op": "order", "pictures": [scene["id"] for scene in reversed(plan["scenes"])]}]


def _move_cut(plan: Plan) -> EditBodies:
    first = plan["scenes"][0]
    return [{"op": "move", "scene": first["id"], "end": first["end"] - EARLIER}]


def _shorten(plan: Plan) -> EditBodies:
    excerpt = plan["excerpt"]
    places = [cut["time"] for cut in plan["cuts"] if excerpt["start"] + LEAST < cut["time"] < excerpt["end"]]
    return [{"op": "excerpt", "start": excerpt["start"], "end": max(places, default=excerpt["end"])}]


EDITS: Mapping[str, Callable[[Plan], EditBodies]] = {
    menu.SPLIT: _split,
    menu.MERGE: _merge,
    menu.REORDER: _reorder,
    menu.MOVE_CUT: _move_cut,
    menu.SHORTEN: _shorten,
}
