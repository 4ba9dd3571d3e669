"""What may stand on the command line of `reelwright mcp`.

Touches nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

SUMMARY = "let an AI agent make and edit videos, by the Model Context Protocol; docs/agents.md says how it is set up"


def add(command: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
    """Add the options to the command; `port` reads one that can be served on."""
    command.add_argument(
        "--http", type=port, metavar="PORT", help="serve on this port of loopback (default: standard input and output)"
    )
    command.add_argument(
        "--url",
        metavar="URL",
        help="API of a deployment, with an ID token in REELWRIGHT_TOKEN (default: this machine's)",
    )
