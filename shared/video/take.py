"""A picture that was bought for a scene, or is its user's own: it never changes, and stays while its generation lives.

Touches nothing; seconds, USD, times in ISO 8601.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from shared.video.public_record import Part, TextOrAbsent, Time

# Takes of one generation: with the longest of everything its record stays one item of DynamoDB.
MOST_TAKES = 800
TakeKind = Literal["clip", "still"]
TAKE_KINDS: tuple[TakeKind, ...] = get_args(TakeKind)


def _is_clip(kind: object) -> bool:
    return kind == "clip"


class PublicTake(Part):
    """A take as its owner is shown it: of which scene, by which model, how long it is and what it cost.

    A still is as long as its scene, so that its `seconds` are 0. `image_id` is that of an own picture, "" of any other.
    """

    scene: str
    kind: Annotated[TakeKind, Field(exclude_if=_is_clip)] = "clip"
    model: str = ""
    seconds: float = 0
    usd: float = 0
    created_at: Time = ""
    image_id: TextOrAbsent = ""


class Take(PublicTake):
    """A take, and the digest of what the plan wanted of it; its file is where `shared.media_keys.take` says.

    `first_frame` is the name of the picture that a clip was ordered to begin with (shared/build/continuity.py).
    """

    order: str = ""
    first_frame: TextOrAbsent = ""
