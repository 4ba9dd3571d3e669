"""What a retake buys besides the scene that is named, and the person who agrees to it before.

Touches the API, and the terminal.
"""

from __future__ import annotations

import argparse

from local.api_client import ApiClient
from local.client import make
from local.client.plan import text
from local.client.plan.api import TaggedPlan
from local.client.plan.person import Person
from shared.choices.words import Goal
from shared.errors import InvalidRequest
from shared.http.plan_responses import SceneShown
from shared.video.take import TakeKind


def goal_of(namespace: argparse.Namespace, api: ApiClient) -> Goal:
    """Return what the video is made of with the new take: stills where it is a video of stills already."""
    is_of_stills = namespace.still or make.goal_of(api.show(namespace.video)) == "stills"
    return "stills" if is_of_stills else "video"


def agree_to_others(person: Person, plan: TaggedPlan, scene: SceneShown, kind: TakeKind, model: str | None) -> None:
    """Have the person agree that a retake buys what other scenes lack, too; raise InvalidRequest unless they do."""
    others = plan.lacking(scene, kind)
    if not others:
        return
    usd = text.money(plan.retake_usd(scene, kind, model))
    what = f"Scene {', '.join(map(str, others))} lacks a {kind}, so that this buys {len(others) + 1} for {usd}"
    if not person.is_there:
        raise InvalidRequest(f"{what}, not one; use --yes to agree to that.")
    if not person.agrees(f"{what}. Go on?"):
        raise InvalidRequest("Nothing was bought.")
