"""What is said in the bundled recording, and how far a transcript is from it."""

from __future__ import annotations

import re
from pathlib import Path

VOICE = Path(__file__).parents[2] / "samples" / "austen.flac"
_NOTE = VOICE.with_name("README.md").read_text(encoding="utf-8")
SAID = " ".join(line[2:] for line in _NOTE.splitlines() if line.startswith("> "))


def word_error_rate(hypothesis_text: str, reference_text: str = SAID) -> float:
    """Return the share of words substituted, dropped or added, case and punctuation aside."""
    reference = _words(reference_text)
    hypothesis = _words(hypothesis_text)
    row = list(range(len(hypothesis) + 1))
    for i, reference_word in enumerate(reference, 1):
        before = row[0]
        row[0] = i
        for j, hypothesis_word in enumerate(hypothesis, 1):
            best = min(row[j] + 1, row[j - 1] + 1, before + (reference_word != hypothesis_word))
            before = row[j]
            row[j] = best
    return row[-1] / len(reference)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower().replace("'", ""))
