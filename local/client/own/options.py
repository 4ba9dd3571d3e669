"""What may stand on the command line for what of the user's own is kept.

Touches nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal

from local.client.plan.options import Choice

SUMMARY = "list your own pictures, music, fonts and presets, which later videos can have; add one, or delete one"
SETTINGS = "show whether an e-mail tells you when a video is ready, has stopped or can be reviewed; switch it on or off"
ADD = "--add"
Switch = Literal["on", "off"]


def add(command: argparse.ArgumentParser) -> None:
    """Add what may stand behind the command."""
    command.add_argument(
        ADD,
        type=Path,
        metavar="FILE",
        help="keep a picture, clip, music or font, or a preset: a .yaml file, by its name",
    )
    command.add_argument("--delete", metavar="ID", help="delete this one; videos that were made with it stay")
    command.add_argument("--json", action="store_true", help="print them as JSON")


def add_settings(command: argparse.ArgumentParser, choice: Choice) -> None:
    """Add what may stand behind the command of the settings."""
    choice(command, "--mail-at-end", Switch, "switch the e-mail on or off")
    command.add_argument("--json", action="store_true", help="print the settings as JSON")
