"""Edit a plan: by a person in an editor until it is one that can be made, by values, or by a file.

Touches the API, and the person at the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError

from local.api_client import ApiClient, ApiError
from local.client.plan import api as plan_api
from local.client.plan import sheet
from local.client.plan.api import TaggedPlan
from local.client.plan.person import Person
from local.client.plan.sheet import Sheet
from local.client.plan.sheet_edits import differences
from shared import wrong_values
from shared.build import edits
from shared.build.edits import Edit
from shared.errors import InvalidRequest

Say = Callable[[str], None]


@dataclass(frozen=True)
class SceneCuts:
    """Which scenes are cut in two, as SCENE@SECONDS of the film, and which are merged with the next one."""

    split: tuple[str, ...] = ()
    merge: tuple[str, ...] = ()

    def edits(self, plan: TaggedPlan) -> list[Edit]:
        """Return them as edits of the plan; raise InvalidRequest for a scene that there is not."""
        merges = [edits.Merge(op="merge", scene=plan.scene(name).id) for name in self.merge]
        return [*(self._split(plan, text) for text in self.split), *merges]

    def _split(self, plan: TaggedPlan, text: str) -> Edit:
        name, _, seconds = text.partition("@")
        try:
            return edits.Split(op="split", scene=plan.scene(name).id, at=float(seconds))
        except ValueError as error:
            raise InvalidRequest(f"--split {text}: write SCENE@SECONDS, such as 2@3.5.") from error


def by_person(api: ApiClient, plan: TaggedPlan, person: Person, say: Say) -> TaggedPlan:
    """Return the plan as a person has edited it; what cannot be made is said, and edited again if they want to.

    Raises InvalidRequest or ApiError when they give up.
    """
    text = sheet.text_of(plan)
    while True:
        text = person.edit(text)
        try:
            return by_sheet(api, plan, sheet.parse(text)) if text.strip() else plan
        except (InvalidRequest, ApiError) as error:
            say(str(error))
            if not person.agrees("Edit it again?"):
                raise


def by_sheet(
    api: ApiClient, plan: TaggedPlan, new: Sheet, cuts: SceneCuts | None = None, more: Sequence[Edit] = ()
) -> TaggedPlan:
    """Return the plan with `more` edits, as the sheet has it, then cut; raise InvalidRequest or ApiError if it cannot.

    A sheet of an earlier revision is refused by the API, which names what has changed since.
    """
    is_stale = new.plan != plan.revision_name
    with refusals():
        changes = [*more, *(cuts.edits(plan) if cuts else ()), *_changes(plan, new, is_stale=is_stale)]
    return plan_api.edit(api, plan.view.video_id, f'"{new.plan}"', changes) if changes else plan


@contextmanager
def refusals() -> Generator[None]:
    """Raise InvalidRequest, which names the field, for an edit that cannot be."""
    try:
        yield
    except ValidationError as error:
        where, wrong = wrong_values.first(error)
        raise InvalidRequest(f"{'.'.join(where)}: {wrong}.") from error


def _changes(plan: TaggedPlan, new: Sheet, *, is_stale: bool) -> list[Edit]:
    # What a stale sheet differs in is not what was edited: any edit has the API say what has changed.
    return [edits.ChangeStyle(op="style", style=new.style)] if is_stale else differences(sheet.sheet_of(plan), new)
