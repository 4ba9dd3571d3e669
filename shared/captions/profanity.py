"""Strong language in captions, masked where a person wishes it: "sh**" for what was said.

Pure functions, touches nothing. Only words that hardly ever mean anything else are listed, so that a name or a part of
the body stays readable; a word that ends in * stands for all that begin so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from shared.film.plan import Word

# By the language of the recording, and what is said in any of them.
_ANYWHERE = "fuck* fuckin* motherfuck* mothafuck* clusterfuck* shit shits shitt* shite* bullshit* horseshit* bitch*"
_WORDS: Mapping[str, str] = {
    "en": "asshole* arsehole* bastard* bollock* bugger* cocksuck* cunt* damn damned dammit dickhead* dipshit* "
    "dumbass* goddamn* jackass* jerkoff* piss pissed pissing slut sluts slutty tosser* twat* wank wanker* "
    "wanking whore*",
    "es": "cabron* cabrón* carajo chinga* chingad* chupapolla* cojones* coño* culero* follar* gilipoll* hijoputa* "
    "jodid* joder* mierda* pendej* puta putas putada* puto putos verga vergas",
    "fr": "bordel* branleur* branlette* chier* chiant* connard* connass* couill* encul* enfoir* foutre* merd* nique "
    "niquer niqué* putain* pute putes salaud* salope salopes salopard* saloperie*",
    "de": "arsch ärsche arschloch* arschlöcher* fick* fotze* hurensohn* hurensöhn* hure huren kacke* miststück* "
    "scheiß* scheiss* beschiss* verarsch* verfick* verpiss* wichs*",
    "it": "bastard* cazzo* cazzi cazzat* coglion* culo fanculo* vaffancul* fottut* fottere* incazz* merd* minchia* "
    "puttan* stronz*",
    "pt": "arrombad* babaca* bosta buceta* cacete* caralho* cuzão* cuzao* foda* foder* fodid* fodeu merda* porra* "
    "puta putas puto putaria* viado viados",
}


def _entries(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the whole words and the beginnings that a text lists."""
    entries = text.split()
    whole = frozenset(entry for entry in entries if not entry.endswith("*"))
    return whole, tuple(entry[:-1] for entry in entries if entry.endswith("*"))


_LISTS = {language: _entries(f"{_ANYWHERE} {words}") for language, words in _WORDS.items()}
_COMMON = _entries(_ANYWHERE)
LANGUAGES = tuple(_WORDS)


def mask_words(words: Sequence[Word], language_code: str) -> list[Word]:
    """Return the words, strong ones with their first letter and an asterisk for each other, times as they are."""
    language = language_code.partition("-")[0].lower()
    whole, beginnings = _LISTS.get(language, _COMMON)
    return [
        word.model_copy(update={"text": _mask(word.text)})
        if (core := _core(word.text).casefold()) in whole or core.startswith(beginnings)
        else word
        for word in words
    ]


def _core(text: str) -> str:
    """Return a word without the signs about it and without what an apostrophe adds."""
    lead = "".join(takewhile(lambda sign: not sign.isalpha(), text))
    return "".join(takewhile(lambda sign: sign.isalpha() or sign in "-*", text[len(lead) :]))


def _mask(text: str) -> str:
    first = next(at for at, sign in enumerate(text) if sign.isalpha())
    return text[: first + 1] + "".join("*" if sign.isalnum() else sign for sign in text[first + 1 :])
