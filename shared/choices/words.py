"""The words by which a person chooses, wherever they choose: in the API, on the command line, on the page, in a preset.

Values only, touches nothing, and imports nothing of weight, so that the command line can tell of them at once.
"""

from __future__ import annotations

from typing import Literal

Style = Literal["realistic", "cinematic", "animated", "artistic"]
Aspect = Literal["9:16", "16:9"]
Shape = Literal["9:16", "16:9", "4:5", "1:1"]  # Of a video's picture; clips are bought in the aspects alone.
Resolution = Literal["720p", "1080p"]
Continuity = Literal["none", "chain", "still"]
VideoGoal = Literal["plan", "draft", "stills", "video"]
Goal = Literal["plan", "moments", "draft", "stills", "video"]
CaptionMode = Literal["words", "karaoke", "box", "reveal", "big", "outline", "lines", "classic", "speakers", "none"]
CaptionPosition = Literal["top", "middle", "bottom"]
CaptionPlatform = Literal["none", "tiktok", "reels", "shorts"]
CaptionSize = Literal["small", "medium", "large"]
# A mood each; "look" is the font that the look itself is drawn in. A font of the user's own stands by its id.
CaptionFont = Literal["look", "clean", "loud", "comic", "serif", "hand", "typed"]
OWN_FONT_PATTERN = r"^[0-9a-f]{20}$"
CaptionProfanity = Literal["shown", "masked"]
# Languages that captions can be translated into: those of which all letters can be drawn. "" is the spoken one.
# fmt: off
CaptionLanguage = Literal[
    "", "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "mr", "nb", "ne", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "th", "tr", "uk", "ur", "vi", "zh-CN", "zh-TW",
]
# fmt: on
# How many speakers can be told apart in a recording.
FEWEST_SPEAKERS = 2
MOST_SPEAKERS = 10
