"""A video's plan as a timeline that editors open: OpenTimelineIO's JSON, whose clips name the files of an export.

Values only; touches nothing; lengths are frames at the video's rate. The schema is that of opentimelineio 0.18, which a
test reads it by; each part is written in the oldest version of its kind, which newer readers take too.
https://opentimelineio.readthedocs.io/en/latest/tutorials/otio-serialized-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]


@dataclass(frozen=True)
class TimelineScene:
    """A scene in the timeline: its `frames`, the file that it shows ("" is none), and how many frames that holds."""

    name: str
    frames: int
    file: str = ""
    file_frames: int = 0

    @property
    def missing(self) -> int:
        """The frames that the file does not cover."""
        return max(self.frames - self.file_frames, 0) if self.file else self.frames


def document(name: str, scenes: Sequence[TimelineScene], narration: str, rate: int) -> str:
    """Return the timeline as JSON: the scenes one after another, and below them the file of the narration, if any."""
    pictures = [part for scene in scenes for part in _parts(scene, rate)]
    tracks = [_track("Scenes", "Video", pictures)]
    frames = sum(scene.frames for scene in scenes)
    if narration:
        tracks.append(_track("Narration", "Audio", [_clip("Narration", narration, frames, frames, rate)]))
    stack = _node("Stack.1", name="tracks", children=tracks, **_item(None))
    timeline = _node("Timeline.1", name=name, global_start_time=None, tracks=stack, metadata={})
    return json.dumps(timeline, indent=2, ensure_ascii=False) + "\n"


def _parts(scene: TimelineScene, rate: int) -> Iterator[Node]:
    if scene.frames > scene.missing:
        yield _clip(scene.name, scene.file, scene.frames - scene.missing, scene.file_frames, rate)
    if scene.missing:
        yield _node("Gap.1", name=scene.name, **_item(_range(scene.missing, rate)))


def _clip(name: str, file: str, frames: int, file_frames: int, rate: int) -> Node:
    # A place beside the timeline: whoever unpacks an export does so anywhere.
    media = _node("ExternalReference.1", name="", target_url=file, available_range=_range(file_frames, rate))
    return _node("Clip.1", name=name, media_reference=media | {"metadata": {}}, **_item(_range(frames, rate)))


def _track(name: str, kind: str, children: list[Node]) -> Node:
    return _node("Track.1", name=name, kind=kind, children=children, **_item(None))


def _item(source_range: Node | None) -> Node:
    return {"source_range": source_range, "effects": [], "markers": [], "metadata": {}}


def _range(frames: int, rate: int) -> Node:
    return _node("TimeRange.1", start_time=_time(0, rate), duration=_time(frames, rate))


def _time(frames: int, rate: int) -> Node:
    return _node("RationalTime.1", value=float(frames), rate=float(rate))


def _node(schema: str, **fields: Any) -> Node:
    return {"OTIO_SCHEMA": schema, **fields}
