"""What may stand on the command line for what is said in a recording: who speaks, and transcripts of the user's own.

Touches nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from shared.choices.words import FEWEST_SPEAKERS, MOST_SPEAKERS

_NUMBERS = range(FEWEST_SPEAKERS, MOST_SPEAKERS + 1)


def add(command: argparse.ArgumentParser) -> None:
    """Add the number of speakers, and what names transcripts."""
    command.add_argument(
        "--speakers",
        type=_number,
        metavar="N",
        help=f"how many people speak, {_NUMBERS[0]} to {_NUMBERS[-1]}: captions tell them apart (default: nobody is)",
    )
    _add_transcripts(command)


def _add_transcripts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--transcript",
        type=Path,
        metavar="FILE",
        help="SRT, VTT or plain text of what is said: with times nothing is transcribed, without them captions show it",
    )
    command.add_argument(
        "--transcript-beside",
        action="store_true",
        help="use the NAME.srt, NAME.vtt or NAME.txt that lies beside each recording",
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:4]) in _NUMBERS):
        raise argparse.ArgumentTypeError(
            f"{text} is no number of speakers; give one from {_NUMBERS[0]} to {_NUMBERS[-1]}."
        )
    return int(text)
