"""What may stand on the command line for who speaks.

Touches nothing.
"""

from __future__ import annotations

import argparse

from shared.caption_choices import FEWEST_SPEAKERS, MOST_SPEAKERS

_NUMBERS = range(FEWEST_SPEAKERS, MOST_SPEAKERS + 1)


def add(command: argparse.ArgumentParser) -> None:
    """Add the number of speakers."""
    command.add_argument(
        "--speakers",
        type=_number,
        metavar="N",
        help=f"how many people speak, {_NUMBERS[0]} to {_NUMBERS[-1]}: captions tell them apart (default: nobody is)",
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:4]) in _NUMBERS):
        raise argparse.ArgumentTypeError(
            f"{text} is no number of speakers; give one from {_NUMBERS[0]} to {_NUMBERS[-1]}."
        )
    return int(text)
