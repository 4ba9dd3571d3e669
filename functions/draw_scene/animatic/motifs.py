"""Keep the places a storyboard can show, as data, and read place, hour and card text out of a prompt.

Touches nothing.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from shared.film.sentences import sentence_ends

CARD_WORDS = 22
CARD_LETTERS = 160


@dataclass(frozen=True)
class Strip:
    """A band of land: its kind, its foot in 1280ths below the horizon (negative: above the edge), its height."""

    kind: str
    foot: int
    height: int = 0


@dataclass(frozen=True)
class Motif:
    """A place: the words that call for it and its bands of land from far to near."""

    words: frozenset[str]
    strips: tuple[Strip, ...]
    rising_dust: bool = False
    interior: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RANGES = (Strip("ridge", 10, 240), Strip("ridge", 130, 200), Strip("ridge", 270, 150), Strip("soft", -120, 90))

MOTIFS = {
    "city": Motif(
        _words(
            "city street streets town village office building bakery shop corner market apartment apartments job "
            "work traffic train station bus car cars crowd company downtown skyline roof rooftop tower bridge bar "
            "neighbourhood neighborhood buildings houses shops offices crowds"
        ),
        (
            Strip("city", 90, 330),
            Strip("city", 190, 380),
            Strip("city", 330, 330),
            Strip("soft", -110, 40),
        ),
        rising_dust=True,
    ),
    "sea": Motif(
        _words(
            "sea ocean lake river water beach boat boats ship ships wave waves rain ice swim swimming shore coast "
            "island harbour harbor lighthouse sail sailing fish fishing tide pond frozen rivers lakes oceans bay cliff"
        ),
        (Strip("ridge", 8, 70), Strip("water", 0), Strip("swell", 150), Strip("ridge", -70, 120)),
    ),
    "forest": Motif(
        _words(
            "forest forests tree trees wood woods camp tent wolf wolves garden cabin jungle leaf leaves pine pines "
            "bear deer bird birds path trail grove wild"
        ),
        (
            Strip("ridge", 20, 150),
            Strip("pine", 140, 150),
            Strip("pine", 300, 240),
            Strip("pine", -60, 330),
        ),
    ),
    "room": Motif(
        _words(
            "room rooms house home kitchen desk coffee tea book books notebook letter letters stove window bed table "
            "chair hospital school write writes wrote reading library family mother father sister daughter studio "
            "parlour parlor drawing indoors door dinner breakfast marriage married wife husband families parents"
        ),
        (Strip("soft", 0, 130), Strip("soft", 130, 110)),
        rising_dust=True,
        interior=True,
    ),
    "stars": Motif(
        _words("star stars starry night sky moon dream dreams space universe dark darkness planet heaven telescope"),
        _RANGES,
        rising_dust=True,
    ),
    "hills": Motif(
        _words(
            "mountain mountains hill hills valley road roads drive drives drove north field fields farm travel "
            "travels journey sun morning hillside valleys meadow horizon walk walking country "
            "countryside desert path summer"
        ),
        _RANGES,
    ),
}
NIGHT = _words("night dark darkness midnight storm moon moonlight moonlit stars starry wolves evening")
WARM = _words("sunset dusk sunrise dawn morning home coffee bakery love golden warm candlelight fire")

# Where no word of the prompt names a place.
_ANYWHERE = ("hills", "sea", "forest", "stars")


def card_text(prompt: str) -> str:
    """Return the first sentence or two of the prompt, at most CARD_WORDS words and CARD_LETTERS letters."""
    words, more = _first_two(prompt.split())
    if len(words) + len(more) <= CARD_WORDS and more[:1] != ["Style:"]:
        words += more
    card_words = words[:CARD_WORDS]
    while len(" ".join(card_words)) > CARD_LETTERS and len(card_words) > 1:
        card_words.pop()
    text = " ".join(card_words)[:CARD_LETTERS]
    return text if len(card_words) == len(words) else text.rstrip(",;:") + "…"


def _first_two(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of the first two sentences; of the second none when there is one only."""
    ends = [index + 1 for index, ends in enumerate(sentence_ends(words, "en")) if ends]
    first, second, *_ = [*ends, len(words), len(words)]
    return words[:first], words[first:second]


# What every scene of a film shares follows this; and sentences of a prompt that say how, and not what, is shown.
_SHARED = " People: "
_MANNER = re.compile(r"(?:^|(?<=[.!?] ))(?:The camera|The author wishes|The style|Style:)[^.!?]*[.!?]?")
_WISH = re.compile(r", with the wish for [^.!?]*")


def motif_of(prompt: str, scene: int, rng: random.Random) -> str:
    """Return the name of the place that most of the scene's own words call for; the words on the card count double.

    Where none names a place, the scenes of a film (0: unknown) take turns, so that neighbours differ.
    """
    own = own_words(prompt)
    near = _vocabulary(card_text(own))
    far = _vocabulary(own)
    scores = {name: len(motif.words & near) + len(motif.words & far) for name, motif in MOTIFS.items()}
    best = max(scores, key=lambda name: scores[name])
    chance = rng.randrange(len(_ANYWHERE))
    begin = sum(prompt.partition(_SHARED)[2].encode()) if scene else chance
    return best if scores[best] else _ANYWHERE[(begin + scene) % len(_ANYWHERE)]


def own_words(prompt: str) -> str:
    """Return what a prompt says of this scene alone: people, place, palette, camera, light and wish are shared."""
    return _WISH.sub("", _MANNER.sub("", prompt.partition(_SHARED)[0])).strip()


def hour_of(prompt: str, motif: str, scene: int, rng: random.Random) -> int:
    """Return the palette to use: 0 or 1 by day, in turn from scene to scene unless its words say which; 2 by night."""
    words = _vocabulary(own_words(prompt))
    chance = rng.choice([0, 1])
    if words & NIGHT or motif == "stars":
        return 2
    return scene % 2 if scene else 1 if words & WARM else chance


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))
