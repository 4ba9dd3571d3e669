"""The ports of what makes pictures: what is asked of a video or an image model, and what comes of it.

Values and protocols only; touches nothing. An adapter speaks one protocol and serves every model that is spoken to so.
What a call raises says what is known of it. An order was surely not accepted: VeoThrottled, VeoUnavailable, VeoRefused,
ModelRetired, VeoNotOffered, CredentialsRejected. It may have been: SubmitOutcomeUnknown, which nobody repeats blindly.
A reading is free and may be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.errors import ClipUnusable
from shared.models.clip_request import ClipBrief, ClipRequest
from shared.models.picture_request import PictureBrief
from shared.models.request_body import FrozenRequest, Picture


@dataclass(frozen=True)
class Running:
    """The clip is being made."""


@dataclass(frozen=True)
class Done:
    """The clip is there, and charged; `data` is the MP4, or `uri` says where the provider has put it instead."""

    data: bytes = b""
    uri: str = ""


@dataclass(frozen=True)
class Filtered:
    """The safety filter withheld the clip or picture, which is not charged; `reason` holds the provider's words.

    `is_prompt_blocked` says that the prompt itself was refused, and would be again.
    """

    reason: str = ""
    is_prompt_blocked: bool = False


@dataclass(frozen=True)
class Failed:
    """No clip was made, and none is charged; if `is_retriable`, the same order may succeed later."""

    reason: str = ""
    is_retriable: bool = False


@dataclass(frozen=True)
class Lost:
    """The clip cannot be fetched any more, if it ever was made; it may be charged."""

    reason: str = ""


Reading = Running | Done | Filtered | Failed | Lost


def inline_clip(clip: Done) -> bytes:
    """Return the MP4 that came with the answer; raise ClipUnusable when it was put elsewhere, which nobody asks for."""
    if not clip.data:
        raise ClipUnusable(f"The clip was delivered to {clip.uri or 'nowhere'} instead of in the answer.")
    return clip.data


@dataclass(frozen=True)
class Handle:
    """What an accepted order is called from now on; `ending` is how it has ended where the answer said so already."""

    name: str
    ending: Done | Filtered | Failed | Lost | None = None


class VideoModel(Protocol):
    """A model that makes clips."""

    def request(self, brief: ClipBrief) -> ClipRequest:
        """Return what is sent for the clip, frozen, with its digest; raise ModelRetired if the model cannot make it."""
        ...

    def submit(self, request: ClipRequest) -> Handle:
        """Order the clip by one request; raise SceneFiltered when its prompt is blocked, else as the module says."""
        ...

    def read(self, handle: str) -> Reading:
        """Return what has become of the order called `handle`.

        Raises VeoThrottled, VeoUnavailable, CredentialsRejected, or VeoNotOffered when the project or its location is
        wrong.
        """
        ...

    def fetch(self, clip: Done) -> bytes:
        """Return the MP4 of a clip that is done; raise ClipUnusable when there is none to be had."""
        ...


class ImageModel(Protocol):
    """A model that draws pictures, each by one request that ends with the picture."""

    def request(self, brief: PictureBrief) -> FrozenRequest:
        """Return what is sent for the picture, frozen, with its digest; raise ModelRetired if it cannot be made."""
        ...

    def draw(self, request: FrozenRequest) -> Picture | Filtered:
        """Return the picture; raise VeoFailed when none was made, else as the module says."""
        ...
