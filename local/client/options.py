"""What may stand on the command line, and what is said of anything else.

Touches standard error, and ends the process, when the command line cannot be understood or asks for help.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, get_args

from shared.contracts import Aspect, CaptionMode, Style

BAD_INPUT = 2
API_PORT = 8400
LAST_PORT = 65_535
PROVIDERS = ("openai", "veo")
MISSING = "the following arguments are required: "
# What the library says of a command line, and what is said instead; the groups are put in.
SENTENCES = (
    (r"argument (--?\w[\w-]*|\w+)(?:/\S+)?: expected .*", "{0} needs a value."),
    (r"argument (?:COMMAND): invalid choice: (.+?) \(choose from (.+)\)", "There is no command {0}; choose from {1}."),
    (r"argument (\S+): (.*)", "{0}: {1}"),
    (r"unrecognized arguments: (-\S*).*", "There is no option {0}; a file of such a name is written ./{0}."),
    (r"unrecognized arguments: (.*)", "{0} is too much here."),
    (MISSING + "(.*)", "{0} is missing; see --help."),
    (r"ambiguous option: (\S+) could match (.*)", "{0} may mean {1}; write it out."),
)


class _Parser(argparse.ArgumentParser):
    _arguments: tuple[str, ...] = ()

    # The base's is overloaded.
    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Remember what was asked for, and parse it as the base does."""
        self._arguments = tuple(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one sentence, without the usage text."""
        # A file's name that looks like an option is not counted as the file that is missing then.
        stranger = next((text for text in self._arguments if self._is_strange(text)), "")
        if stranger and message.startswith(MISSING):
            message = f"unrecognized arguments: {stranger}"
        self.exit(BAD_INPUT, f"reelwright: {sentence(message)}\n")

    def _is_strange(self, text: str) -> bool:
        name = text.partition("=")[0]
        return (
            text.startswith("-") and text != "-" and not any(name in action.option_strings for action in self._actions)
        )


def sentence(message: str) -> str:
    """Return what is said instead of the library's `message`."""
    for pattern, words in SENTENCES:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return words.format(*match.groups())
    return "The command line cannot be understood; see --help."


def parser() -> argparse.ArgumentParser:
    """Return the parser; `command` of what it returns names the command."""
    whole = _Parser(prog="reelwright", description="Turn a recording into a short captioned video.")
    whole.add_argument("--version", action="version", version=f"%(prog)s {version('reelwright')}")
    commands = whole.add_subparsers(required=True, dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_make(commands.add_parser("make", help="make a video of each recording"))
    serve = commands.add_parser("serve", help="bring up the embedded cloud with its API until Ctrl-C")
    serve.add_argument("--port", type=_port, default=API_PORT, help="of the API (%(default)s)")
    _add_live(serve)
    _add_data(serve)
    serve.add_argument("--no-keep", action="store_true", help="forget everything at the end")
    token = commands.add_parser("token", help="print an ID token of the cloud that `serve` runs, for curl")
    token.add_argument("--port", type=_port, default=API_PORT, help="of the API (%(default)s)")
    token.add_argument("--user", default="demo", help="demo or other (%(default)s)")
    env = commands.add_parser("env", help="print the lines that point AWS's tools at the cloud that `serve` runs")
    env.add_argument("--port", type=_port, default=API_PORT, help="of the API (%(default)s)")
    _add_library(commands)
    return whole


def _add_library(commands: Any) -> None:
    listing = commands.add_parser("list", help="list the videos that `serve` and `make --keep` have kept")
    listing.add_argument("--json", action="store_true", help="print their records")
    show = commands.add_parser("show", help="print the record of a kept video")
    resume = commands.add_parser("resume", help="go on with a kept video that failed or was broken off")
    for command in (show, resume):
        command.add_argument("video", metavar="ID", help="as `list` prints it")
    resume.add_argument("--order-again", action="store_true", help="order clips again that may have been bought")
    _add_out(resume)
    _add_live(resume)
    for command in (listing, show, resume):
        command.add_argument("--user", default="demo", help="demo or other (%(default)s)")
        _add_data(command)


def _add_make(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "audio", type=Path, nargs="+", metavar="AUDIO", help="mp3, mp4, m4a, wav, flac, ogg, webm or amr"
    )
    command.add_argument("--prompt", help="what the video should show (the planner decides when it is left out)")
    command.add_argument(
        "--duration", type=_number, metavar="SECONDS", help="5 to 60; 15, 30, 45 and 60 are usual (30)"
    )
    _add_choice(command, "--style", Style, "how it looks (cinematic)")
    _add_choice(command, "--aspect", Aspect, "upright or wide (9:16)")
    _add_choice(command, "--captions", CaptionMode, "each word lit, plain lines, or none (words)")
    command.add_argument("--language", metavar="CODE", help="such as en-US (identified when it is left out)")
    command.add_argument("--budget", type=_number, metavar="USD", help="refuse a plan that costs more")
    command.add_argument("--model", help="a Veo model")
    _add_out(command)
    _add_live(command)
    command.add_argument("--keep", action="store_true", help="keep the video, so that later commands can go on with it")
    _add_data(command)


def _add_out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="folder of the results (%(default)s)"
    )
    command.add_argument("--force", action="store_true", help="replace results that are there already")
    command.add_argument("--json", action="store_true", help="print the record, and nothing else, to standard output")


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, metavar="DIR", help="folder of what is kept (one in your data folder)")


def _add_choice(command: argparse.ArgumentParser, name: str, kind: Any, help_text: str) -> None:
    values: tuple[str, ...] = get_args(kind)
    command.add_argument(name, type=_among(values), metavar=f"{{{','.join(values)}}}", help=help_text)


def _add_live(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--live", type=_providers, default=(), metavar="PROVIDERS", help="use openai, veo or both for real"
    )


def _among(values: tuple[str, ...]) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text not in values:
            raise argparse.ArgumentTypeError(f"there is no {text}; choose from {', '.join(values)}.")
        return text

    return choose


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text or 'nothing'} is not a number.")
    return number


def _providers(text: str) -> tuple[str, ...]:
    providers = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [part for part in providers if part not in PROVIDERS]
    if wrong:
        raise argparse.ArgumentTypeError(f"{wrong[0]} is not a provider; choose from {', '.join(PROVIDERS)}.")
    return providers


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port; choose one from 0 (any) to {LAST_PORT}.")
    return int(text)
