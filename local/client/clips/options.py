"""What may stand on the command line for moments, clips, formats and links.

Touches nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from local.client import caption_options
from local.client.plan.options import Choice, number
from shared.choices.words import Aspect, Continuity, Resolution, Shape, Style, VideoGoal
from shared.recordings.limits import MOST_MOMENTS

SUMMARIES = {
    "moments": "look for the best moments of a kept recording, or list those that were chosen",
    "variant": "make a finished video of the library in another format, of the same clips: none is bought",
    "link": "print a link by which whoever has it watches a finished video of the library, or take it back",
    "clips": "make a video of each of several moments, or excerpts, of a kept recording",
}


def add(commands: Mapping[str, argparse.ArgumentParser], choice: Choice) -> None:
    """Add what may stand on the command line."""
    for command in commands.values():
        command.add_argument("video", metavar="ID", help="id of the video, as printed by `list`")
    moments = commands["moments"]
    moments.add_argument(
        "--count", type=number, metavar="N", help=f"look for so many, from 1 to {MOST_MOMENTS}, and buy what it takes"
    )
    moments.add_argument("--duration", type=number, metavar="SECONDS", help="about how long each is (default: 30)")
    moments.add_argument("--prompt", metavar="TEXT", help="what to look for")
    moments.add_argument(
        "--language", metavar="CODE", help="language that is spoken, such as en-US (default: detected)"
    )
    moments.add_argument("--json", action="store_true", help="print them as JSON")
    variant = commands["variant"]
    choice(variant, "--format", Shape, "shape of the picture")
    variant.add_argument("--caption-language", metavar="LANGUAGE", help="translate the captions, such as es")
    variant.add_argument("--preset", metavar="NAME", help="whose captions, logo, intro and outro it has")
    link = commands["link"]
    link.add_argument(
        "--version",
        metavar="GENERATION",
        help="which of its finished videos, as `versions` lists them (default: newest)",
    )
    link.add_argument("--take-back", action="store_true", help="show nothing there any more")
    clips = commands["clips"]
    clips.add_argument(
        "which",
        nargs="+",
        metavar="MOMENT|START-END",
        help="moments by their ids, or excerpts in seconds: m1 m3 or 12-40",
    )
    choice(clips, "--goal", VideoGoal, "how far to go (default: video)")
    _add_looks(clips, choice)
    clips.add_argument("--again", action="store_true", help="make those once more that are there by the same wishes")
    clips.add_argument("--model", metavar="NAME", help="video model of all of them")
    clips.add_argument("--budget", type=number, metavar="USD", help="most that all of them may cost together")


def _add_looks(clips: argparse.ArgumentParser, choice: Choice) -> None:
    clips.add_argument(
        "--prompt", metavar="TEXT", help="what the videos should show (default: the planning model decides)"
    )
    choice(clips, "--style", Style, "look of the videos (default: cinematic)")
    choice(clips, "--aspect", Aspect, "portrait or landscape (default: 9:16)")
    choice(clips, "--resolution", Resolution, "size of the picture, where the model sells it (default: 720p)")
    choice(clips, "--continuity", Continuity, "how each clip begins (default: none)")
    caption_options.add(clips, choice)
    clips.add_argument("--preset", metavar="NAME", help="what is not said here, as a stored preset has it")
