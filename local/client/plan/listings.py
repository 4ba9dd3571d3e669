"""The commands that show, or write out, what a kept video's plan has: its takes, its words, the files for an editor.

Touches the API, standard output and standard error, and the folder that an export goes to.
"""

from __future__ import annotations

import argparse
import json

from local.api_client import ApiClient
from local.client import exit_status, library, report
from local.client.exit_status import DONE
from local.client.plan import api as plan_api
from local.client.plan import editing, export, text, words
from local.client.plan.api import TaggedPlan


def show_takes(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Print the takes of each scene; return the exit status."""
    plan = plan_api.show(api, namespace.video)
    if namespace.json:
        return print_json(plan)
    none = "There are none yet: `reelwright run` makes what the video lacks."
    report.print_lines(library.columns(text.take_rows(plan.view)), none)
    return DONE


def show_posts(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Print the words to post the video with, as each platform takes them; return the exit status."""
    plan = plan_api.show(api, namespace.video)
    if namespace.json:
        return print_json(plan)
    print("\n\n".join(text.post_blocks(plan.view)))
    if not plan.view.publish.posts:
        exit_status.say("There are none yet: `reelwright edit` can write them.")
    return DONE


def show_words(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Print the words, corrected first where that is asked for; return the exit status."""
    plan = plan_api.show(api, namespace.video)
    changes = words.WordChanges(tuple(namespace.set), tuple(namespace.join), tuple(namespace.delete))
    with editing.refusals():
        word_edits = changes.edits(plan.view)
    if word_edits:
        plan = plan_api.edit(api, namespace.video, plan.tag, word_edits)
        exit_status.say(text.prices(plan))
    if namespace.json:
        print(json.dumps(words.documents(plan.view), indent=2, ensure_ascii=report.is_narrow()))
        return DONE
    report.print_lines(library.columns(words.rows(plan.view)), "Nothing is said in this video.")
    return DONE


def write_export(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Write the export's zip, and print where it is; return the exit status."""
    view = plan_api.export(api, namespace.video)
    target = export.place(view, namespace.out)
    export.save(api, view, target, force=namespace.force)
    print(target)
    for note in view.notes:
        exit_status.note(note)
    return DONE


def print_json(plan: TaggedPlan) -> int:
    """Print the plan as JSON; return the exit status."""
    print(plan.view.model_dump_json(by_alias=True, indent=2, ensure_ascii=report.is_narrow()))
    return DONE
