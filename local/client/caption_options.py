"""What may stand on the command line for the captions in the picture.

Touches nothing.
"""

from __future__ import annotations

import argparse
import re
from typing import get_args

from local.client.own import font_files
from local.client.plan.options import Choice
from shared.choices.words import (
    OWN_FONT_PATTERN,
    CaptionFont,
    CaptionLanguage,
    CaptionMode,
    CaptionPlatform,
    CaptionPosition,
    CaptionSize,
)

AI_LABEL = "AI-generated"
_FONTS = get_args(CaptionFont)
_LANGUAGES = tuple(code for code in get_args(CaptionLanguage) if code)


def add(command: argparse.ArgumentParser, choice: Choice) -> None:
    """Add the look of the captions, and what it is varied by."""
    choice(command, "--captions", CaptionMode, "look of the captions, or none (default: words)")
    choice(command, "--caption-position", CaptionPosition, "where they stand in the picture (default: bottom)")
    choice(
        command, "--caption-platform", CaptionPlatform, "app whose buttons the captions keep clear of (default: none)"
    )
    choice(command, "--caption-size", CaptionSize, "size of the letters (default: medium)")
    command.add_argument(
        "--caption-font",
        type=_font,
        metavar="FONT|FILE.ttf",
        help=f"font of the letters: {', '.join(_FONTS)}, or a TTF or OTF file (default: look, the look's own)",
    )
    for name, what in {"color": "the text", "highlight": "the spoken word, or of its box"}.items():
        command.add_argument(
            f"--caption-{name}", type=color, metavar="RRGGBB", help=f"colour of {what} (default: the look's own)"
        )
    command.add_argument(
        "--caption-language",
        type=_language,
        metavar="CODE",
        help="language that the captions are translated into, such as es (default: as they are spoken)",
    )
    _add_marks(command)


def _add_marks(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--mask-profanity",
        action="store_const",
        const="masked",
        dest="caption_profanity",
        help="mask strong language in the captions",
    )
    command.add_argument(
        "--hook-card",
        action="store_const",
        const=True,
        dest="caption_hook",
        help="show the hook of the words to post with on a card over the first second",
    )
    command.add_argument(
        "--ai-label",
        nargs="?",
        const=AI_LABEL,
        dest="caption_label",
        metavar="TEXT",
        help=f"write in a corner of every scene that a model has made (default without a text: {AI_LABEL})",
    )


def _language(text: str) -> str:
    if text not in _LANGUAGES:
        raise argparse.ArgumentTypeError(
            f"captions are not translated into {text}; choose from {', '.join(_LANGUAGES)}."
        )
    return text


def _font(text: str) -> str:
    if text not in _FONTS and not font_files.is_file(text) and not re.fullmatch(OWN_FONT_PATTERN, text):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(_FONTS)}, or name a .ttf or .otf file, not {text}.")
    return text


def color(text: str) -> str:
    """Return a colour as the API has it: a shell takes # for the beginning of a comment, so that it may be left out."""
    if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no colour; write it as six digits, such as FFE600")
    return f"#{text.removeprefix('#')}"
