"""What each command of the command line does, and the exit status of its end.

Touches what the commands touch.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from local.api_client import ApiError
from local.client import batch, exit_status, library, make, options, recordings, report, session, versions
from local.client.choices import choices as generation_choices
from local.client.clips import commands as clip_commands
from local.client.clips import making
from local.client.exit_status import BAD_INPUT, DONE, FAILED, UNWRITTEN
from local.client.own import belongings, settings, shelves, transcripts
from local.client.own.belongings import Belongings
from local.client.plan import commands as plan_commands
from local.client.plan import estimating, reviewing
from local.client.plan.outcomes import outcome_of, tell, with_plan
from local.client.plan.person import AtTerminal
from local.client.progress import for_console, standard_error
from local.processes import runs
from shared.errors import InvalidRequest, ReelwrightError


def run(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the command that the command line names and return the exit status; whatever ends it is told of."""
    try:
        return COMMANDS[namespace.command](namespace, environment)
    except exit_status.Stopped as stop:
        return exit_status.tell(stop.words, stop.status)
    except (make.GenerationFailed, ApiError) as error:
        return exit_status.tell(str(error), report.status(error))
    except ReelwrightError as error:
        return exit_status.tell(str(error), BAD_INPUT)
    except BrokenPipeError:
        return exit_status.tell(UNWRITTEN, FAILED)
    except OSError as error:
        message, by_input = exit_status.reason(error)
        return exit_status.tell(message, BAD_INPUT if by_input else FAILED)


def _make(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    choices = generation_choices(namespace)
    texts = transcripts.files_of(namespace)
    make.check_choices(choices, local_speech=not transcripts.are_all_timed(texts))
    own = belongings.of(namespace)
    if namespace.clips is not None:
        making.check(namespace)
    elif namespace.review:
        reviewing.check_review(namespace)
    for audio in namespace.audio:
        recordings.check(audio)
    shared_by_all = {"out": namespace.out, "force": namespace.force}
    jobs = [
        make.VideoJob(audio, choices, **shared_by_all, transcript=text)
        for audio, text in zip(namespace.audio, texts, strict=True)
    ]
    batch.check_names(jobs)
    if namespace.clips:
        making.check_files(making.jobs_of(jobs[0], int(namespace.clips)))
    for job in () if namespace.clips else jobs:
        make.check_folder(job)
    with runs.folder("recordings-") as folder:
        jobs = [replace(job, recording=recordings.as_file(job.recording, Path(folder))) for job in jobs]
        for job, audio in zip(jobs, namespace.audio, strict=True):
            recordings.examine(job.recording, audio)
        data = session.data_folder(namespace.data, environment) if namespace.keep or namespace.data else None
        chosen_options = session.SessionOptions(data, namespace.live, environment)
        person = AtTerminal(environment)
        if namespace.clips:
            wish = making.ClipsWish(int(namespace.clips), namespace.review, namespace.yes)
            outcomes = making.make_clips(jobs[0], chosen_options, person, own, wish)
        elif namespace.review:
            outcomes = [reviewing.make_with_review(jobs[0], chosen_options, person, own, is_agreed=namespace.yes)]
        else:
            outcomes = _run_jobs(jobs, chosen_options, own)
    return tell(outcomes, namespace, is_kept=data is not None)


def _run_jobs(plain: Sequence[make.VideoJob], options: session.SessionOptions, own: Belongings) -> list[batch.Outcome]:
    with (
        for_console(standard_error()) as progress,
        session.api(options, progress.say) as api,
        own.uploads(plain, api) as jobs,
    ):
        if len(jobs) == 1:
            return [outcome_of(jobs[0], make.run(jobs[0], api, progress), api)]
        return [with_plan(outcome, api) for outcome in batch.run_all(jobs, api, progress)]


def _serve(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    data = None if namespace.no_keep else session.data_folder(namespace.data, environment)
    with session.local_system(
        session.SessionOptions(data, namespace.live, environment, api_port=namespace.port)
    ) as system:
        from local import site

        cloud = system.cloud
        print(f"Page          {site.mount(cloud, preview=not namespace.live)}")
        print(f"API           {cloud.api_url}")
        print(f"AWS endpoint  {cloud.endpoint_url}  (for its keys: {_eval(cloud.api_url)})")
        print(f"Machine       {cloud.outputs['StateMachineArn']}")
        print(f"Data          {data or 'nothing is kept'}")
        print(f"E-mails       {cloud.mails.folder}")
        cloud.mails.say = exit_status.say
        print("Ctrl-C stops it.", flush=True)
        cloud.keeper.recover(cloud, exit_status.say)
        threading.Event().wait()
    return DONE


def _estimate(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    body = estimating.wishes(namespace)
    with session.api(session.of_any_store(namespace, environment)) as api:
        return estimating.command(namespace, body, api)


def _list(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with session.api(session.of_any_store(namespace, environment)) as api:
        records = list(api.videos())
    if namespace.json:
        print(make.record_json(records, ascii_only=report.is_narrow()))
    else:
        report.print_lines(library.lines(records), "No video is kept here; `reelwright make --keep` makes one.")
    return DONE


def _show(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with session.api(session.of_store(namespace, environment)) as api:
        print(make.record_json(api.show(namespace.video), ascii_only=report.is_narrow()))
    return DONE


def _delete(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    person = AtTerminal(environment)
    if not (namespace.yes or person.is_there):
        raise InvalidRequest(reviewing.UNASKED)
    with session.api(session.of_store(namespace, environment)) as api:
        title = api.show(namespace.video).title or namespace.video
        if namespace.yes or person.agrees(f"Delete {title} and its videos for good?"):
            exit_status.say(str(api.call("DELETE", f"/videos/{namespace.video}").body["message"]))
    return DONE


def _versions(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with session.api(session.of_store(namespace, environment)) as api:
        return versions.command(namespace, api)


def _own(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with session.api(session.of_store(namespace, environment)) as api:
        return shelves.command(namespace, api)


def _settings(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with session.api(session.of_store(namespace, environment)) as api:
        return settings.command(namespace, api)


def _resume(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    choices = session.of_store(namespace, environment)
    with for_console(standard_error()) as progress, session.api(choices, progress.say) as api:
        again = {"force": namespace.force, "order_again": namespace.order_again, "budget": namespace.budget}
        job, record = library.go_on(namespace.video, api, progress, namespace.out, **again)
        outcome = outcome_of(job, record, api)
    return tell([outcome], namespace)


def _token(namespace: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from local.sign_in import id_token

    print(id_token(namespace.port, namespace.user))
    return DONE


def _env(namespace: argparse.Namespace, _environment: Mapping[str, str]) -> int:
    from local.sign_in import exports

    print(exports(namespace.port))
    return DONE


def _mcp(namespace: argparse.Namespace, environment: Mapping[str, str]) -> int:
    # Its library costs every other command a second.
    from local.agents import command

    return command.command(namespace, environment)


def _eval(api_url: str) -> str:
    port = urlsplit(api_url).port
    return 'eval "$(reelwright env' + ("" if port == options.API_PORT else f" --port {port}") + ')"'


COMMANDS = {
    "make": _make,
    "serve": _serve,
    "token": _token,
    "env": _env,
    "mcp": _mcp,
    "estimate": _estimate,
    "list": _list,
    "show": _show,
    "delete": _delete,
    "versions": _versions,
    "resume": _resume,
    "own": _own,
    "settings": _settings,
    **plan_commands.COMMANDS,
    **clip_commands.COMMANDS,
}
