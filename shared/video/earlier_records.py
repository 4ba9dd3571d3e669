"""What earlier versions and other systems wrote into the record, in today's names and words.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any

from shared.errors import SceneFiltered, VeoFailed, error_class

# What earlier versions wrote for a step that is under way.
UNDER_WAY_EARLIER = "in_progress"
# What earlier versions called attributes of a clip.
_EARLIER_NAMES = {"rephrased": "rephrased_for", "reordered": "reorder_count"}
# The states in which earlier versions wrote Veo's words alone, and the error that they belong to.
_ERROR_OF_STATE = {"filtered": SceneFiltered.__name__, "pending": VeoFailed.__name__}


def task_attributes(item: dict[str, Any]) -> dict[str, Any]:
    """Return a clip's attributes by today's names, with a state and a reason where they were written otherwise."""
    attributes = {today: item[name] for name, today in _EARLIER_NAMES.items() if name in item} | item
    status = attributes.get("status")
    is_ended = status in ("completed", "failed")
    if status is not None and ("state" not in attributes or is_ended):
        attributes["state"] = "generating" if status == "processing" else status
    error = attributes.get("error")
    return attributes | (_reason(attributes, error) if isinstance(error, str) and error else {})


def _reason(attributes: dict[str, Any], error: str) -> dict[str, Any]:
    """Return the reason that was written as one text, unless another one was written since."""
    if attributes.get("reason") not in (None, {"code": "", "message": ""}):
        return {}
    code, _, message = error.partition(": ")
    implied_code = _ERROR_OF_STATE.get(str(attributes.get("state")))
    if implied_code and not error_class(error):
        return {"reason": {"code": implied_code, "message": error}}
    return {"reason": {"code": code, "message": message}}
