"""What is said of captions on the command line is what the API is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from local.client import caption_options
from local.client.choices import caption_style
from local.client.own import fonts
from shared.errors import InvalidRequest


def _add(command: argparse.ArgumentParser, name: str, _kind: object, text: str) -> None:
    command.add_argument(name, help=text)


def parse(*words: str) -> argparse.Namespace:
    """Return what a command line says, on which nothing but captions can be named."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    caption_options.add(parser, _add)
    return parser.parse_args(words)


def test_nothing_said_is_nothing_asked_for() -> None:
    assert caption_style(parse()) is None


def test_each_option_is_a_field_and_a_colour_may_lack_its_sign() -> None:
    options = parse("--captions", "box", "--caption-position", "top", "--caption-color", "ffe600", "--mask-profanity")
    assert options.captions == "box"
    assert caption_style(options) == {"position": "top", "color": "#ffe600", "profanity": "masked"}
    assert caption_style(parse("--hook-card")) == {"hook": True}


@pytest.mark.parametrize(("words", "label"), [(["--ai-label"], "AI-generated"), (["--ai-label", "KI"], "KI")])
def test_a_label_has_a_text_of_its_own_or_the_usual_one(words: list[str], label: str) -> None:
    assert caption_style(parse(*words)) == {"label": label}


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "", "12345G"])
def test_what_is_no_colour_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="FFE600"):
        caption_options.color(text)


def test_a_font_is_one_that_is_bundled_or_a_file_which_has_no_id_yet(tmp_path: Path) -> None:
    assert caption_style(parse("--caption-font", "loud")) == {"font": "loud"}
    options = parse("--caption-font", str(tmp_path / "Acme.TTF"), "--caption-size", "large")
    assert caption_style(options) == {"size": "large"}
    with pytest.raises(InvalidRequest, match="is not there"):
        fonts.check(Path(options.caption_font))
    with pytest.raises(argparse.ArgumentError, match=r"or name a \.ttf"):
        parse("--caption-font", "gothic")
