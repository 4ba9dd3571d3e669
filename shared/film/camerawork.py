"""Read out of a scene's prompt how it is to be shot: how close, and how the camera moves.

Values only; touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

Framing = Literal["wide", "medium", "close", "detail"]
Move = Literal["push in", "pull out", "pan left", "pan right", "tilt up", "tilt down", "orbit", "hold"]

_Name = TypeVar("_Name", bound=str)

# What a plan says of all scenes alike begins so: people, place, palette, style and format.
_SHARED = re.compile(r"(?:^|\s)(?:People|Place|Palette|Style): ")
# Who moves when a camera does; plain verbs mean it only after one of these, in the same sentence.
_CAMERA = r"\b(?:camera|shot|view|lens|frame|dolly|drone)\b[^.!?;]*?"
_SIDE = r"(?: \w+)?(?: to| towards?)?(?: the)? "
_TERMS: dict[Move, str] = {
    "push in": r"push(?:es|ing)?[ -]in|zoom(?:s|ing)?[ -]in|doll(?:y|ies|ying)[ -](?:in|forward)|track(?:s|ing)? in",
    "pull out": r"pull(?:s|ing)?[ -](?:back|out|away)|zoom(?:s|ing)?[ -]out|doll(?:y|ies|ying)[ -](?:out|back)|"
    r"crane(?:s|d)? up and back|view widens",
    "pan left": rf"(?:pan|truck|track)(?:s|ning|ing)?{_SIDE}left",
    "pan right": rf"(?:pan|truck|track)(?:s|ning|ing)?{_SIDE}right|pan(?:s|ning)?(?: \w+)? (?:across|along|over)",
    "tilt up": r"(?:tilt|crane|boom|pedestal)(?:s|ing)?(?: \w+)? up(?:wards?)?(?! and back)",
    "tilt down": r"(?:tilt|crane|boom|pedestal)(?:s|ing)?(?: \w+)? down(?:wards?)?",
    "orbit": r"orbit(?:s|ing)?|arc shot",
    "hold": r"locked[ -]off|static (?:shot|camera|frame)|on a tripod",
}
_VERBS: dict[Move, str] = {
    "push in": r"(?:moves?|moving|glides?|gliding|drifts?|creeps?|closes) (?:slowly |gently )?"
    r"(?:in|closer|forwards?|towards?(?! the (?:left|right)))\b|approaches|follow(?:s|ing)|tracks? (?:\w+ )?behind",
    "pull out": r"(?:moves?|moving|glides?|drifts?) (?:slowly |gently )?(?:back|away|out)|"
    r"retreats|widens|reveals the whole",
    "pan left": rf"(?:moves?|moving|glides?|gliding|slides?|sweeps?|drifts?|turns?){_SIDE}left",
    "pan right": rf"(?:moves?|moving|glides?|gliding|slides?|sweeps?|drifts?|turns?){_SIDE}right|sideways|"
    r"(?:glid|sweep|track|slid|travel)(?:e?s|ing)? (?:\w+ )?(?:across|along|past|over|beside)|"
    r"pan(?:s|ning)?\b(?![^.!?]*\bleft\b)",
    "tilt up": r"rises|rising|ascends|lifts|climbs|looks up",
    "tilt down": r"sinks|descends|lowers|looks down|drops",
    "orbit": r"circles|circling|revolves|arcs (?:around|about)|turns (?:around|about|a few degrees)",
    "hold": r"holds? still|(?:is|stays|stands|remains|keeps) (?:still|static|fixed|put)|does not move|"
    r"(?:is |stays )?locked",
}
_FRAMINGS: dict[Framing, str] = {
    "detail": r"extreme close[ -]?ups?|macro|(?:a |in )(?:\w+ )?detail\b|insert shot",
    "close": r"close[ -]?ups?|tight (?:shot|on|frame)|stay(?:s|ing)? close|portrait of|\b(?:his|her|their) face\b",
    "medium": r"medium|mid[ -]?shot|waist[ -](?:up|high)|two[ -]shot|over[ -]the[ -]shoulder|cowboy shot",
    "wide": r"^wide\b|wide[ -](?:shot|angle|view)|establishing|full shot|long shot|panoram\w+|aerial|drone|"
    r"bird'?s[ -]eye|from above|view widens|whole place|vast|skyline",
}
_LABELS: dict[Framing, str] = {"wide": "WIDE", "medium": "MEDIUM", "close": "CLOSE-UP", "detail": "DETAIL"}
# A film opens wide and varies from there, where its prompts leave that open.
_TURNS: tuple[Framing, ...] = ("wide", "medium", "close", "medium")


@dataclass(frozen=True)
class Camerawork:
    """How a scene is shot."""

    framing: Framing
    move: Move

    @property
    def label(self) -> str:
        """The framing in a film maker's words."""
        return _LABELS[self.framing]


def read_camerawork(prompt: str, sequence: int) -> Camerawork:
    """Return how the scene numbered `sequence` is shot: as its own words say.

    Where they do not, the camera slowly pushes in, and framings take turns.
    """
    words = _own_words(prompt)
    moves: list[tuple[Move, str]] = [
        (move, rf"\b(?:{term})\b|{_CAMERA}\b(?:{_VERBS[move]})") for move, term in _TERMS.items()
    ]
    framing = _first(words, _FRAMINGS.items())
    return Camerawork(framing or _TURNS[(sequence - 1) % len(_TURNS)], _first(words, moves) or "push in")


def _own_words(prompt: str) -> str:
    shared_part = _SHARED.search(prompt)
    return " ".join(prompt[: shared_part.start() if shared_part else None].lower().split())


def _first(words: str, patterns: Iterable[tuple[_Name, str]]) -> _Name | None:
    """Return the name of the pattern whose match ends first; of several such, the first of them."""
    ends = [(match.end(), name) for name, pattern in patterns if (match := re.search(pattern, words))]
    return min(ends, key=lambda each: each[0])[1] if ends else None
