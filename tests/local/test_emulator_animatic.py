"""The storyboard: what it reads out of a prompt, and what it draws."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import pytest

from local.emulators.animatic.card import LOWEST, Card, heading, script
from local.emulators.animatic.film import write_film
from local.emulators.animatic.motifs import CARD_WORDS, MOTIFS, card_text, hour_of, motif_of
from local.emulators.animatic.paint import Canvas
from local.emulators.animatic.picture import compose
from local.emulators.animatic.spec import ClipSpec
from local.emulators.animatic.styles import STYLES, style_of
from local.emulators.google.clips import FONT_FOLDER

PORTRAIT = Canvas(720, 1280)


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
    assert motif_of(prompt, random.Random(1)) == motif


def test_the_hour_is_found() -> None:
    rng = random.Random(1)
    assert hour_of("a stormy night", "sea", rng) == 2
    assert hour_of("stars", "stars", rng) == 2
    assert hour_of("a road at dawn", "hills", rng) == 1


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
    one, other = compose(spec), compose(spec)
    assert one.background.tobytes() == other.background.tobytes()
    assert [layer.image.tobytes() for layer in one.layers] == [layer.image.tobytes() for layer in other.layers]


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
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return done.stdout, done.stderr.decode()


@pytest.mark.parametrize("style", STYLES)
def test_each_style_is_set_in_its_own_type(style: str, tmp_path: Path) -> None:
    # ffmpeg falls back to any system font in silence, so its own account is read.
    _, said = frame(ClipSpec(f"A lake. Style: {style}.", 4, 720, 1280), tmp_path, loud=True)
    chosen = [line for line in said.splitlines() if "fontselect" in line]
    assert len(chosen) == 2
    assert all("fonts/" in line or FONT_FOLDER.name in line for line in chosen), chosen


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
