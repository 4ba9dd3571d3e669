"""Rephrase a prompt that a film maker refused, as the language model is asked to.

Touches nothing.
"""

from __future__ import annotations

import re

from local.emulators.openai.planner_words import GENTLE_ENDING, GENTLER

_HARSH = re.compile(rf"\b({'|'.join(GENTLER)})\b", re.IGNORECASE)

# "aged 12", "9-year-old", "twelve years old".
_AGE = re.compile(r"\b(?:aged? )?\w+[- ]years?[- ]old\b|\baged? \w+\b", re.IGNORECASE)


def gentler(prompt: str) -> str:
    """Return the prompt with harsh words replaced, minors and ages taken out, and a calm mood asked for."""
    mild = _HARSH.sub(_milder, _AGE.sub("grown", prompt)).strip()
    return mild if mild.endswith(GENTLE_ENDING) else f"{mild} {GENTLE_ENDING}"


def _milder(match: re.Match[str]) -> str:
    word = GENTLER[match[0].lower()]
    return word.capitalize() if match[0][0].isupper() else word
