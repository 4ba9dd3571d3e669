"""Keep the looks a storyboard can have, as data, and find the one a prompt asks for.

Touches nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`: sky from top to horizon, light, land from far to near, dust in the air."""

    sky: tuple[str, str, str]
    light: str
    land: tuple[str, str, str, str]
    dust: str


@dataclass(frozen=True)
class Style:
    """One look: its type, its palettes (two for day, one for night) and how its layers are finished.

    `grain` is noise strength and share, `far_blur` and `near_blur` are pixels, `letters` is the mean width of a
    letter by the font size, `bar` is the height in pixels of the black bars.
    """

    font: str
    letters: float
    palettes: tuple[Palette, Palette, Palette]
    glows: bool = True
    grain: tuple[int, float] = (5, 0.35)
    flat: bool = False
    mist: bool = False
    far_blur: float = 0.0
    near_blur: float = 0.0
    soft_edge: float = 0.0
    vignette: float = 0.0
    scrim: float = 0.46
    bar: int = 0


STYLES = {
    "realistic": Style(
        font="Manrope ExtraBold",
        letters=0.41,
        mist=True,
        far_blur=1.6,
        near_blur=2.6,
        vignette=0.7,
        palettes=(
            Palette(
                ("#8fb3cc", "#c4d6df", "#f4e4cc"),
                "#fff3d6",
                ("#b3c2c7", "#8aa0a3", "#5c7571", "#32463f"),
                "#ffffff",
            ),
            Palette(
                ("#6f8fae", "#d9b99b", "#f6d9a8"),
                "#ffe2a8",
                ("#b29a96", "#8b7779", "#5d5159", "#2f2b36"),
                "#ffe9c4",
            ),
            Palette(
                ("#16233b", "#2b4263", "#5f7a96"),
                "#e8f0ff",
                ("#4c6580", "#354b63", "#223447", "#121d29"),
                "#dce9ff",
            ),
        ),
    ),
    "cinematic": Style(
        font="Lato Black",
        letters=0.40,
        mist=True,
        far_blur=1.6,
        near_blur=2.6,
        vignette=1.15,
        bar=44,
        palettes=(
            Palette(
                ("#08161f", "#1b4650", "#f0a35c"),
                "#ffc27a",
                ("#8a6a55", "#355059", "#16303a", "#060f15"),
                "#ffcf8f",
            ),
            Palette(
                ("#0d0f24", "#3b2a55", "#e8735a"),
                "#ffb199",
                ("#7c4a63", "#472f55", "#241b38", "#0b0917"),
                "#ffb59e",
            ),
            Palette(
                ("#03080f", "#0d2a3d", "#3f8896"),
                "#bff4f2",
                ("#2f6a77", "#1b4551", "#0d2731", "#040c11"),
                "#c9fbff",
            ),
        ),
    ),
    "animated": Style(
        font="Fredoka One",
        letters=0.46,
        glows=False,
        grain=(0, 0.0),
        flat=True,
        scrim=0.26,
        palettes=(
            Palette(
                ("#3db7f0", "#8ddcf9", "#e4f8ff"),
                "#ffe45e",
                ("#b5e48c", "#76c893", "#34a0a4", "#1a759f"),
                "#ffffff",
            ),
            Palette(
                ("#7b6cf6", "#ff9bd2", "#ffe0a3"),
                "#fff2a8",
                ("#ffb3c6", "#c77dff", "#7b2cbf", "#3c096c"),
                "#fff0fa",
            ),
            Palette(
                ("#1b1464", "#4834d4", "#8c7ae6"),
                "#fff6c2",
                ("#6c5ce7", "#4b3fbf", "#30288f", "#1a1559"),
                "#fff6c2",
            ),
        ),
    ),
    "artistic": Style(
        font="Source Serif Pro Semibold",
        letters=0.40,
        grain=(16, 0.55),
        soft_edge=2.2,
        vignette=0.35,
        scrim=0.62,
        palettes=(
            Palette(
                ("#f7ede2", "#f5cac3", "#f6bd60"),
                "#fff8ec",
                ("#e8b4a8", "#c98f8a", "#84a59d", "#4d6a6d"),
                "#ffffff",
            ),
            Palette(
                ("#e0fbfc", "#c2dfe3", "#f3d5c0"),
                "#ffffff",
                ("#b8c8cf", "#9db4c0", "#5c6b73", "#33454e"),
                "#ffffff",
            ),
            Palette(
                ("#2e294e", "#6c4a77", "#d9a5b3"),
                "#ffe5d9",
                ("#a97c9f", "#7b5a86", "#4b3b66", "#2a2344"),
                "#ffe5d9",
            ),
        ),
    ),
}
DEFAULT = "cinematic"

_NAMES = "|".join(STYLES)
# A sentence "Style: …" outranks a style's name used in passing.
_ASKED = (re.compile(rf"style:\s*({_NAMES})", re.IGNORECASE), re.compile(rf"\b({_NAMES})\b", re.IGNORECASE))


def style_of(prompt: str) -> str:
    """Return the name of the style that the prompt asks for, or the default."""
    first_match = next((match for pattern in _ASKED if (match := pattern.search(prompt))), None)
    return first_match[1].lower() if first_match else DEFAULT
