"""Which languages the recogniser of a machine hears, and that its models are those that were reviewed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.emulators.transcribe.rules import supported_languages
from local.speech.languages import CODES, HALVES, are_installed, language_of, refusal
from local.speech.models import MULTILINGUAL_PINS, Models, check_pins

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = [
    ("en-US", (), ""),
    ("en-GB", ("no_such_module",), ""),
    ("de-CH", (), ""),
    ("de-CH", ("no_such_module",), "English only; for de-CH install its model"),
    ("zu-ZA", (), "does not hear zu-ZA"),
    ("zu-ZA", ("no_such_module",), "does not hear zu-ZA"),
]


@pytest.mark.parametrize(("code", "packages", "reason"), REFUSALS)
def test_what_is_not_heard_is_refused_in_a_sentence(code: str, packages: tuple[str, ...], reason: str) -> None:
    sentence = refusal(code, packages)
    assert reason in sentence
    assert bool(sentence) == bool(reason)


def test_every_language_has_a_code_that_amazon_transcribe_takes() -> None:
    assert set(CODES.values()) <= supported_languages()
    assert all(language_of(code) == language for language, code in CODES.items())


def test_the_page_offers_every_language_that_is_heard() -> None:
    text = (ROOT / "web" / "src" / "lib" / "choices.ts").read_text(encoding="utf-8")
    (code_list,) = re.findall(r"const SPOKEN_LANGUAGES = \[(.*?)\]", text, re.DOTALL)
    assert re.findall(r'"([\w-]+)"', code_list) == [*CODES.values()]


def test_another_model_file_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"model\.bin is not the reviewed model file"):
        check_pins({"model.bin": b"something else"}, {"model.bin": "0" * 64})


@pytest.mark.skipif(not are_installed(), reason=f"the extra `languages` is not installed: {HALVES}")
def test_the_multilingual_model_knows_every_language_with_a_code() -> None:
    assert set(MULTILINGUAL_PINS) >= {"model.bin", "tokenizer.json"}
    assert set(CODES) <= set(Models().multilingual.supported_languages)


@pytest.mark.parametrize(
    ("name", "place"), [("README.md", r"\[languages\]'`: (\d+) MB"), ("Makefile", r"^languages:.*\((\d+) MB\)")]
)
def test_what_the_languages_weigh_is_said_alike(name: str, place: str) -> None:
    weights = re.findall(place, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert weights == re.findall(r"^# .*: (\d+) MB to load", project, re.MULTILINE)
    assert len(weights) == 1
