"""What executions of the state machine are called.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib

# Characters of a video's id in the names of its executions.
_LONGEST_IN_NAMES = 40


def execution_name(video_id: str, generation_id: str) -> str:
    """Return what the names of a generation's executions begin with; from the second run on its number follows.

    A name has 80 characters at most: of a long id it has the digest.
    """
    is_long = len(video_id) > _LONGEST_IN_NAMES
    video = hashlib.sha256(video_id.encode()).hexdigest()[:_LONGEST_IN_NAMES] if is_long else video_id
    return f"{video}-{generation_id}"
