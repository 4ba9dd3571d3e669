"""What accounts and the purposes of what is set aside in them are called.

Values only; touches nothing.
"""

from __future__ import annotations

# The purpose of the clips that a run may order first; what was not spent is given back at its end.
PLAN = "plan"
# The purpose of the transcription, which is bought before there is a plan.
TRANSCRIPTION = "transcription"
# The purpose under which the making of a plan is; what was not spent is given back when the plan is there.
PLANNING = "planning"
# By purpose, the attribute in which a generation's account keeps on which day it was; of every other, by its name.
_DAYS = {PLAN: "planned_on", PLANNING: "planning_on", TRANSCRIPTION: "transcription_on"}
# How the ids of accounts begin; a deployment's goes on with the day.
OF_DEPLOYMENT = "spent#"
OF_USER = "spent#user#"
OF_GENERATION = "spent#generation#"


def day_attribute(what: str) -> str:
    """Return the attribute in which a generation's account keeps the day on which `what` was set aside last."""
    return _DAYS.get(what, f"{what} on")


def account_ids(user_id: str, generation_id: str, day: str) -> tuple[str, str, str]:
    """Return the ids of the generation's account, and of the user's and the deployment's on `day` (ISO 8601)."""
    return f"{OF_GENERATION}{generation_id}", f"{OF_USER}{user_id}#{day}", f"{OF_DEPLOYMENT}{day}"
