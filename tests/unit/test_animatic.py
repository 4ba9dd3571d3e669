"""The storyboard: what it reads out of a prompt, and what it draws."""

from __future__ import annotations

import itertools
import random
import statistics
import subprocess
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import pytest
from PIL import Image, ImageChops, ImageStat

from functions.draw_scene.animatic.card import LOWEST, Card, heading, script
from functions.draw_scene.animatic.film import write_film
from functions.draw_scene.animatic.lettering import FONT_FOLDER
from functions.draw_scene.animatic.motifs import CARD_WORDS, MOTIFS, card_text, hour_of, motif_of, own_words
from functions.draw_scene.animatic.paint import Canvas
from functions.draw_scene.animatic.picture import Composition, compose
from functions.draw_scene.animatic.spec import ClipSpec
from functions.draw_scene.animatic.styles import STYLES, style_of

PORTRAIT = Canvas(720, 1280)
# By how many of 255 levels the pictures of two scenes differ at least: of neighbours, and of any two.
NEIGHBOURS = 15
ANY_TWO = 8


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("A lake. Style: realistic.", "realistic"),
        ("An ARTISTIC view of a lake", "artistic"),
        ("A cinematic lake. Style: animated.", "animated"),
        ("A lake.", "cinematic"),
    ],
)
def test_the_style_is_found(prompt: str, style: str) -> None:
    assert style_of(prompt) == style


@pytest.mark.parametrize(
    ("prompt", "motif"),
    [
        ("Traffic in the city.", "city"),
        ("A boat on the water.", "sea"),
        ("Wolves among the pines.", "forest"),
        ("Coffee on the desk by the window.", "room"),
        ("A telescope under the sky.", "stars"),
        ("A road in the valley.", "hills"),
    ],
)
def test_the_place_is_found(prompt: str, motif: str) -> None:
    assert motif_of(prompt, 0, random.Random(1)) == motif


def test_the_hour_is_found() -> None:
    rng = random.Random(1)
    assert hour_of("a stormy night", "sea", 1, rng) == 2
    assert hour_of("stars", "stars", 1, rng) == 2
    assert hour_of("a road at dawn", "hills", 0, rng) == 1


def test_the_card_shows_the_first_two_sentences_and_never_the_style() -> None:
    assert card_text("A lake. A boat. A bird.") == "A lake. A boat."
    assert card_text("A lake. Style: artistic.") == "A lake."
    long = card_text("word " * 40)
    assert len(long.split()) == CARD_WORDS
    assert long.endswith("…")
    assert card_text(" ") == ""


def test_the_head_line_names_the_scene_where_it_is_known() -> None:
    assert heading(0, 0) == "STORYBOARD"
    assert heading(2, 0) == "SCENE 02"
    assert heading(2, 4).startswith("SCENE 02")
    assert heading(2, 4).endswith("/  04")


def test_a_prompt_cannot_give_commands_to_the_type_setter() -> None:
    card = Card("A", "B", r"{\fs200}Big\Nline", "Lato Black", 0.4, "#ffffff", 0)
    (body,) = [
        line for line in script(card, PORTRAIT, 4.0).splitlines() if line.startswith("Dialogue") and "Body" in line
    ]
    assert body.endswith("(/fs200)Big/Nline")
    assert "0:00:04.00" in body


@pytest.mark.parametrize("motif", MOTIFS)
def test_the_same_prompt_gives_the_same_picture(motif: str) -> None:
    spec = ClipSpec(f"{' '.join(sorted(MOTIFS[motif].words)[:6])}. Style: artistic.", 4, 1280, 720)
    first = compose(spec)
    other = compose(spec)
    assert first.background.tobytes() == other.background.tobytes()
    assert [layer.image.tobytes() for layer in first.layers] == [layer.image.tobytes() for layer in other.layers]


