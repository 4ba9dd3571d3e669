"""What may stand on the command line for plans, takes and runs.

Touches nothing.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.choices.words import Aspect, Continuity, Resolution, VideoGoal
from shared.models import video_models

Choice = Callable[[argparse.ArgumentParser, str, Any, str], None]
GOAL = "how far to go: the plan, a drawn draft, a video of stills, or the video (default: video)"
# The commands: what each is for. Those that buy end with a video, as `make` does.
SUMMARIES = {
    "plan": "show the plan of a kept video, with the price of each scene and of the whole",
    "edit": "change the plan of a kept video, in your editor or by options; this buys nothing",
    "run": "make what the plan of a kept video needs and what is not there yet",
    "retake": "make one scene of a kept video anew; its earlier takes stay",
    "takes": "list the takes of each scene of a kept video, newest first",
    "use": "show an earlier take of a scene again, for nothing",
    "posts": "print the words to post a kept video with, as each platform takes them",
    "words": "list the words of a kept video, with how sure each is, and correct them",
    "export": "write everything that a kept video is edited on with into one zip, with a timeline for editors",
}
ESTIMATE = "say what a video will cost with each model, and as far as each goal; this buys nothing"
BUYING = ("run", "retake")


def number(text: str) -> float:
    """Return the number in the text; raise ArgumentTypeError when it is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text} is not a number.")
    return value


def add_make(command: argparse.ArgumentParser, choice: Choice) -> None:
    """Add to `make` own pictures and music, how far it goes, and the review of the plan before a clip is bought."""
    add_pictures(command)
    add_music(command)
    command.add_argument(
        "--preset",
        metavar="NAME|FILE.yaml",
        help="what is not said here, as a stored preset has it, or a file of NAME: VALUE lines such as style: animated",
    )
    add_goal(command, choice)
    command.add_argument(
        "--review", action="store_true", help="show the plan and its price, open it in $EDITOR, and ask before going on"
    )
    command.add_argument("--yes", action="store_true", help="do not ask; go on")
    command.add_argument(
        "--clips", type=number, metavar="N", help="look for the best moments of a long recording, and make N videos"
    )


def add_estimate(command: argparse.ArgumentParser, choice: Choice) -> None:
    """Add what the price depends on."""
    command.add_argument(
        "audio", type=Path, nargs="?", metavar="RECORDING", help="a recording (default: one as long as the video)"
    )
    command.add_argument(
        "--duration", type=number, metavar="SECONDS", help="length of the video, from 5 to 60 (default: 30)"
    )
    choice(command, "--aspect", Aspect, "portrait or landscape (default: 9:16)")
    choice(command, "--resolution", Resolution, "size of the picture, where the model sells it (default: 720p)")
    choice(command, "--continuity", Continuity, "what each clip begins with (default: none)")
    command.add_argument("--budget", type=number, metavar="USD", help="most that the video may cost")
    command.add_argument(
        "--model", metavar="NAME", help=f"{', '.join(video_models.MODELS)} (default: {video_models.DEFAULT_MODEL})"
    )
    command.add_argument("--json", action="store_true", help="print the estimate as JSON, and nothing else")


def add_pictures(command: argparse.ArgumentParser) -> None:
    """Add the pictures and clips of the user's own."""
    command.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help="pictures and clips of your own for the scenes, by their names, again from the first where they are too "
        "few: nothing is bought for a scene that shows one",
    )
    command.add_argument(
        "--image",
        action="append",
        default=[],
        metavar="SCENE=FILE[:USE]",
        help="one for a scene: still (moves slowly), clip (cut to the scene), first_frame (the model's clip begins "
        "with it) or reference (the model shows what is in it); may be repeated",
    )


def add_music(command: argparse.ArgumentParser) -> None:
    """Add the music under the voice."""
    command.add_argument(
        "--music", type=Path, metavar="FILE", help="music to lie under the voice, low while somebody speaks"
    )


def add_goal(command: argparse.ArgumentParser, choice: Choice) -> None:
    """Add how far the command goes."""
    choice(command, "--goal", VideoGoal, GOAL)
    command.add_argument("--draft", action="store_const", const="draft", dest="goal", help="the same as --goal draft")


def add(commands: dict[str, argparse.ArgumentParser], choice: Choice) -> None:
    """Add to each of the commands, by name, what is its own; what all of a store have is not among it."""
    for name in ("retake", "use"):
        commands[name].add_argument("scene", metavar="SCENE", help="number or id of the scene, as `plan` shows it")
    commands["use"].add_argument("take", metavar="TAKE", help="id of the take, as printed by `takes`")
    _add_edit(commands["edit"])
    _add_words(commands["words"])
    _add_export(commands["export"])
    commands["plan"].add_argument("--yaml", action="store_true", help="print it as `edit` has it, for `edit --from`")
    for name in ("plan", "edit", "takes", "use", "posts"):
        commands[name].add_argument("--json", action="store_true", help="print the plan as JSON, and nothing else")
    add_goal(commands["run"], choice)
    commands["run"].add_argument(
        "--revision", type=int, metavar="NUMBER", help="run only if the plan is at this revision, as `plan` shows it"
    )
    retake = commands["retake"]
    retake.add_argument("--prompt", metavar="TEXT", help="what the scene shows instead (default: as it was)")
    retake.add_argument("--model", metavar="NAME", help=f"{', '.join(video_models.MODELS)} (default: the plan's)")
    retake.add_argument("--still", action="store_true", help="a still instead of a clip")
    retake.add_argument("--yes", action="store_true", help="do not ask; buy what the other scenes lack, too")
    for name in BUYING:
        add_money(commands[name])


def add_money(command: argparse.ArgumentParser) -> None:
    """Add how much may be spent, and whether what may have been paid for is ordered again."""
    command.add_argument(
        "--budget", type=number, metavar="USD", help="most that the video may cost, what it has cost included"
    )
    command.add_argument(
        "--order-again", action="store_true", help="order clips again that may already have been paid for"
    )


def _add_words(words: argparse.ArgumentParser) -> None:
    options = {
        "--set": ("NUMBER=TEXT", "correct a word; several in place of one share its time (may be repeated)"),
        "--join": ("NUMBER", "join a word with the next one"),
        "--delete": ("NUMBER", "delete a word that nobody said"),
    }
    for name, (metavar, summary) in options.items():
        words.add_argument(name, action="append", default=[], metavar=metavar, help=summary)
    words.add_argument("--json", action="store_true", help="print them as JSON, and nothing else")


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--out",
        type=Path,
        default=Path("out"),
        metavar="DIR|FILE.zip",
        help="folder, or name, of the zip (default: %(default)s)",
    )
    export.add_argument("--force", action="store_true", help="replace a zip that is already there")


def _add_edit(edit: argparse.ArgumentParser) -> None:
    add_pictures(edit)
    add_music(edit)
    edit.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a field: style, continuity, music, look.place, 2.prompt, … (may be repeated)",
    )
    edit.add_argument("--split", action="append", default=[], metavar="SCENE@SECONDS", help="cut a scene in two there")
    edit.add_argument("--merge", action="append", default=[], metavar="SCENE", help="merge a scene with the next one")
    edit.add_argument("--from", type=Path, dest="file", metavar="FILE", help="a plan that `plan --yaml` has printed")
