"""The built page's weight: what a visitor loads before anything is shown."""

from __future__ import annotations

import gzip
import re

from local.site import DIST

INITIAL_JS = 120_000
INITIAL_ALL = 160_000
IMPORTED = re.compile(r'(?:from|import)\s*"(\./[^"]+\.js)"')


def initial(kind: str) -> set[str]:
    """The names of the files that the page itself asks for, and of the scripts that these import at once."""
    html = (DIST / "index.html").read_text(encoding="utf-8")
    names = {name for name in re.findall(r'(?:src|href)="/(assets/[^"]+)"', html) if name.endswith(kind)}
    for name in tuple(names) if kind == ".js" else ():
        names |= {f"assets/{match[2:]}" for match in IMPORTED.findall((DIST / name).read_text(encoding="utf-8"))}
    return names


def zipped_size(names: set[str]) -> int:
    return sum(len(gzip.compress((DIST / name).read_bytes())) for name in names)


def test_the_first_scripts_are_small_and_the_sign_in_is_not_among_them() -> None:
    scripts = initial(".js")
    assert scripts
    assert not [name for name in scripts if "cognito" in name]
    assert 10_000 < zipped_size(scripts) < INITIAL_JS


def test_scripts_and_styles_together_are_small() -> None:
    assert zipped_size(initial(".js") | initial(".css")) < INITIAL_ALL


def test_nothing_in_the_page_is_inline_or_from_elsewhere() -> None:
    html = (DIST / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|style=", html) == []
    assert re.findall(r'(?:src|href)="(?!/)', html) == []
