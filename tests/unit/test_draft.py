"""A draft tells its scene: how near, how the camera moves, what it shows, in the style and size of its film."""

from __future__ import annotations

import itertools
import random
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import get_args

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import pytest
from PIL import Image

from functions.draw_scene.animatic.card import LOWEST, Card, script
from functions.draw_scene.animatic.closeness import enlarge, pass_by, viewpoint
from functions.draw_scene.animatic.figures import figures, hair_in, people_in
from functions.draw_scene.animatic.lettering import FILES, FONT_FOLDER, LARGEST, face_for, has_letters
from functions.draw_scene.animatic.marks import marks
from functions.draw_scene.animatic.paint import Canvas, Layer
from functions.draw_scene.animatic.picture import CANVASES, compose_draft
from functions.draw_scene.animatic.spec import ClipSpec, Sketch
from functions.draw_scene.animatic.styles import STYLES
from shared.captions import areas, faces
from shared.film.camerawork import Camerawork, Framing, Move
from tests.unit.test_animatic import FILMS, SHARED, flatten, unlike

MOVES: tuple[Move, ...] = get_args(Move)
FRAMINGS: tuple[Framing, ...] = get_args(Framing)
SPEC = ClipSpec("A boat on the sea." + SHARED, 4, 720, 1280, 2, 4)
SKETCH = Sketch(Camerawork("medium", "pan right"), "A boat.", "cinematic")
# By how many of 255 levels the pictures of two framings of a place differ at least.
NEARER = 4


