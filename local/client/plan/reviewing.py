"""The review that `make` offers: the plan with its price, as the person changes it, before anything dear is bought.

Touches the API, the terminal, and the output folder of what is made.
"""

from __future__ import annotations

import argparse

from local.api_client import ApiClient
from local.client import exit_status, make, report, session
from local.client.batch import Outcome
from local.client.make import VideoJob
from local.client.own.belongings import Belongings
from local.client.plan import api as plan_api
from local.client.plan import editing, text
from local.client.plan.api import TaggedPlan
from local.client.plan.outcomes import outcome_of, say, watch
from local.client.plan.person import Person
from local.client.progress import standard_error
from shared.choices.words import Goal
from shared.errors import InvalidRequest

UNASKED = "There is no terminal to ask at; use --yes to go on without being asked."


def make_with_review(
    job: VideoJob, options: session.SessionOptions, person: Person, own: Belongings, *, is_agreed: bool
) -> Outcome:
    """Plan the video, have the person change the plan and agree to its price, and make it; return what came of it.

    Raises InvalidRequest when nobody is there to be asked, and neither was it agreed to before.
    """
    if not (is_agreed or person.is_there):
        raise InvalidRequest(UNASKED)
    with session.api(options, say) as api:
        video_id = make.upload(job, api)
        with own.uploads([job], api) as jobs:
            make.start(jobs[0].toward("plan"), video_id, api)
        record = make.finish(job, watch(job.toward("plan"), video_id, api), api)
        plan = review(api, plan_api.show(api, video_id), person)
        if not (is_agreed or person.agrees(question(plan, job.goal))):
            return Outcome(job, record, plan)
        # What was agreed to is what is made: in the meantime somebody else may have changed it.
        plan_api.start_run(api, video_id, {"goal": job.goal}, plan.tag)
        return outcome_of(job, make.finish(job, watch(job, video_id, api), api), api)


def review(api: ApiClient, plan: TaggedPlan, person: Person) -> TaggedPlan:
    """Show the plan, and return it as the person has edited it, if anybody is there."""
    console = standard_error()
    exit_status.say(report.plan_lines(plan, console))
    if not person.is_there:
        return plan
    new = editing.by_person(api, plan, person, exit_status.say)
    if new is not plan:
        exit_status.say(report.plan_lines(new, console))
    return new


def question(plan: TaggedPlan, goal: Goal) -> str:
    """Return the question whether a video is to be made."""
    film = {"video": "the video", "stills": "the video of stills", "draft": "the draft"}[goal]
    usd = plan.next(goal).usd
    return f"Make {film} for {text.money(usd)}?" if usd else f"Make {film}, which is free?"


def check_review(namespace: argparse.Namespace) -> None:
    """Raise InvalidRequest when what is asked for cannot be reviewed."""
    if len(namespace.audio) > 1:
        raise InvalidRequest("--review is about the plan of one recording; name one only.")
    if namespace.goal == "plan":
        raise InvalidRequest("--review goes on after the plan; leave it out, or --goal plan.")
