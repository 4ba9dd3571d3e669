"""The looks of captions in the picture: one row each, of all in which they differ.

Values only, touches nothing; colours are #RRGGBB, sizes in em or in pixels of a frame whose shorter side has 720.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.captions.face import Face
from shared.captions.faces import ANTON, LATIN
from shared.choices.words import CaptionSize
from shared.film.captions import Shape

# What happens while a line is on screen: nothing, each word is lit in its turn, it fills with colour as it is spoken,
# or it comes when it is spoken.
Motion = Literal["still", "lit", "filled", "revealed"]
WHITE = "#FFFFFF"
YELLOW = "#FFE600"
INK = "#101010"
VIOLET = "#7A3CFF"
SIZES: Mapping[CaptionSize, float] = {"small": 0.8, "medium": 1.0, "large": 1.25}


@dataclass(frozen=True)
class CaptionLook:
    """How captions look: the words on screen together, the em in pixels for an upright and for a lying frame, colours.

    `accent` is the colour of the word that is spoken, the text's own if it is "". `edge_in_em` is how many outlines, or
    how many of a box's margins, an em holds. A `box` stands behind the spoken word of a look that lights words, and
    behind each row of one that is still; `word_box` is such a box's colour. `grows` is the percentage to which the
    spoken word grows. `by_speaker` gives each speaker a colour, and the name before each turn.
    """

    shape: Shape
    em: tuple[int, int]
    motion: Motion
    face: Face = LATIN
    is_upper: bool = False
    is_hollow: bool = False
    bursts_in: bool = False
    text: str = WHITE
    accent: str = ""
    edge: str = INK
    edge_in_em: float = 12
    grows: int = 100
    row_box: bool = False
    by_speaker: bool = False
    word_box: str = ""


LOOKS: Mapping[str, CaptionLook] = {
    # A few words, the spoken one in another colour and a little larger.
    "words": CaptionLook(Shape(words=4, characters=22, row=22), (60, 52), "lit", accent=YELLOW, grows=106),
    # The letters fill with colour as they are spoken.
    "karaoke": CaptionLook(Shape(words=6, characters=34, row=20), (54, 50), "filled", accent=YELLOW),
    # A box behind the spoken word.
    "box": CaptionLook(Shape(words=4, characters=24, row=16), (58, 52), "lit", word_box=VIOLET),
    # A line grows word by word.
    "reveal": CaptionLook(Shape(words=6, characters=34, row=20), (56, 52), "revealed", accent=YELLOW),
    # One large word at a time, in capitals.
    "big": CaptionLook(
        Shape(words=1, characters=60, row=60),
        (124, 104),
        "lit",
        face=ANTON,
        is_upper=True,
        bursts_in=True,
        edge_in_em=14,
    ),
    # Letters of outlines only, the spoken word filled.
    "outline": CaptionLook(
        Shape(words=4, characters=24, row=16),
        (62, 54),
        "lit",
        is_upper=True,
        is_hollow=True,
        accent=YELLOW,
        edge=WHITE,
        edge_in_em=22,
    ),
    # A line or two, nothing moves.
    "lines": CaptionLook(Shape(words=12, characters=38, row=22), (46, 44), "still", grows=106),
    # A line or two in the colour of who speaks, the name before each turn.
    "speakers": CaptionLook(Shape(words=12, characters=38, row=22), (46, 44), "still", by_speaker=True),
    # Two rows as on television, each on a dark ground.
    "classic": CaptionLook(Shape(words=16, characters=52, row=26), (36, 38), "still", edge_in_em=5, row_box=True),
}