def rows(texts: tuple[str, ...], canvas: Canvas, folder: Path) -> list[int]:
    """The rows of a black picture on which the marks of a card are drawn."""
    (folder / "card.ass").write_text(script(Card("", "", "", "Lato Black", 0.4, "#000000", 0, marks=texts), canvas, 2))
    size = f"{canvas.width}x{canvas.height}"
    graph = "ass=f=card.ass,select=gte(n\\,20)"
    options = ["-vf", graph, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", f"color=black:s={size}:r=24"]
    pixels = subprocess.run([*command, *options], cwd=folder, capture_output=True, check=True).stdout
    lines = [pixels[y * canvas.width : (y + 1) * canvas.width] for y in range(canvas.height)]
    return [y for y, line in enumerate(lines) if max(line) > 128]


@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize("move", [move for move in MOVES if move != "hold"])
def test_marks_stand_between_the_card_and_the_captions(move: Move, lying: bool, tmp_path: Path) -> None:
    canvas = CANVASES[lying]
    lines = rows(tuple(marks(move, canvas)), canvas, tmp_path)
    em = 52 if lying else 60
    captions = canvas.height * (1 - areas.EDGES.bottom) - 2 * em * faces.LATIN.line_height
    # The lines of the head are drawn there, too; a lying picture has room for two lines of the card.
    mark_rows = [y for y in lines if y > (120 if lying else LOWEST)]
    assert len(mark_rows) > 20
    assert max(mark_rows) < captions


def test_a_camera_that_holds_has_no_mark() -> None:
    assert marks("hold", CANVASES[False]) == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("prompt", ["A boat on the sea.", "A letter on the desk."])
def test_a_nearer_framing_looks_nearer(style: str, prompt: str) -> None:
    spec = replace(SPEC, prompt=prompt)
    views = [flatten(compose_draft(spec, Sketch(Camerawork(framing, "hold"), "", style))) for framing in FRAMINGS]
    assert min(unlike(view, other) for view, other in itertools.combinations(views, 2)) > NEARER


@pytest.mark.parametrize("scenes", FILMS.values(), ids=list(FILMS))
def test_drafts_of_a_film_differ_and_each_is_the_same_again(scenes: list[str]) -> None:
    def view(number: int) -> bytes:
        spec = ClipSpec(scenes[number - 1] + SHARED, 4, 720, 1280, number, len(scenes))
        return flatten(compose_draft(spec, SKETCH)).tobytes()

    pictures = [view(number) for number in range(1, len(scenes) + 1)]
    assert len(set(pictures)) == len(scenes)
    assert view(1) == pictures[0]


@pytest.fixture(scope="module")
def land() -> Image.Image:
    """The land that a draft stands on, as wide as it is drawn."""
    return compose_draft(SPEC, SKETCH).background.resize((CANVASES[False].wide, 600))


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("frames", [24, 1440])
def test_land_covers_the_picture_for_as_long_as_it_passes(
    land: Image.Image, framing: Framing, move: Move, frames: int
) -> None:
    canvas = CANVASES[False]
    view = viewpoint(canvas, framing, 0.7, indoors=False)
    image = Layer(land, -240, 680, 1.0)
    layer = enlarge(pass_by(image, move, frames), view)
    for x in (layer.x, layer.x + layer.drift * frames):
        assert x <= 1
        assert x + layer.image.width >= canvas.width - 1


@pytest.mark.parametrize(
    ("words", "count", "hair"),
    [
        ("A boat on a lake.", 0, {"bun", "hat", "long", "short"}),
        ("An old man at the window. He waits.", 1, {"hat", "short"}),
        ("She reads.", 1, {"bun", "long"}),
        ("A worker at a bench.", 1, {"bun", "hat", "long", "short"}),
        ("A woman and her husband.", 2, {"bun", "hat", "long", "short"}),
        ("Wolves and men.", 2, {"hat", "short"}),
        ("A crowd of people.", 2, {"bun", "hat", "long", "short"}),
        ("The manner of a shepherd.", 0, {"bun", "hat", "long", "short"}),
    ],
)
def test_the_people_of_a_scene_are_counted(words: str, count: int, hair: set[str]) -> None:
    assert people_in(words) == count
    assert set(hair_in(words)) == hair


@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("hair", [["bun"], ["hat", "long"], ["short", "bun"]])
def test_people_are_as_large_as_the_framing_says(framing: Framing, lying: bool, hair: list[str]) -> None:
    canvas = CANVASES[lying]
    layers = figures(canvas, framing, hair, ((0, 0, 0), (255, 255, 255)), random.Random(1))
    assert len(layers) == (0 if framing == "detail" else len(hair))
    for layer in layers:
        _, top, _, bottom = layer.image.getchannel("A").getbbox() or (0, 0, 0, 0)
        # The faces are below the card, and above where captions begin; whole people end there.
        assert canvas.height * 0.25 < top < canvas.height * 0.5
        assert (bottom < canvas.height * 0.7) == (framing == "wide")


def test_who_is_in_a_scene_is_drawn_and_always_alike() -> None:
    spec = replace(SPEC, prompt="A woman at the harbour. Style: cinematic.")
    with_her = [flatten(compose_draft(spec, replace(SKETCH, description="A woman."))) for _ in range(2)]
    nobody = flatten(compose_draft(replace(spec, prompt=spec.prompt.replace("woman", "ship")), SKETCH))
    assert unlike(*with_her) == 0
    assert unlike(with_her[0], nobody) > NEARER


def test_the_card_says_how_the_scene_is_shot_and_what_it_shows() -> None:
    card = compose_draft(SPEC, Sketch(Camerawork("close", "tilt up"), "A boat at {dawn}. It waits.", "artistic")).card
    assert (card.right, card.body) == ("CLOSE-UP  ·  TILT UP", "A boat at {dawn}. It waits.")
    assert card.font == STYLES["artistic"].font


@pytest.mark.parametrize(
    ("description", "body"),
    [("Лодка.", "Лодка."), ("湖の上のボート。", "A boat on the sea."), ("", "A boat on the sea.")],
)
def test_a_card_shows_words_that_can_be_set(description: str, body: str) -> None:
    spec = replace(SPEC, prompt="A boat on the sea. Style: cinematic.")
    assert compose_draft(spec, replace(SKETCH, description=description)).card.body == body


def test_a_card_without_words_that_can_be_set_has_none() -> None:
    spec = replace(SPEC, prompt="湖の上のボート。")
    assert compose_draft(spec, replace(SKETCH, description="ボート")).card.body == ""


@pytest.mark.parametrize("style", STYLES)
def test_a_description_is_set_in_a_type_that_has_its_letters(style: str) -> None:
    look = STYLES[style]
    assert face_for("Ein Boot, größer als das Meer – très bien…", look).font == look.font
    for text in ("Лодка на озере", "Βάρκα", "Łódź, şöför, něco"):
        face = face_for(text, look)
        assert has_letters(face.font, text)
        assert face in (LARGEST, (look.font, look.letters))


def test_every_type_is_a_file() -> None:
    assert {style.font for style in STYLES.values()} <= set(FILES)
    assert all((FONT_FOLDER / name).is_file() for name in FILES.values())


def test_a_layer_that_is_out_of_sight_is_drawn_nowhere() -> None:
    canvas = CANVASES[False]
    view = viewpoint(canvas, "detail", 0.5, indoors=False)
    layer = enlarge(Layer(compose_draft(SPEC, SKETCH).background.crop((0, 0, 960, 40)), 0, 0), view)
    assert (layer.image.size, layer.x, layer.y) == ((1, 1), -1, -1)
