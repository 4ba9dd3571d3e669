"""`reelwright`: make videos on this machine, or serve the whole system until Ctrl-C.

Touches what the commands touch; exit status 0 done, 1 the generation failed, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from rich.console import Console

from local import make, several
from local.api_client import ApiClient, ApiError
from local.progress import for_console
from shared.contracts import Aspect, CaptionMode, Style
from shared.errors import ReelwrightError
from shared.views import VideoView

if TYPE_CHECKING:
    from local.studio import Studio

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
API_PORT = 8400
LAST_PORT = 65_535
PROVIDERS = ("openai", "veo")
STOPS = (signal.SIGINT, signal.SIGTERM)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one sentence, without the usage text."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    chosen = _parser().parse_args(arguments)
    for number in STOPS:
        signal.signal(number, _interrupt)
    try:
        return chosen.command(chosen)
    except KeyboardInterrupt:
        return _say("interrupted; everything that was started is stopped.", INTERRUPTED)
    except (make.GenerationFailed, ApiError) as error:
        return _say(str(error), _status(error))
    except ReelwrightError as error:
        return _say(str(error), BAD_INPUT)
    except OSError as error:
        return _say(_reason(error), BAD_INPUT)


def _make(chosen: argparse.Namespace) -> int:
    jobs = [make.Job(audio, _choices(chosen), chosen.out) for audio in chosen.audio]
    make.check_choices(jobs[0].choices, local_speech=True)
    several.check_names(jobs)
    for job in jobs:
        make.check_recording(job.recording)
        make.check_folder(job)
    with for_console(Console(stderr=True)) as progress:
        progress.say("Starting the embedded cloud …")
        with _studio(chosen.live) as studio:
            progress.say("")
            api = ApiClient(studio.cloud.api_url, studio.token())
            if len(jobs) == 1:
                outcomes = [several.Outcome(jobs[0], make.run(jobs[0], api, progress))]
            else:
                outcomes = several.run_all(jobs, api, progress)
    return _tell(outcomes, as_json=chosen.json)


def _tell(outcomes: Sequence[several.Outcome], *, as_json: bool) -> int:
    """Print what came of each; return the worst exit status, a failure before bad input."""
    made = [(one.job, one.result) for one in outcomes if isinstance(one.result, VideoView)]
    for job, record in made:
        about = "" if len(outcomes) == 1 else f"{job.name}: "
        for note in record.ai_generation_data.degraded if record.ai_generation_data else ():
            print(f"note: {about}{note}", file=sys.stderr)
        if not as_json:
            print(job.out / f"{job.name}.mp4")
    if as_json:
        records = [record for _, record in made]
        print(make.record_json(records[0] if len(outcomes) == 1 else records))
    failed = [(one.job.name, one.result) for one in outcomes if not isinstance(one.result, VideoView)]
    worst = [_say(f"{name}: {error}", _status(error)) for name, error in failed]
    return min(worst, default=DONE)


def _serve(chosen: argparse.Namespace) -> int:
    from local import site

    with _studio(chosen.live, api_port=chosen.port) as studio:
        cloud = studio.cloud
        print(f"Page          {site.mount(cloud, preview=not chosen.live)}")
        print(f"API           {cloud.api_url}")
        print(f"AWS endpoint  {cloud.endpoint_url}  (AWS_ENDPOINT_URL; any key, region us-east-1)")
        print(f"Machine       {cloud.outputs['StateMachineArn']}")
        print("Ctrl-C stops it.", flush=True)
        threading.Event().wait()
    return DONE


def _token(chosen: argparse.Namespace) -> int:
    from local.sign_in import id_token

    print(id_token(chosen.port, chosen.user))
    return DONE


def _studio(live: Sequence[str], api_port: int = 0) -> Studio:
    # Importing moto takes seconds: bad input is refused, and help given, without it.
    from local.studio import Studio

    # An execution may outlive the cloud by a moment, and would tell that it is gone.
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    return Studio(live, api_port=api_port)


def _choices(chosen: argparse.Namespace) -> dict[str, Any]:
    wanted = {
        "prompt": chosen.prompt,
        "targetDuration": chosen.duration,
        "style": chosen.style,
        "aspectRatio": chosen.aspect,
        "captions": chosen.captions,
        "languageCode": chosen.language,
        "budget": chosen.budget,
        "model": chosen.model,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="reelwright", description="Turn a recording into a short captioned video.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('reelwright')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_make(commands.add_parser("make", help="make a video of each recording"))
    serve = commands.add_parser("serve", help="bring up the embedded cloud with its API until Ctrl-C")
    serve.set_defaults(command=_serve)
    serve.add_argument("--port", type=_port, default=API_PORT, help="of the API (%(default)s)")
    _add_live(serve)
    token = commands.add_parser("token", help="print an ID token of the cloud that `serve` runs, for curl")
    token.set_defaults(command=_token)
    token.add_argument("--port", type=_port, default=API_PORT, help="of the API (%(default)s)")
    token.add_argument("--user", default="demo", help="demo or other (%(default)s)")
    return parser


def _add_make(one: argparse.ArgumentParser) -> None:
    one.set_defaults(command=_make)
    one.add_argument("audio", type=Path, nargs="+", metavar="AUDIO", help="mp3, mp4, m4a, wav, flac, ogg, webm or amr")
    one.add_argument("--prompt", help="what the video should show (the planner decides when it is left out)")
    one.add_argument("--duration", type=float, metavar="SECONDS", help="5 to 60; 15, 30, 45 and 60 are usual (30)")
    one.add_argument("--style", choices=get_args(Style), help="how it looks (cinematic)")
    one.add_argument("--aspect", choices=get_args(Aspect), help="upright or wide (9:16)")
    one.add_argument("--captions", choices=get_args(CaptionMode), help="each word lit, plain lines, or none (words)")
    one.add_argument("--language", metavar="CODE", help="such as en-US (identified when it is left out)")
    one.add_argument("--budget", type=float, metavar="USD", help="refuse a plan that costs more")
    one.add_argument("--model", help="a Veo model")
    one.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="folder of the results (%(default)s)")
    one.add_argument("--json", action="store_true", help="print the record, and nothing else, to standard output")
    _add_live(one)


def _add_live(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--live", type=_providers, default=(), metavar="PROVIDERS", help="use openai, veo or both for real"
    )


def _providers(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [part for part in chosen if part not in PROVIDERS]
    if wrong:
        raise argparse.ArgumentTypeError(f"{wrong[0]} is not a provider; choose from {', '.join(PROVIDERS)}")
    return chosen


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port; choose one from 0 (any) to {LAST_PORT}")
    return int(text)


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "The port is in use; choose another with --port."
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)


def _status(error: make.GenerationFailed | ApiError) -> int:
    server_errors = 500
    by_input = error.status < server_errors if isinstance(error, ApiError) else error.by_input
    return BAD_INPUT if by_input else FAILED


def _say(message: str, status: int) -> int:
    print(f"reelwright: {message}", file=sys.stderr)
    return status


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    # A second one would break off the stopping of what was started.
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
