"""Ports on the command line.

Touches nothing.
"""

from __future__ import annotations

import argparse

LAST_PORT = 65_535


def port(text: str, first: str = "0 (any free one)") -> int:
    """Return the port that the text names, `first` being the first that may be; raise ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PORT)) and int(text) <= LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is not a port; choose one from {first} to {LAST_PORT}.")
    return int(text)


def served_port(text: str) -> int:
    """Return the port of something that runs; raise ArgumentTypeError."""
    number = port(text, "1")
    if number == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a port; choose the one that `serve` has printed.")
    return number
