"""The commands about a kept video's plan, its takes and its runs, and the review that `make` offers.

Touches the API, the terminal, and the output folder of what is made.
"""

from __future__ import annotations

import argparse
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.api_client import ApiClient, ApiError
from local.client import exit_status, library, make, pictures, report, session
from local.client.batch import Outcome
from local.client.make import VideoJob
from local.client.pictures import OwnFile
from local.client.plan import api as plan_api
from local.client.plan import editing, retaking, sheet, text
from local.client.plan.api import TaggedPlan
from local.client.plan.listings import print_json, show_takes, show_words, write_export
from local.client.plan.person import AtTerminal, Person
from local.client.progress import for_console, standard_error
from shared.contracts import Goal
from shared.errors import InvalidRequest
from shared.http.plan_responses import RunStarted
from shared.http.refusals import PlanMissing
from shared.http.views import VideoView
from shared.video.take import TakeKind

Command = Callable[[argparse.Namespace, Mapping[str, str]], int]
UNASKED = "There is no terminal to ask at; use --yes to go on without being asked."
UNEDITED = "There is no terminal to edit at; use --set, --split, --merge, --image, --pictures or --from."


def make_with_review(
    job: VideoJob, options: session.SessionOptions, person: Person, files: Sequence[OwnFile] = (), *, is_agreed: bool
) -> Outcome:
    """Plan the video, have the person change the plan and agree to its price, and make it; return what came of it.

    Raises InvalidRequest when nobody is there to be asked, and neither was it agreed to before.
    """
    if not (is_agreed or person.is_there):
        raise InvalidRequest(UNASKED)
    with session.api(options, _say) as api:
        video_id = make.upload(job, api)
        with pictures.uploads(api, files) as ids:
            api.start(video_id, job.with_pictures(pictures.wishes(files, ids)).toward("plan").choices)
        record = make.finish(job, _watch(job.toward("plan"), video_id, api), api)
        plan = review(api, plan_api.show(api, video_id), person)
        if not (is_agreed or person.agrees(question(plan, job.goal))):
            return Outcome(job, record, plan)
        # What was agreed to is what is made: in the meantime somebody else may have changed it.
        plan_api.start_run(api, video_id, {"goal": job.goal}, plan.tag)
        return outcome_of(job, make.finish(job, _watch(job, video_id, api), api), api)


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


def outcome_of(job: VideoJob, record: VideoView, api: ApiClient) -> Outcome:
    """Return what came of a job, with its plan where that is what the next step is about."""
    is_waiting = record.ai_generation_status == "awaiting_review"
    return Outcome(job, record, plan_api.show(api, record.video_id) if is_waiting else None)


def with_plan(outcome: Outcome, api: ApiClient) -> Outcome:
    """Return what came of a job, with its plan where there is one to go on with."""
    return outcome_of(outcome.job, outcome.result, api) if isinstance(outcome.result, VideoView) else outcome


def how_to_go_on(namespace: argparse.Namespace, *, is_kept: bool) -> report.NextCommands:
    """Return what tells the command lines that edit a video's plan and go on with it, by the video's id."""
    store = ["--data", str(namespace.data)] if namespace.data else []
    live = ["--live", ",".join(namespace.live)] if namespace.live else []

    def commands(video_id: str) -> tuple[str, str] | None:
        edit = shlex.join(["reelwright", "edit", video_id, *store])
        return (edit, shlex.join(["reelwright", "run", video_id, *store, *live])) if is_kept else None

    return commands


def _plan(namespace: argparse.Namespace, api: ApiClient) -> int:
    return _tell_plan(plan_api.show(api, namespace.video), namespace)


def _edit(namespace: argparse.Namespace, api: ApiClient, person: Person) -> int:
    files = pictures.files_of(namespace)
    is_by_options = bool(files or namespace.set or namespace.split or namespace.merge or namespace.file)
    if not (is_by_options or person.is_there):
        raise InvalidRequest(UNEDITED)
    plan = plan_api.show(api, namespace.video)
    if is_by_options:
        new_sheet = sheet.parse(namespace.file.read_text(encoding="utf-8")) if namespace.file else sheet.sheet_of(plan)
        cuts = editing.SceneCuts(tuple(namespace.split), tuple(namespace.merge))
        with pictures.uploads(api, files) as ids:
            own = pictures.changes(files, ids, plan)
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
        return report.DONE
    report.print_plan(plan)
    exit_status.say(text.prices(plan))
    return report.DONE


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
    retaking.agree_to_others(namespace, plan, scene, kind, person)
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
        raise InvalidRequest(f"The plan is at revision {plan.view.revision} by now, not {namespace.revision}.")
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
    return outcome_of(job, make.finish(job, _watch(job, namespace.video, api), api), api)


def _say(line: str) -> None:
    # An empty line ends what is shown while there is a live view.
    if line:
        exit_status.say(line)


def _watch(job: VideoJob, video_id: str, api: ApiClient) -> VideoView:
    with for_console(standard_error()) as progress:
        return make.watch(job, video_id, api, progress, time.sleep)


def _money(namespace: argparse.Namespace) -> dict[str, Any]:
    return _present({"budget": namespace.budget, "orderAgain": namespace.order_again or None})


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _of_store(namespace: argparse.Namespace, environment: Mapping[str, str]) -> session.SessionOptions:
    data = session.data_folder(namespace.data, environment)
    return session.SessionOptions(data, getattr(namespace, "live", None), environment, namespace.user)


def _show(act: Callable[[argparse.Namespace, ApiClient], int]) -> Command:
    def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
        with session.api(_of_store(namespace, environment)) as api:
            return act(namespace, api)

    return command


def _make(act: Callable[[argparse.Namespace, ApiClient], Outcome]) -> Command:
    def command(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
        with session.api(_of_store(namespace, environment), _say) as api:
            outcome = act(namespace, api)
        return report.tell([outcome], how_to_go_on(namespace, is_kept=True), as_json=namespace.json)

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
    "use": _show(_use),
    "words": _show(show_words),
    "export": _show(write_export),
}
