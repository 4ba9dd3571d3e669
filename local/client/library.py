"""Earlier videos of a store: list them and their versions, show one, go on with one that failed or was interrupted.

Touches the API, and the output folder of what is gone on with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from local.api_client import ApiClient
from local.client import films, make
from local.client.make import VideoJob
from local.client.progress import Progress
from local.processes.file_names import readable
from shared.errors import InvalidRequest
from shared.http.views import VideoView
from shared.video.version import PublicVersion

_NO_STATUS = "uploaded"
_TITLE_WIDTH = 48


def lines(records: Iterable[VideoView]) -> list[str]:
    """Return a line for each record: id, when it was made (UTC), status, title."""
    return columns((each.video_id, _moment(each.created_at), _status(each), _short(each.title)) for each in records)


def _status(record: VideoView) -> str:
    # There is nothing to review where only moments were looked for.
    if record.ai_generation_status == "awaiting_review" and make.goal_of(record) == "moments":
        return "moments"
    return record.ai_generation_status or _NO_STATUS


def version_lines(versions: Iterable[PublicVersion]) -> list[str]:
    """Return a line for each finished video: generation, when it was finished (UTC), length, price, style, prompt."""
    return columns(_version_row(each) for each in versions)


def _version_row(version: PublicVersion) -> tuple[str, ...]:
    length = f"{version.seconds:.1f} s"
    price = f"${version.cost_usd:.2f}"
    return version.generation_id, _moment(version.finished_at), length, price, version.style, _short(version.prompt)


def version_notes(versions: Iterable[PublicVersion]) -> list[str]:
    """Return a line for everything in which one of them differs from what was asked for, after its generation."""
    return [f"{each.generation_id}: {note}" for each in versions for note in each.degraded]


def columns(cells: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a line for each row of cells, the columns below each other."""
    rows = list(cells)
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)][:-1]
    return [
        "  ".join([*(set_cell_size(text, width) for text, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    ]


def job_of(record: VideoView, out: Path, *, force: bool) -> VideoJob:
    """Return the job that writes the files of a record, which are called as the recording is.

    A clip has its place in the recording besides, and another format its shape, so that none is written over another.
    """
    data = record.ai_generation_data
    earlier_usd = data.cost_breakdown.total if data else 0
    recording = Path(record.filename or record.video_id)
    recording = recording.with_name(f"{recording.stem}{_mark(record)}{recording.suffix}")
    return VideoJob(recording, {"goal": make.goal_of(record)}, out, force=force, earlier_usd=earlier_usd)


def _mark(record: VideoView) -> str:
    """Return what tells a video's files from those of others that are made of the same recording."""
    if record.variant_of:
        newest = record.versions[0].aspect_ratio.replace(":", "x") if record.versions else ""
        return f"-{newest or record.video_id}"
    if not record.parent_id:
        return ""
    excerpt = record.ai_generation_data.options.get("excerpt") if record.ai_generation_data else None
    return f"-{films.place(excerpt['start'], excerpt['end'])}" if excerpt else f"-{record.video_id}"


def go_on(
    video_id: str,
    api: ApiClient,
    progress: Progress,
    out: Path,
    *,
    force: bool = False,
    order_again: bool = False,
    budget: float | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[VideoJob, VideoView]:
    """Resume a video unless it runs or is finished, wait for its end, write its files; return the job and the record.

    A `budget`, in USD, replaces the generation's. Raises InvalidRequest when there is nothing to go on with,
    GenerationFailed, or ApiError when it is refused.
    """
    record = api.show(video_id)
    if record.ai_generation_status is None:
        raise InvalidRequest(f"{video_id}: no generation was started for this video; `reelwright make` starts one.")
    job = job_of(record, out, force=force)
    make.check_folder(job)
    if record.ai_generation_status in ("failed", "cancelled"):
        api.resume(video_id, order_again=order_again, budget=budget)
    return job, make.finish(job, make.watch(job, video_id, api, progress, pause), api)


def _moment(time: str) -> str:
    return time[:16].replace("T", " ")


def _short(text: str) -> str:
    title = readable(text) if text else ""
    return title if cell_len(title) <= _TITLE_WIDTH else set_cell_size(title, _TITLE_WIDTH - 1) + "…"
