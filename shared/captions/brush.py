"""A look as ASS writes it: the styles at a document's head, and the tags about a row and about the spoken word.

Pure functions, touches nothing; sizes are pixels of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shared.captions import areas
from shared.captions.areas import CaptionPlace, Size
from shared.captions.face import Face
from shared.captions.faces import FONTS
from shared.captions.looks import LOOKS, SIZES, CaptionLook
from shared.captions.names import color_of
from shared.choices.captions import CaptionStyle

_SHORT_SIDE = 720
# The em of a label, and how much of it its outline is, in parts of the picture's shorter side and of the em.
LABEL_EM = 0.035
_LABEL_EDGE = 0.1
# The margin of a spoken word's box: how many of it an em holds.
_BOX_IN_EM = 10
# A burst begins at this percentage of the size, and takes as many milliseconds.
_BURST = (70, 90)
_HEADER = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
{styles}
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
_STYLE = (
    "Style: {name},{font},{size},{primary},{secondary},{edge},&H80000000,0,0,0,0,100,100,0,0,{border},{outline},"
    "{shadow},{alignment},{side},{side},{vertical},-1\n"
)


@dataclass(frozen=True)
class Brush:
    """A look in a style's colours and size, for a frame of `size` pixels and a text in `language` of a `speaker`.

    `own_face` is that of a font of the user's own, which the style asks for.
    """

    look: CaptionLook
    style: CaptionStyle
    size: Size
    language: str = ""
    speaker: str = ""
    own_face: Face | None = None

    @cached_property
    def em(self) -> int:
        """The em in pixels, of a text that is not too wide for it."""
        width, height = self.size
        return round(self.look.em[width > height] * SIZES[self.style.size] * min(self.size) / _SHORT_SIDE)

    @cached_property
    def place(self) -> CaptionPlace:
        """Where the text stands."""
        return areas.place(self.size, self.style)

    @cached_property
    def room(self) -> float:
        """The widest that a row may be, in em."""
        return self.size[0] * (1 - 2 * self.place.side) / self.em

    @property
    def overhang(self) -> int:
        """How far boxes reach beyond the rows, in pixels: their rows stand as much further from what is kept clear."""
        if self.look.row_box:
            return round(self.em / self.look.edge_in_em)
        return round(self.em / _BOX_IN_EM) if self.look.word_box else 0

    @property
    def face(self) -> Face:
        """The face of the letters that it covers: the user's own, the style's, or the look's."""
        return self.own_face or FONTS.get(self.style.font, self.look.face)

    @property
    def text(self) -> str:
        """The colour of words that are not spoken."""
        own = color_of(self.speaker) if self.look.by_speaker else ""
        return own or self.style.color or self.look.text

    @property
    def accent(self) -> str:
        """The colour of the spoken word, or of the box behind it where there is one."""
        return self.style.highlight or self.look.word_box or self.look.accent or self.text

    @property
    def opening(self) -> str:
        """The tags before the first row."""
        point = self.place.point
        tags = rf"\an5\pos({point[0]},{point[1]})" if point else ""
        if self.look.by_speaker:
            tags += rf"\c{inline_color(self.text)}"
        if self.look.bursts_in:
            percent, milliseconds = _BURST
            tags += rf"\fscx{percent}\fscy{percent}\t(0,{milliseconds},\fscx100\fscy100)"
        return f"{{{tags}}}" if tags else ""

    def row_start(self, em: float) -> str:
        """Return the tags before a row whose em has as many pixels."""
        sizes = self._sizes(em, self.look.edge_in_em)
        if self.look.grows == 100:  # noqa: PLR2004  a percentage
            return f"{{{sizes}}}"
        # A hair of a space as tall as the highlight keeps the rows from jumping when the highlight moves between them.
        return rf"{{{sizes}\fscx1\fscy{self.look.grows}}}\h{{\fscx100\fscy100}}"

    def set_off(self, word: str, em: float) -> str:
        """Return the spoken word between the tags that set it off, and those that end it."""
        if self.look.word_box:
            first = r"\rSpoken" + self._sizes(em, _BOX_IN_EM)
            last = r"\r" + self._sizes(em, self.look.edge_in_em)
            return f"{{{first}}}{word}{{{last}}}"
        grows = self.look.grows
        fill, hollow = (r"\1a&H00&", r"\1a&HFF&") if self.look.is_hollow else ("", "")
        scale, back = ("", "") if grows == 100 else (rf"\fscx{grows}\fscy{grows}", r"\fscx100\fscy100")  # noqa: PLR2004
        return rf"{{\c{inline_color(self.accent)}{fill}{scale}}}{word}{{\c{inline_color(self.text)}{hollow}{back}}}"

    def _sizes(self, em: float, in_em: float) -> str:
        return rf"\fs{em * self.face.line_height:.0f}\bord{em / in_em:.1f}"


