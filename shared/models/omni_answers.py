"""What an interaction says: that it runs, brought a clip, was filtered, or failed.

Values only; touches nothing. Google publishes neither the form of a blocked prompt nor that of a withheld clip, so both
are known by their words, wherever they stand.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.models import vertex_words
from shared.models.port import Done, Failed, Filtered, Lost, Reading, Running

# Ends at which something was made, and so charged, that is no whole clip.
_PARTIAL = frozenset({"incomplete", "budget_exceeded", "requires_continuation", "requires_action"})
# The names of Google's codes that pass by themselves, besides their numbers.
_PASSING = frozenset(
    {
        "deadline_exceeded",
        "resource_exhausted",
        "aborted",
        "internal",
        "unavailable",
        "api_error",
        "rate_limit_exceeded",
    }
)
_FILTERED = "content_filtered"
_ABOUT_PROMPT = re.compile(r"^(the|your|this) prompt ", re.IGNORECASE)


class OmniFault(NamedTuple):
    """What an interaction says went wrong: a code, as a number or a name, and words."""

    code: str
    words: str

    @property
    def passes(self) -> bool:
        """Whether the same order may succeed later."""
        number = int(self.code) if self.code.isdigit() else 0
        return number in vertex_words.PASSING or self.code.lower() in _PASSING

    @property
    def is_filter(self) -> bool:
        """Whether the safety filter says it."""
        return self.code.lower() == _FILTERED or vertex_words.meaning(self.words) == "blocked"


def meaning(interaction: Any) -> Reading:
    """Return what an interaction says; one in a state that is not known counts as running."""
    status = str(interaction.status or "")
    faults = list(_faults(interaction))
    if status == "completed":
        return _delivery(interaction) or _end_without_clip(faults, str(interaction.output_text or ""))
    if status in ("failed", "cancelled"):
        return _end_without_clip(faults, status)
    if status in _PARTIAL:
        return Lost(f"Omni ended the interaction as {status}; what it has made is charged, and no whole clip.")
    return Running()


def _delivery(interaction: Any) -> Reading | None:
    video = interaction.output_video
    if not video or not (video.data or video.uri):
        return None
    try:
        return Done(base64.b64decode(video.data or "", validate=True), video.uri or "")
    except binascii.Error:
        return Lost("Omni delivered a clip that cannot be decoded.")


def _end_without_clip(faults: list[OmniFault], words: str) -> Reading:
    fault = next((fault for fault in faults if fault.is_filter), None) or next(iter(faults), OmniFault("", words))
    if fault.is_filter:
        return Filtered(fault.words[:500], is_prompt_blocked=_ABOUT_PROMPT.match(fault.words) is not None)
    reason = f"{fault.words or 'no reason given'} (code {fault.code or '?'})"[:400]
    return Failed(
        reason if fault.passes else f"Gemini Omni failed to make the clip: {reason}", is_retriable=fault.passes
    )


def _faults(interaction: Any) -> Iterator[OmniFault]:
    for error in interaction.errors or ():
        yield OmniFault(str(error.code or ""), str(error.message or ""))
    for step in interaction.steps or ():
        if error := getattr(step, "error", None):
            yield OmniFault(str(error.code or ""), str(error.message or ""))
