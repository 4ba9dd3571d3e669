"""Which files a run's film is written to, by the run's goal, and from which links of the record.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shared.choices.words import Goal
from shared.http.views import GenerationView

# The record's links and the file endings that the results get; a plan has no film.
VIDEO = {
    "final_video_url": ".mp4",
    "captions_srt_url": ".srt",
    "captions_vtt_url": ".vtt",
    "poster_url": ".jpg",
}
# Captions as they are spoken, beside a video's that are translated.
SPOKEN = {"spoken_srt": ".spoken.srt", "spoken_vtt": ".spoken.vtt"}
PREVIEW = {"video": ".mp4", "poster": ".jpg"}
RECORD = ".json"


def endings(goal: Goal, *, is_translated: bool = False) -> list[str]:
    """Return the endings of the files that a run to the goal ends with, the film's first, the record's last.

    A video whose captions are translated has those that are spoken besides.
    """
    if goal in ("plan", "moments"):
        return []
    if goal == "video":
        return [*VIDEO.values(), *(SPOKEN.values() if is_translated else ()), RECORD]
    return [f".{goal}{ending}" for ending in (*PREVIEW.values(), RECORD)]


def sources(goal: Goal, data: GenerationView) -> Mapping[str, str]:
    """Return where each file of the film is fetched, by its ending."""
    if goal == "video":
        film = {ending: getattr(data, link) for link, ending in VIDEO.items()}
        return film | {ending: data.links[name].url for name, ending in SPOKEN.items() if name in data.links}
    links = data.preview.links if data.preview else {}
    return {f".{goal}{ending}": links[name].url for name, ending in PREVIEW.items()}


def with_files(goal: Goal, data: GenerationView, files: Mapping[str, Path]) -> GenerationView:
    """Return the generation with the files, by their endings, where the links were: those die with the cloud."""
    if goal == "video":
        return data.model_copy(update={link: str(files[ending]) for link, ending in VIDEO.items()})
    if data.preview is None:
        return data
    links = {
        name: data.preview.links[name].model_copy(update={"url": str(files[f".{goal}{ending}"])})
        for name, ending in PREVIEW.items()
    }
    return data.model_copy(update={"preview": data.preview.model_copy(update={"links": links})})


def place(start: float, end: float) -> str:
    """Return an excerpt's seconds as a part of a file's name, such as 0m05s-1m20s."""
    clocks = (f"{int(seconds // 60)}m{round(seconds % 60, 1):04.1f}s" for seconds in (start, end))
    return "-".join(clock.replace(".0s", "s") for clock in clocks)
