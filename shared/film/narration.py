"""Which part of the recording is a film's sound, how loud it is made, and what tells one narration from another.

Values only; touches nothing; times are seconds of the recording, loudness is LUFS, peaks are dBTP.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from shared.film.plan import Plan, Word

TARGET_LUFS = -14.0
HIGHEST_PEAK_DBTP = -1.0
FADE_IN = 0.03
FADE_OUT = 0.15
# How far music lies below the voice, in LU: while nobody speaks, and while somebody does.
MUSIC_ALONE_LU = 12.0
MUSIC_UNDER_VOICE_LU = 26.0
# Seconds: a shorter pause is no pause for the music, which is low a little before and after the words.
_SHORTEST_PAUSE = 1.6
_BEFORE_WORDS = 0.15
_AFTER_WORDS = 0.25
Span = tuple[float, float]


@dataclass(frozen=True)
class Excerpt:
    """The part of the recording that is the film's sound, and the music under it: its id, "" where there is none.

    `speech` are the spans of the video, in seconds of it, in which the music is low. `lead` and `tail` are the seconds
    before and after the recording, in which nobody speaks.
    """

    start: float
    seconds: float
    music: str = ""
    speech: tuple[Span, ...] = ()
    lead: float = 0.0
    tail: float = 0.0

    @property
    def video_seconds(self) -> float:
        """How long the sound is of the video with all that is before and after its film."""
        return self.lead + self.seconds + self.tail

    @property
    def digest(self) -> str:
        """What tells its narration from any other, in hexadecimal: its place, its levels, and its music."""
        parts: list[object] = [self.start, self.seconds, TARGET_LUFS, HIGHEST_PEAK_DBTP, FADE_IN, FADE_OUT]
        if self.music:
            parts += [self.music, self.speech, MUSIC_ALONE_LU, MUSIC_UNDER_VOICE_LU]
        if self.lead or self.tail:
            parts += [self.lead, self.tail]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def excerpt(plan: Plan) -> Excerpt:
    """Return the part of the recording under the film; it has the film's length to the sample."""
    music = plan.options.music
    rate = plan.frame_rate
    lead = plan.lead_frames / rate
    speech = speech_spans(plan.words, lead) if music else ()
    return Excerpt(plan.excerpt_start, plan.frames / rate, music, speech, lead, plan.tail_frames / rate)


def speech_spans(words: Iterable[Word], lead: float = 0.0) -> tuple[Span, ...]:
    """Return when somebody speaks, in seconds, to the hundredth: apart by pauses that are worth hearing music in.

    The words begin after `lead` seconds.
    """
    spans = list[Span]()
    for word in words:
        start = round(max(0.0, lead + word.start - _BEFORE_WORDS), 2)
        end = round(lead + word.end + _AFTER_WORDS, 2)
        if spans and start - spans[-1][1] < _SHORTEST_PAUSE - _BEFORE_WORDS - _AFTER_WORDS:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return tuple(spans)
