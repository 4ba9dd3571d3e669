"""How a scene is shot is read out of its own words: how close, and how the camera moves."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from local.emulators.openai.planner_words import SHOTS
from shared.film.camerawork import Camerawork, Framing, Move, read_camerawork

SHARED = (
    " People: a man with a wide hat, in close-up. Place: a tower. Style: cinematic, slow deliberate camera. "
    "Wide 16:9 frame, the subject in the upper two thirds."
)


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("A boat on a lake.", "push in"),
        ("The camera pushes in slowly at eye level.", "push in"),
        ("Slow zoom in on a cup.", "push in"),
        ("dolly-in on a door", "push in"),
        ("The camera moves closer to the door.", "push in"),
        ("The camera tracks gently behind, in no hurry.", "push in"),
        ("Slow zoom out from a cup.", "pull out"),
        ("The camera cranes up and back to reveal the whole place.", "pull out"),
        ("The camera pulls back.", "pull out"),
        ("Camera pans slowly to the left.", "pan left"),
        ("The camera glides towards the left of the room.", "pan left"),
        ("Slow pan right along the shelf.", "pan right"),
        ("The camera pans.", "pan right"),
        ("The camera glides sideways, keeping the foreground soft.", "pan right"),
        ("Handheld camera tracking right beside her.", "pan right"),
        ("The camera tilts up the tower.", "tilt up"),
        ("The camera rises above the roofs.", "tilt up"),
        ("Camera cranes down to a street.", "tilt down"),
        ("The camera looks down and turns a few degrees.", "tilt down"),
        ("The camera slowly circles the statue.", "orbit"),
        ("An orbiting shot of a statue.", "orbit"),
        ("The camera holds still while the focus drifts from near to far.", "hold"),
        ("Static shot of a door.", "hold"),
        ("The camera does not move.", "hold"),
        # What moves by itself is no camera.
        ("The sun rises over a lake while a boat moves to the left.", "push in"),
        ("A man follows a dog. A leaf sinks.", "push in"),
        ("The sun rises. The camera tilts down to the lake, then pans left.", "tilt down"),
    ],
)
def test_the_move_is_the_first_that_the_camera_makes(prompt: str, move: Move) -> None:
    assert read_camerawork(prompt + SHARED, 1).move == move


@pytest.mark.parametrize(
    ("prompt", "framing"),
    [
        ("Extreme close-up of an eye.", "detail"),
        ("A quiet detail shows the letter.", "detail"),
        ("Close-up of hands.", "close"),
        ("We stay close to her.", "close"),
        ("Medium shot of a cook.", "medium"),
        ("A sailor from the waist up.", "medium"),
        ("A wide shot of the bay.", "wide"),
        ("Aerial view of a town.", "wide"),
    ],
)
def test_the_framing_is_found(prompt: str, framing: Framing) -> None:
    assert read_camerawork(prompt + SHARED, 2).framing == framing


def test_a_film_that_says_nothing_of_framing_opens_wide_and_varies() -> None:
    framings = [read_camerawork(f"A boat{SHARED}", sequence).framing for sequence in range(1, 41)]
    assert framings[0] == "wide"
    assert all(first != second for first, second in itertools.pairwise(framings))
    assert len(set(framings)) == 3


def test_the_shots_of_the_planner_stand_in_are_understood() -> None:
    shots = [read_camerawork(f"{opening.format(subject='a boat')}. {camera}.", 2) for opening, camera in SHOTS]
    assert [shot.move for shot in shots] == ["push in", "pan right", "pull out", "hold", "push in", "tilt down"]
    assert [shot.framing for shot in shots] == ["medium", "close", "wide", "detail", "medium", "wide"]


def test_every_framing_has_a_label() -> None:
    labels = {Camerawork(framing, "hold").label for framing in get_args(Framing)}
    assert len(labels) == len(get_args(Framing))
