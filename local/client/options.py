"""What may stand on the command line, and what is said of anything else.

Touches standard error, and ends the process, when the command line cannot be understood or asks for help.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, get_args

from local.client import agent_options, caption_options, ports, speech_options
from local.client.clips import options as clip_options
from local.client.exit_status import BAD_INPUT
from local.client.own import options as own_options
from local.client.plan import options as plan_options
from local.client.plan.options import number
from shared.choices.words import Aspect, Continuity, Resolution, Style
from shared.models import video_models

API_PORT = 8400
STANDARD_INPUT = Path("/dev/stdin")
PROVIDERS = ("openai", "veo")
FORMATS = "; `reelwright variant` makes 4:5 and 1:1 of a finished video"
MISSING = "the following arguments are required: "
# What the library says of a command line, and what is said instead; the groups are put in.
SENTENCES = (
    (r"argument (--?\w[\w-]*|\w+)(?:/\S+)?: expected .*", "{0} needs a value."),
    (r"argument (?:COMMAND): invalid choice: '(.+?)' \(choose from (.+)\)", "There is no command {0}; see --help."),
    (r"argument (\S+): (.*)", "{0}: {1}"),
    (r"unrecognized arguments: (-\S*).*", "There is no option {0} here, see --help; such a file is written ./{0}."),
    (r"unrecognized arguments: (.*)", "There is no place for {0}; see --help."),
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

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the values as the base does; an empty one is none, whatever it is for."""
        if action.nargs != argparse.PARSER and not all(text.strip() for text in arg_strings):
            raise argparse.ArgumentError(action, "expected a value")
        return super()._get_values(action, arg_strings)  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnknownVariableType]

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
    whole = _Parser(prog="reelwright", description="Turn recordings of speech into short captioned videos.")
    whole.add_argument("--version", action="version", version=f"%(prog)s {version('reelwright')}")
    commands = whole.add_subparsers(required=True, dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_make(_command(commands, "make", "make a short video of each recording"))
    serve = _command(commands, "serve", "run the whole system on this machine, page and API, until Ctrl-C")
    serve.add_argument(
        "--port", type=ports.port, default=API_PORT, help="port of the API, 0 for any free one (default: %(default)s)"
    )
    _add_live(serve)
    _add_data(serve)
    serve.add_argument("--no-keep", action="store_true", help="keep nothing once it ends")
    token = _command(commands, "token", "print an ID token for the API that `serve` runs, for use with curl")
    env = _command(commands, "env", "print shell lines that point AWS tools at the cloud that `serve` runs")
    for command in (token, env):
        command.add_argument(
            "--port", type=ports.served_port, default=API_PORT, help="port of the API (default: %(default)s)"
        )
    _add_user(token)
    agents = _command(commands, "mcp", agent_options.SUMMARY)
    agent_options.add(agents, ports.served_port)
    for add in (_add_user, _add_live, _add_data):
        add(agents)
    _add_library(commands)
    return whole


def _command(commands: Any, name: str, summary: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")


def _add_single(commands: Any) -> list[argparse.ArgumentParser]:
    """Add the commands about one kept video, and return them."""
    show = _command(commands, "show", "print the record of a kept video as JSON")
    deletion = _command(commands, "delete", "delete a kept recording and its videos for good")
    deletion.add_argument("--yes", action="store_true", help="do not ask; delete")
    versions = _command(commands, "versions", "list the finished videos of a kept recording, newest first")
    versions.add_argument("--save", metavar="GENERATION", help="write the files of this one again, into --out")
    versions.add_argument("--delete", metavar="GENERATION", help="delete this one, and leave the others")
    _add_out(versions, "print them as JSON")
    resume = _command(commands, "resume", "resume the generation of a kept video that failed or was interrupted")
    for command in (show, deletion, versions, resume):
        command.add_argument("video", metavar="ID", help="id of the video, as printed by `list`")
    plan_options.add_money(resume)
    _add_out(resume)
    _add_live(resume)
    return [show, deletion, versions, resume]


def _add_library(commands: Any) -> None:
    estimate = _command(commands, "estimate", plan_options.ESTIMATE)
    plan_options.add_estimate(estimate, _add_choice)
    listing = _command(commands, "list", "list the videos kept by `serve` and `make --keep`")
    listing.add_argument("--json", action="store_true", help="print the videos' records as JSON")
    single = _add_single(commands)
    own = _command(commands, "own", own_options.SUMMARY)
    own_options.add(own)
    settings = _command(commands, "settings", own_options.SETTINGS)
    own_options.add_settings(settings, _add_choice)
    plans = {name: _command(commands, name, summary) for name, summary in plan_options.SUMMARIES.items()}
    for command in plans.values():
        command.add_argument("video", metavar="ID", help="id of the video, as printed by `list`")
    plan_options.add(plans, _add_choice)
    many = {name: _command(commands, name, summary) for name, summary in clip_options.SUMMARIES.items()}
    clip_options.add(many, _add_choice)
    _add_live(many["moments"])
    for command in (*(plans[name] for name in plan_options.BUYING), many["clips"], many["variant"]):
        _add_out(command)
        _add_live(command)
    for command in (estimate, listing, *single, own, settings, *plans.values(), *many.values()):
        _add_user(command)
        _add_data(command)


def _add_make(command: argparse.ArgumentParser) -> None:
    recording = "an mp3, mp4, m4a, wav, flac, ogg, webm or amr file; - reads standard input"
    command.add_argument("audio", type=_recording, nargs="+", metavar="RECORDING", help=recording)
    command.add_argument(
        "--prompt", metavar="TEXT", help="what the video should show (default: the planning model decides)"
    )
    command.add_argument(
        "--duration", type=number, metavar="SECONDS", help="length of the video, from 5 to 60 (default: 30)"
    )
    _add_choice(command, "--style", Style, "look of the video (default: cinematic)")
    _add_choice(command, "--aspect", Aspect, "portrait or landscape (default: 9:16)", FORMATS)
    _add_choice(command, "--resolution", Resolution, "size of the picture, where the model sells it (default: 720p)")
    caption_options.add(command, _add_choice)
    _add_choice(
        command,
        "--continuity",
        Continuity,
        "begin each clip freely, where the one before ends, or with the scene's still (default: none)",
    )
    command.add_argument(
        "--language", metavar="CODE", help="language that is spoken, such as en-US (default: detected)"
    )
    speech_options.add(command)
    command.add_argument(
        "--budget",
        type=number,
        metavar="USD",
        help="most that the video may cost; fail before any clip is ordered if it would cost more",
    )
    command.add_argument(
        "--model", metavar="NAME", help=f"{', '.join(video_models.MODELS)} (default: {video_models.DEFAULT_MODEL})"
    )
    plan_options.add_make(command, _add_choice)
    _add_out(command)
    _add_live(command)
    command.add_argument(
        "--keep", action="store_true", help="keep the video, so that `show` and `resume` can use it later"
    )
    _add_data(command)


def _add_out(command: argparse.ArgumentParser, json_help: str = "print the record as JSON, and nothing else") -> None:
    command.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="folder for the results (default: %(default)s)"
    )
    command.add_argument("--force", action="store_true", help="replace results that are already there")
    command.add_argument("--json", action="store_true", help=json_help)


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of the kept videos (default: one in your user data folder)"
    )


def _add_user(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", default="demo", help="user to act as, demo or other (default: %(default)s)")


def _add_choice(command: argparse.ArgumentParser, name: str, kind: Any, help_text: str, others: str = "") -> None:
    values: tuple[str, ...] = get_args(kind)
    command.add_argument(name, type=_among(values, others), metavar=f"{{{','.join(values)}}}", help=help_text)


def _add_live(command: argparse.ArgumentParser) -> None:
    help_text = "providers to use for real, and pay: openai, veo or openai,veo (default: none)"
    command.add_argument("--live", type=_providers, default=(), metavar="PROVIDERS", help=help_text)


def _among(values: tuple[str, ...], others: str) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text not in values:
            raise argparse.ArgumentTypeError(f"there is no {text}; choose from {', '.join(values)}{others}.")
        return text

    return choose


def _providers(text: str) -> tuple[str, ...]:
    providers = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [part for part in providers if part not in PROVIDERS]
    if wrong or not providers:
        raise argparse.ArgumentTypeError(
            f"{(wrong or [text])[0]} is not a provider; choose from {', '.join(PROVIDERS)}."
        )
    return providers


def _recording(text: str) -> Path:
    return STANDARD_INPUT if text == "-" else Path(text)
