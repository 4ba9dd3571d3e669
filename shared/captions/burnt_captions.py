"""The captions in a video's picture: one ASS document for the renderer and for whoever shows them beforehand.

Pure functions, touches nothing; times are seconds from the start of the film.
"""

from __future__ import annotations

from collections.abc import Collection

from shared.captions import ass, card, label
from shared.captions.face import Face
from shared.captions.faces import FACES
from shared.captions.looks import LOOKS
from shared.captions.names import with_names
from shared.captions.phrases import caption_words, in_capitals
from shared.choices.captions import CaptionStyle
from shared.film import captions
from shared.film.plan import Plan

# A scene in which nothing is shown has the same document whatever the look, so that a change of it renders others only;
# that of these has been another one, by which the scenes that were rendered so are found.
_SILENT = {"lines": "lines"}


def document(
    plan: Plan, start: float, end: float, faces: Collection[Face] = FACES, own_face: Face | None = None
) -> tuple[str, str]:
    """Return the captions between two times as an ASS document, and what a person must know of words that it lacks.

    The document is empty when the plan wants no captions, or when none can be drawn in the `faces` that are at hand,
    unless there is a label, or a hook is shown. `own_face` is that of the plan's font, where it is the user's own; what
    it lacks is drawn in the others.
    """
    text, note = _captions(plan, start, end, faces, own_face)
    label_events = label.events(plan, start, end, faces)
    hook_events = card.hook_events(plan, start, end, faces, own_face)
    if (label_events or hook_events) and "\nDialogue: " not in text:
        text = _empty_document(plan, start, end)
    return (card.with_events(text, hook_events) if hook_events else text) + label_events, note


def cover_document(
    plan: Plan, start: float, end: float, faces: Collection[Face] = FACES, own_face: Face | None = None
) -> str:
    """Return what is drawn over a cover that is a frame between two times: its title and the label, not the captions.

    It is empty when there is neither.
    """
    label_events = label.events(plan, start, end, faces)
    title_events = card.cover_events(plan, end - start, faces, own_face)
    if not (label_events or title_events):
        return ""
    return card.with_events(_empty_document(plan, start, end), title_events) + label_events


def _empty_document(plan: Plan, start: float, end: float) -> str:
    style = CaptionStyle(label=plan.options.caption_style.label)
    return ass.document((), start=start, end=end, size=plan.size, mode="words", style=style)


def _captions(plan: Plan, start: float, end: float, faces: Collection[Face], own_face: Face | None) -> tuple[str, str]:
    mode = plan.options.captions
    if mode == "none":
        return "", ""
    look = LOOKS[mode]
    size = plan.size
    shown_words = with_names(caption_words(plan), plan.speakers if look.by_speaker else {})
    spelt_words = in_capitals(shown_words, plan.language_code) if look.is_upper else shown_words
    words, note = ass.drawable(spelt_words, faces, own_face)
    lines = captions.lines(words, plan.frames / plan.frame_rate, look.shape)
    style = plan.options.caption_style
    if not lines:
        return "", note
    language = plan.language_code.partition("-")[0].lower()
    text = ass.document(
        lines, start=start, end=end, size=size, mode=mode, style=style, language=language, own_face=own_face
    )
    if "\nDialogue: " not in text:
        text = ass.document((), start=start, end=end, size=size, mode=_SILENT.get(mode, "words"))
    return text, note
