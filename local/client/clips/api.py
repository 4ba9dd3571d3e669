"""The API's moments and clips, as the command line and agents ask for them.

Touches the API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.api_client import ApiClient
from shared.http.moments.requests import StartClips
from shared.http.moments.responses import ClipsPriced, ClipsStarted, MomentsPriced, MomentsShown
from shared.http.plan_responses import RunStarted

# What a search takes of the choices of a generation; the rest is what its clips are like.
SEARCH = ("prompt", "targetDuration", "languageCode", "speakers", "transcriptId", "budget")
_OF_CLIPS = {str(field.alias) for field in StartClips.model_fields.values()}


def path_of(video_id: str, what: str) -> str:
    """Return the path of a recording's moments, or clips."""
    return f"/videos/{video_id}/{what}"


def look(api: ApiClient, video_id: str, count: int, choices: Mapping[str, Any]) -> None:
    """Start to look for moments; raises ApiError."""
    api.call("POST", path_of(video_id, "moments"), _search(count, choices))


def price_of_look(api: ApiClient, video_id: str, count: int, choices: Mapping[str, Any]) -> MomentsPriced:
    """Return what `look` would cost, with the same choices; raises ApiError."""
    body = _search(count, choices)
    return MomentsPriced.model_validate(api.call("POST", path_of(video_id, "moments/estimate"), body).body)


def show(api: ApiClient, video_id: str) -> MomentsShown:
    """Return the moments that were chosen last; raises ApiError when there are none."""
    return MomentsShown.model_validate(api.call("GET", path_of(video_id, "moments")).body)


def start(
    api: ApiClient, video_id: str, moments: Sequence[str | dict[str, Any]], choices: Mapping[str, Any]
) -> ClipsStarted:
    """Start clips of moments, by their ids, or of excerpts; raises ApiError."""
    body = _order(moments, choices)
    return ClipsStarted.model_validate(api.call("POST", path_of(video_id, "clips"), body).body)


def price(
    api: ApiClient, video_id: str, moments: Sequence[str | dict[str, Any]], choices: Mapping[str, Any]
) -> ClipsPriced:
    """Return what `start` would cost, with the same choices; raises ApiError."""
    body = _order(moments, choices)
    return ClipsPriced.model_validate(api.call("POST", path_of(video_id, "clips/estimate"), body).body)


def _search(count: int, choices: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": count, **{name: choices[name] for name in SEARCH if name in choices}}


def _order(moments: Sequence[str | dict[str, Any]], choices: Mapping[str, Any]) -> dict[str, Any]:
    ids = [each for each in moments if isinstance(each, str)]
    which = {"moments": ids} if ids else {"excerpts": list(moments)}
    return which | {name: value for name, value in choices.items() if name in _OF_CLIPS}


def start_variant(api: ApiClient, video_id: str, wishes: Mapping[str, Any]) -> RunStarted:
    """Start to make a finished video in another format; raises ApiError."""
    body = {name: value for name, value in wishes.items() if value is not None}
    return RunStarted.model_validate(api.call("POST", f"/ai-video/{video_id}/variants", body).body)
