"""The commands about a kept video's plan, its takes and its runs, and the review that `make` offers.

Touches the API, the terminal, and the output folder of what is made.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from local.api_client import ApiClient, ApiError
from local.client import exit_status, library, make, pictures, report, session
from local.client.batch import Outcome
from local.client.exit_status import DONE
from local.client.own import music
from local.client.plan import api as plan_api
from local.client.plan import editing, retaking, sheet, text
from local.client.plan.api import TaggedPlan
from local.client.plan.listings import print_json, show_posts, show_takes, show_words, write_export
from local.client.plan.outcomes import outcome_of, say, tell, watch
from local.client.plan.person import AtTerminal, Person
from shared.choices.words import Goal
from shared.errors import InvalidRequest
from shared.http.plan_responses import RunStarted
from shared.http.refusals import PlanMissing
from shared.video.take import TakeKind

Command = Callable[[argparse.Namespace, Mapping[str, str]], int]
UNEDITED = "There is no terminal to edit at; use --set, --split, --merge, --music, --image, --pictures or --from."


def _plan(namespace: argparse.Namespace, api: ApiClient) -> int:
    return _tell_plan(plan_api.show(api, namespace.video), namespace)


def _edit(namespace: argparse.Namespace, api: ApiClient, person: Person) -> int:
    files = pictures.files_of(namespace)
    music.check(namespace.music)
    options = (files, namespace.music, namespace.set, namespace.split, namespace.merge, namespace.file)
    is_by_options = any(options)
    if not (is_by_options or person.is_there):
        raise InvalidRequest(UNEDITED)
    plan = plan_api.show(api, namespace.video)
    if is_by_options:
        new_sheet = sheet.read(namespace.file) if namespace.file else sheet.sheet_of(plan)
        cuts = editing.SceneCuts(tuple(namespace.split), tuple(namespace.merge))
        with pictures.uploads(api, files) as ids:
            own = [*pictures.changes(files, ids, plan), *music.changes(namespace.music, api)]
            new = editing.by_sheet(api, plan, sheet.with_values(new_sheet, namespace.set), cuts, own)
    else:
        new = editing.by_person(api, plan, person, exit_status.say)
    if new is plan:
        exit_status.say("Nothing was changed.")
    return _tell_plan(new, namespace)


def _use(namespace: argparse.Namespace, api: ApiClient) -> int:
    scene = plan_api.show(api, namespace.video).scene(namespace.scene)
    return _tell_plan(plan_api.choose(api, namespace.video, scene.id, namespace.take), namespace)


def _tell_plan(plan: TaggedPlan, namespace: argparse.Namespace) -> int:
    if namespace.json:
        return print_json(plan)
    if getattr(namespace, "yaml", False):
        print(sheet.text_of(plan), end="")
        return DONE
    report.print_plan(plan)
    exit_status.say(text.prices(plan))
    return DONE


def _run(namespace: argparse.Namespace, api: ApiClient) -> Outcome:
    goal: Goal = namespace.goal or "video"
    wishes = {"goal": goal, **_money(namespace)}
    tag = _tag_to_run(namespace, api)
    return _make_missing(namespace, api, goal, lambda: plan_api.start_run(api, namespace.video, wishes, tag))


def _retake(namespace: argparse.Namespace, api: ApiClient, person: Person) -> Outcome:
    plan = plan_api.show(api, namespace.video)
    scene = plan.scene(namespace.scene)
    goal = retaking.goal_of(namespace, api)
    kind: TakeKind = "still" if goal == "stills" else "clip"
    if not namespace.yes:
        retaking.agree_to_others(person, plan, scene, kind, namespace.model)
    choices = {"prompt": namespace.prompt, "model": namespace.model, "kind": kind}
    wishes = _present(choices) | _money(namespace)
    return _make_missing(namespace, api, goal, lambda: plan_api.retake(api, plan, scene.id, wishes))


def _tag_to_run(namespace: argparse.Namespace, api: ApiClient) -> str:
    """Return the tag of the revision that a run is about, "" while nothing is planned; raise InvalidRequest."""
    try:
        plan = plan_api.show(api, namespace.video)
    except ApiError as error:
        if error.code != PlanMissing.__name__:
            raise
        return ""
    if namespace.revision not in (None, plan.view.revision):
        raise InvalidRequest(
            f"The plan is at revision {plan.view.revision} by now, not {namespace.revision}: look at it with `plan`."
        )
    return plan.tag


def _make_missing(
    namespace: argparse.Namespace, api: ApiClient, goal: Goal, start: Callable[[], RunStarted]
) -> Outcome:
    """Start a run, say what it buys, wait for its end and write its files; return what came of it."""
    record = api.show(namespace.video)
    job = library.job_of(record, namespace.out, force=namespace.force).toward(goal)
    make.check_folder(job)
    run = start()
    numbers = text.numbers(plan_api.show(api, namespace.video).view)
    exit_status.say(text.purchases(run.buys, run.usd, numbers))
    return outcome_of(job, make.finish(job, watch(job, namespace.video, api), api), api)


def _money(namespace: argparse.Namespace) -> dict[str, Any]:
    return _present({"budget": namespace.budget, "orderAgain": namespace.order_again or None})


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _show(act: Callable[[argparse.Namespace, ApiClient], int]) -> Command:
    def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
        with session.api(session.of_store(namespace, environment)) as api:
            return act(namespace, api)

    return command


def _make(act: Callable[[argparse.Namespace, ApiClient], Outcome]) -> Command:
    def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
        with session.api(session.of_store(namespace, environment), say) as api:
            outcome = act(namespace, api)
        return tell([outcome], namespace)

    return command


def _edit_command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _show(lambda names, api: _edit(names, api, AtTerminal(environment)))(namespace, environment)


def _retake_command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _make(lambda names, api: _retake(names, api, AtTerminal(environment)))(namespace, environment)


COMMANDS: Mapping[str, Command] = {
    "plan": _show(_plan),
    "edit": _edit_command,
    "run": _make(_run),
    "retake": _retake_command,
    "takes": _show(show_takes),
    "posts": _show(show_posts),
    "use": _show(_use),
    "words": _show(show_words),
    "export": _show(write_export),
}
