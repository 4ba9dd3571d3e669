"""Go on with the videos that were being made when the process of their cloud ended, as their owner would.

Touches the API, signed in as each video's owner, and the notes about interrupted executions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from local.api_client import ApiClient, ApiError
from local.store.executions import Executions, Interrupted
from shared.errors import ExecutionEnded
from shared.http.views import VideoView

# Seconds between two looks at a record, and until which its end must be written into it.
LOOK = 0.3
PATIENCE = 120.0


@dataclass(frozen=True)
class Recovery:
    """The recovery of one cloud: `live` names the providers that it uses for real, `say` tells the person who began it.

    `sign_in` returns a client of the API for a user, by the id in their records.
    """

    executions: Executions
    live: list[str]
    sign_in: Callable[[str], ApiClient]
    say: Callable[[str], None]

    def run(self) -> None:
        """Decide about every video whose execution was interrupted."""
        by_video: dict[str, list[Interrupted]] = {}
        for execution in self.executions.undecided_executions():
            by_video.setdefault(str(execution.input.get("video_id", "")), []).append(execution)
        for video_id, rows in by_video.items():
            if self._decide(video_id, rows[-1]):
                for row in rows:
                    self.executions.decide(row.arn)

    def _decide(self, video_id: str, last: Interrupted) -> bool:
        """Go on with a video if that is what its owner would do; return False when a later start is to decide."""
        if last.live != self.live:
            option = f" --live {','.join(last.live)}" if last.live else ""
            self.say(f"Video {video_id} was interrupted; `reelwright serve{option}` goes on with it.")
            return False
        try:
            return self._go_on(video_id, self.sign_in(str(last.input.get("user_id", ""))))
        except ApiError as error:
            self.say(f"Video {video_id} was interrupted and does not go on by itself: {error}")
            return not error.retriable

    def _go_on(self, video_id: str, api: ApiClient) -> bool:
        record = _wait_for_end(video_id, api)
        if record.ai_generation_status == "processing":
            return False
        failure = record.ai_generation_data.failure if record.ai_generation_data else None
        # One that was finished, cancelled or failed by itself was not interrupted in its work.
        if record.ai_generation_status == "failed" and failure and failure.error == ExecutionEnded.__name__:
            api.resume(video_id)
            self.say(f"Video {video_id} was interrupted; it goes on.")
        return True


def _wait_for_end(video_id: str, api: ApiClient) -> VideoView:
    """Return the record once the end of its execution is written into it, or as it is when that does not happen."""
    limit = time.monotonic() + PATIENCE
    while (record := api.show(video_id)).ai_generation_status == "processing" and time.monotonic() < limit:
        time.sleep(LOOK)
    return record
