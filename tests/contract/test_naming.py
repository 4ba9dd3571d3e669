"""The rule for names finds what it is there for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import naming


@pytest.mark.parametrize("name", ["found", "_kept", "made", "one", "refused", "told", "planned", "seen_", "lit"])
def test_a_bare_participle_is_no_name(name: str) -> None:
    assert naming.is_bare_participle(name)


@pytest.mark.parametrize(
    "name", ["is_found", "speed", "need", "put", "read", "run", "seen_at", "Failed", "USED", "match"]
)
def test_nouns_verbs_questions_and_constants_are_names(name: str) -> None:
    assert not naming.is_bare_participle(name)


def test_every_kind_of_name_is_looked_at(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "def made(kept, *told, **sent): ...\n"
        "class seen: ...\n"
        "for found in []: pass\n"
        "with x as held: pass\n"
        "try: pass\n"
        "except E as lost: pass\n"
        "x.chosen = [y for y in given if (spent := y)]\n"
        "match x:\n"
        "    case [written]: pass\n"
        "known: int = 1\n"
        "a, b = 1, 2\n"
        "c, d = pair()\n"
        "e = 1, 2\n"
    )
    faults = list(naming.faults(module))
    words = {fault.words.split("`")[1] for fault in faults if "`" in fault.words}
    assert words == {
        "made",
        "kept",
        "told",
        "sent",
        "seen",
        "found",
        "held",
        "lost",
        "chosen",
        "spent",
        "written",
        "known",
    }
    assert [fault.line for fault in faults if "several" in fault.words] == [11]


def test_at_most_ten_names_are_excused() -> None:
    assert len(naming.ALLOWED) <= 10
