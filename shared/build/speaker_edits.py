"""Edits of who speaks: the names of speakers whom the recogniser has told apart.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.build import edits
from shared.build.scene_edits import Bench
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.plan import Plan


def name_speakers(plan: Plan, edit: edits.NameSpeakers, bench: Bench) -> Plan:
    """Return the plan in which speakers have other names; raise InvalidEdit for one who does not speak."""
    labels = sorted({word.speaker for word in (*plan.words, *bench.material.words) if word.speaker})
    strangers = sorted(edit.speakers.keys() - set(labels))
    if strangers:
        who = f"the speakers are {', '.join(labels)}" if labels else "no speakers were told apart in this recording"
        raise InvalidEdit(f"there is no {strangers[0]}: {who}.", "speakers", EditLimit(choices=tuple(labels)))
    names = {**plan.speakers, **edit.speakers}
    return plan.model_copy(update={"speakers": {label: names[label] for label in sorted(names) if names[label]}})