def frame(spec: ClipSpec, folder: Path, loud: bool = False) -> tuple[bytes, str]:
    """The picture half a second before the end, as RGB bytes, and what ffmpeg said."""
    (folder / "fonts").symlink_to(FONT_FOLDER)
    arguments = write_film(compose(spec), spec, folder)
    graph = arguments[arguments.index("-filter_complex") + 1]
    inputs = arguments[: arguments.index("-filter_complex")]
    ending = ["-map", "[v]", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    late = f"{graph.removesuffix('[v]')},select=gte(n\\,20)[v]"
    level = "verbose" if loud else "error"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", level, *inputs, "-filter_complex", late, *ending]
    process = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return process.stdout, process.stderr.decode()


@pytest.mark.parametrize("style", STYLES)
def test_each_style_is_set_in_its_own_type(style: str, tmp_path: Path) -> None:
    # ffmpeg falls back to any system font in silence, so its own account is read.
    _, log = frame(ClipSpec(f"A lake. Style: {style}.", 4, 720, 1280), tmp_path, loud=True)
    font_lines = [line for line in log.splitlines() if "fontselect" in line]
    assert len(font_lines) == 2
    assert all("fonts/" in line or FONT_FOLDER.name in line for line in font_lines), font_lines


def test_text_stays_at_the_top(tmp_path: Path) -> None:
    """The longest card a prompt can have leaves the rest of the picture alone."""
    pixels, _ = frame(
        ClipSpec("extraordinary considerations notwithstanding " * 10 + "animated", 4, 720, 1280), tmp_path
    )
    row = 720 * 3
    bright = [y for y in range(1280) if pixels[y * row : (y + 1) * row].count(b"\xff\xff\xff") > 20]
    assert bright
    assert max(bright) <= LOWEST


def test_a_larger_picture_is_the_same_picture(tmp_path: Path) -> None:
    pixels, _ = frame(ClipSpec("A lake.", 4, 1920, 1080), tmp_path)
    assert len(pixels) == 1920 * 1080 * 3


# Three films whose words name many things, hardly any, and the same place again and again.
FILMS = {
    "things": ["A boat on the sea.", "Wolves in a forest.", "A busy street in the city.", "Stars in the night."],
    "nothing": ["A pause.", "A thought of more.", "Something is about to be.", "It goes on.", "So it is."],
    "one room": ["A mother reads.", "A family at dinner.", "A letter on a desk.", "A husband at the window."],
}
SHARED = (
    " The camera glides past a house in warm light. The author wishes for this: a family at home."
    " The style is cinematic."
    " People: a mother and her sister. Place: a room at home. Palette: golden light. Style: cinematic."
)


def thumbnail(prompt: str, scene: int, scenes: int) -> Image.Image:
    """A film's scene without its card, small."""
    return flatten(compose(ClipSpec(prompt + SHARED, 4, 720, 1280, scene, scenes)))


def flatten(picture: Composition) -> Image.Image:
    """A picture without its card, small."""
    flat = picture.background.convert("RGBA")
    for layer in picture.layers:
        sheet = Image.new("RGBA", flat.size)
        sheet.paste(layer.image.convert("RGBA"), (layer.x, layer.y))
        flat = Image.alpha_composite(flat, sheet)
    return flat.convert("RGB").resize((45, 80))


def unlike(view: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, in levels of 255."""
    return statistics.fmean(ImageStat.Stat(ImageChops.difference(view, other)).mean)


@pytest.mark.parametrize("scenes", FILMS.values(), ids=list(FILMS))
def test_scenes_of_a_film_look_different_and_each_the_same_again(scenes: list[str]) -> None:
    views = [thumbnail(prompt, number, len(scenes)) for number, prompt in enumerate(scenes, start=1)]
    assert unlike(views[0], thumbnail(scenes[0], 1, len(scenes))) == 0
    assert min(unlike(view, other) for view, other in itertools.pairwise(views)) > NEIGHBOURS
    assert min(unlike(view, other) for view, other in itertools.combinations(views, 2)) > ANY_TWO


def test_what_all_scenes_share_chooses_no_place() -> None:
    assert own_words("A boat, with the wish for a cosy home. It sails." + SHARED) == "A boat. It sails."
    assert motif_of("A boat." + SHARED, 1, random.Random(1)) == "sea"
