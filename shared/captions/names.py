"""Who speaks, as captions show it: the name before the first word of a turn, and a colour of one's own.

Pure functions, touches nothing; colours are #RRGGBB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.captions.phrases import caption_words
from shared.choices.captions import number_of
from shared.film.plan import Plan, Word
from shared.film.word_times import clean_text

# By the number in the label. All are light enough for a dark outline, and the first ones are furthest from each other,
# for eyes that cannot tell red from green as well.
COLORS = (
    *("#FFE14D", "#5CC8FF", "#FF8A65", "#8DE38D", "#E59BFF"),
    *("#FFFFFF", "#4DE0C8", "#FFB3C7", "#C9D64F", "#B0B8FF"),
)
# Seconds that a name takes of the word that it stands before.
_NAME_SECONDS = 0.02


def color_of(speaker: str) -> str:
    """Return the colour of a speaker; "" for nobody in particular."""
    return COLORS[number_of(speaker) % len(COLORS)] if speaker else ""


def subtitle_words(plan: Plan) -> tuple[Word, ...]:
    """Return the plan's words as its subtitles have them: as the captions do, with the names of those who speak.

    Their times are those of the whole video, which an intro may begin.
    """
    lead = plan.lead_frames / plan.frame_rate
    words = with_names(caption_words(plan), plan.speakers)
    return tuple(word.model_copy(update={"start": word.start + lead, "end": word.end + lead}) for word in words)


def with_names(words: Sequence[Word], names: Mapping[str, str]) -> tuple[Word, ...]:
    """Return the words, before each turn of a speaker with a name that name, as a word of its own."""
    return tuple(_with_names(words, names)) if names else tuple(words)


def _with_names(words: Sequence[Word], names: Mapping[str, str]) -> Iterator[Word]:
    before = ""
    for word in words:
        # A person wrote it, and in a caption file some signs mean more than themselves.
        name = clean_text(names.get(word.speaker, ""))
        if name and word.speaker != before:
            until = min(word.start + _NAME_SECONDS, word.end)
            yield word.model_copy(update={"text": f"{name}:", "end": until, "ends_sentence": False})
            yield word.model_copy(update={"start": until})
        else:
            yield word
        before = word.speaker