def header(brush: Brush) -> str:
    """Return the head of the document, with its styles."""
    width, height = brush.size
    styles = _caption_style(brush) + (_spoken_style(brush) if brush.look.word_box else "")
    if brush.style.label:
        styles += _label_style(label_brush(brush.style, brush.size))
    return _HEADER.format(width=width, height=height, styles=styles)


def label_brush(style: CaptionStyle, size: Size) -> Brush:
    """Return the look of a label, which is plain whatever that of the captions is."""
    return Brush(LOOKS["words"], CaptionStyle(label=style.label), size)


def _label_style(brush: Brush) -> str:
    em = min(brush.size) * LABEL_EM
    return plain_style("Label", brush.face, em, round(em * _LABEL_EDGE, 1))


def plain_style(name: str, face: Face, em: float, outline: float) -> str:
    """Return a style of white letters with a black outline, for what is no caption."""
    return _STYLE.format(
        name=name,
        font=face.name,
        size=round(em * face.line_height),
        primary=_color("#FFFFFF"),
        secondary=_color("#FFFFFF"),
        edge=_color("#000000"),
        border=1,
        outline=outline,
        shadow=0,
        alignment=7,
        side=0,
        vertical=0,
    )


def _caption_style(brush: Brush) -> str:
    look = brush.look
    is_filled = look.motion == "filled"
    return _style(
        brush,
        name="Caption",
        primary=_color(brush.accent if is_filled else brush.text, is_hidden=look.is_hollow),
        secondary=_color(brush.text),
        edge=_color(brush.text if look.is_hollow else look.edge),
        border=3 if look.row_box else 1,
        outline=round(brush.em / look.edge_in_em),
        shadow=0 if look.row_box or look.is_hollow else 2,
    )


def _spoken_style(brush: Brush) -> str:
    """Return the style of the word in a box, which has the box's colour for its outline."""
    return _style(
        brush,
        name="Spoken",
        primary=_color(brush.text),
        secondary=_color(brush.text),
        edge=_color(brush.accent),
        border=3,
        outline=round(brush.em / _BOX_IN_EM),
        shadow=0,
    )


def _style(brush: Brush, **values: str | int) -> str:
    place = brush.place
    return _STYLE.format(
        font=brush.face.name,
        size=round(brush.em * brush.face.line_height),
        alignment=place.alignment,
        side=round(brush.size[0] * place.side),
        vertical=place.vertical + brush.overhang,
        **values,
    )


def _color(color: str, *, is_hidden: bool = False) -> str:
    return f"&H{'FF' if is_hidden else '00'}{_blue_first(color)}"


def inline_color(color: str) -> str:
    """Return #RRGGBB as a tag has it."""
    return f"&H{_blue_first(color)}&"


def _blue_first(color: str) -> str:
    """Return #RRGGBB as ASS has it, BBGGRR."""
    return (color[5:7] + color[3:5] + color[1:3]).upper()
