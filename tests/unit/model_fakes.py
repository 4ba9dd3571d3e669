"""A video model in memory, behind the port that the stages know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.models.clip_request import ClipBrief, ClipRequest, clip_request
from shared.models.port import Done, Handle, Reading, Running, inline_clip


@dataclass
class FakeModel:
    """Answers orders in turn, with what they are called or by raising, and remembers them; all readings are alike."""

    answers: list[str | Handle | Exception] = field(default_factory=list[str | Handle | Exception])
    orders: list[ClipBrief] = field(default_factory=list[ClipBrief])
    before: Callable[[], object] = lambda: None
    reading: Reading = field(default_factory=Running)

    def request(self, brief: ClipBrief) -> ClipRequest:
        return clip_request(brief)

    def submit(self, request: ClipRequest) -> Handle:
        self.before()
        self.orders.append(request.brief)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Handle) else Handle(answer)

    def read(self, handle: str) -> Reading:
        return self.reading

    def fetch(self, clip: Done) -> bytes:
        return inline_clip(clip)
