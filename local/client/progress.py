"""What the person at the terminal sees: one live view, or plain lines when the output is piped.

Touches standard error only; standard output belongs to the result.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

from rich.columns import Columns
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from local.client.step_words import STEP_NAMES, scene_words, states, tasks_to_show
from shared.http.views import GenerationView, VideoView

MARKS = {"pending": ("·", "dim"), "completed": ("✓", "green"), "failed": ("✗", "red")}
BAR_WIDTH = 40
# More jobs than this are shown by one line each.
MOST_WHOLE = 2
DESCRIPTION_WIDTH = 60


class Progress(Protocol):
    """Shows a job's records as they come."""

    def __enter__(self) -> Progress: ...
    def __exit__(self, *_: object) -> None: ...
    def say(self, line: str) -> None:
        """Show a line that belongs to no step."""
        ...

    def show(self, name: str, record: VideoView) -> None:
        """Show the record of the job called `name`."""
        ...


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Go on in silence: that nobody reads of the progress is no reason to stop what was bought."""
        self.quiet = True


def standard_error() -> Console:
    """Return the console of standard error."""
    return _Console(stderr=True)


def for_console(console: Console) -> Progress:
    """Return the live view when `console` is a terminal, else plain lines."""
    return LiveView(console) if console.is_terminal else PlainLines(console)


class PlainLines:
    """One line for each change, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last_states: dict[str, str] = {}

    def __enter__(self) -> PlainLines:
        return self

    def __exit__(self, *_: object) -> None: ...

    def say(self, line: str) -> None:
        """Print the line."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, name: str, record: VideoView) -> None:
        """Print what has changed since the last record of this job."""
        for subject, state in states(record, time.time()):
            key = f"{name}: {subject}"
            # How long something still waits changes by itself, and is said once.
            words = state.partition(",")[0]
            if self._last_states.get(key, "pending") != words:
                self._last_states[key] = words
                self.say(f"{key}: {state}")


class LiveView:
    """The four steps, each scene's own state and a progress bar, redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=8, transient=False)
        self._records: dict[str, VideoView] = {}
        self._line = ""
        self._spinner = Spinner("dots", style="cyan")

    def __enter__(self) -> LiveView:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """Show the line under the view."""
        self._line = line
        self._redraw()

    def show(self, name: str, record: VideoView) -> None:
        """Redraw with this record."""
        self._records[name] = record
        self._redraw()

    def _redraw(self) -> None:
        whole = len(self._records) <= MOST_WHOLE
        draw = self._job if whole else self._row
        jobs = [draw(name, record) for name, record in self._records.items()]
        self._live.update(Group(*jobs, Text(self._line, style="dim")))

    def _job(self, name: str, record: VideoView) -> Group:
        data = record.ai_generation_data or GenerationView()
        table = Table.grid(padding=(0, 1))
        steps = data.processing_steps
        # A plan, or moments, are there before anything is made of them.
        for step in steps[:2] if data.goal in ("plan", "moments") else steps:
            title = STEP_NAMES.get(step.step, step.step)
            table.add_row(self._mark(step.status), Text(title), "", Text(step.error_message, style="red"))
            if step.step == "video_generation":
                for row in _scene_rows(data):
                    table.add_row("", *row)
        return Group(Text(name, style="bold"), table, _bar(data))

    def _row(self, name: str, record: VideoView) -> Group:
        """Return one line for each of many jobs: more would not fit on a screen."""
        data = record.ai_generation_data or GenerationView()
        is_waiting = record.ai_generation_status == "awaiting_review"
        at = next((step for step in data.processing_steps if step.status != "completed" and not is_waiting), None)
        title = STEP_NAMES.get(at.step, at.step) if at else "To be reviewed" if is_waiting else "Done"
        error = at.error_message if at else ""
        return Group(Columns([_bar(data), Text(name, style="bold"), Text(title), Text(error, style="red")]))

    def _mark(self, status: str) -> Text | Spinner:
        if status == "processing":
            return self._spinner
        mark, style = MARKS.get(status, ("·", "dim"))
        return Text(mark, style=style)


def _bar(data: GenerationView) -> Table:
    bar = ProgressBar(total=100, completed=data.progress, width=BAR_WIDTH)
    cost = Text(f"{data.cost_breakdown.total:.4f} USD at list price", style="dim")
    foot = Table.grid(padding=(0, 1))
    foot.add_row(bar, Text(f"{data.progress:3d} %"), cost)
    return foot


def _scene_rows(data: GenerationView) -> Iterator[tuple[Text, Text, Text]]:
    scenes = data.scene_beats.scenes if data.scene_beats else []
    for task, scene in zip(tasks_to_show(data), scenes, strict=False):
        state = scene_words(task, time.time())
        colour = {"completed": "green", "failed": "red"}.get(task.state, "cyan")
        words = Text((task.reason.message or scene.scene_description)[:DESCRIPTION_WIDTH], style="dim")
        yield Text(f"  scene {task.sequence}", style=colour), Text(state, style=colour), words
