"""What an own transcript must be for one recording: its captions lie within it.

Values only; touches nothing; seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import InvalidRequest
from shared.transcript.own_transcript import Cue


def within(cues: Sequence[Cue], recording_seconds: float) -> list[Cue]:
    """Return the cues that begin within the recording, each ending with it at the latest.

    Raises InvalidRequest when most of them do not: they are another recording's.
    """
    inside = [cue for cue in cues if cue.start < recording_seconds]
    if len(inside) * 2 < len(cues):
        raise InvalidRequest(
            f"The transcript's last caption begins at {cues[-1].start:.1f} s, and the recording has "
            f"{recording_seconds:.1f} s; upload the transcript of this recording."
        )
    return [cue.model_copy(update={"end": min(cue.end, recording_seconds)}) for cue in inside]
