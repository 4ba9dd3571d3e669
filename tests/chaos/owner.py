"""What a video's owner does besides starting it: uses the form again, cancels, deletes, at any moment.

Touches the API's URL and the presigned form, as any client does.
"""

from __future__ import annotations

import time
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from local.api_client import ApiClient
from shared.choices.words import Goal
from shared.models.video_models import OMNI
from tests.chaos import menu, recuts

# What each change of the plan is.
EDITS: dict[str, list[dict[str, Any]]] = {
    menu.RESTYLE: [{"op": "captions", "captions": "lines"}],
    menu.REWRITE: [{"op": "scene", "scene": "s1", "prompt": "A quiet harbour"}],
    menu.REMODEL: [{"op": "scene", "scene": "s1", "model": OMNI}],
    menu.RELOOK: [{"op": "look", "place": "A quiet harbour"}],
    menu.CORRECT: [{"op": "word", "index": 0, "text": "Well"}],
    menu.REDRAW: [{"op": "retake", "scene": "s1", "kind": "still"}],
    menu.CHAIN: [{"op": "continuity", "continuity": "chain"}],
    menu.FIRST_STILL: [{"op": "continuity", "continuity": "still"}],
    menu.ANIMATE: [{"op": "style", "style": "animated"}],
    menu.REMODEL_ALL: [{"op": "model", "model": OMNI}],
}
# What is asked for of the first scene, all at once.
RETAKES: dict[str, dict[str, Any]] = {menu.RETAKE: {}, menu.RETAKE_STILL: {"kind": "still"}}
TRIES = 12
# Seconds between two tries of what the API asks to try again, and until it must have answered.
PAUSE = 0.5
TIMEOUT = 60


def create(api: ApiClient, file: Path, content_type: str) -> tuple[str, dict[str, Any]]:
    """Return a new video's id, and the form for its upload."""
    body = {
        "title": file.stem,
        "filename": file.name,
        "contentType": content_type,
        "fileSize": file.stat().st_size,
    }
    reply = api.call("POST", "/videos", body).body
    return reply["video"]["video_id"], reply["upload"]


def write(form: dict[str, Any], file: Path) -> None:
    """Send the file by the form; nothing keeps anybody from doing so again while the form works."""
    reply = requests.post(form["url"], data=form["fields"], files={"file": file.read_bytes()}, timeout=TIMEOUT)
    assert reply.ok, reply.text


def cancel(api: ApiClient, video: str) -> bool:
    """Cancel the generation; return whether one was running."""
    return _cancel_or_delete(api, f"/ai-video/{video}", "NotProcessing")


def delete(api: ApiClient, video: str) -> bool:
    """Delete the video; return whether it could be, which it cannot while a generation runs."""
    return _cancel_or_delete(api, f"/videos/{video}", "AlreadyProcessing")


def change(api: ApiClient, video: str, what: str) -> dict[str, Any] | None:
    """Change the video and have it made again; return the run's announcement as `run_to` does."""
    if what in RETAKES:
        return _ask(api, "POST", f"/ai-video/{video}/scenes/s1/takes", RETAKES[what])
    return run_to(api, video, "video") if edit(api, video, what) else None


def edit(api: ApiClient, video: str, what: str) -> bool:
    """Edit the plan; return whether it could be."""
    edits = EDITS.get(what) or recuts.EDITS.get(what, _put_back)(_plan(api, video))
    return _ask(api, "PATCH", f"/ai-video/{video}/plan", {"edits": edits}) is not None


def run_to(api: ApiClient, video: str, goal: Goal) -> dict[str, Any] | None:
    """Start a run; return its announcement, which is empty if the answer went astray, or None when it is refused."""
    return _ask(api, "POST", f"/ai-video/{video}/runs", {"goal": goal})


def moments(api: ApiClient, video: str) -> list[str]:
    """Return the ids of the recording's moments."""
    return [moment["id"] for moment in _look(api, f"/videos/{video}/moments")["moments"]]


def videos(api: ApiClient, path: str) -> list[str]:
    """Return the ids of the videos that a route lists."""
    return [video["video_id"] for video in _look(api, path)["videos"]]


def order(api: ApiClient, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Order clips or a variant; return the answer, which is empty if it went astray, or None when it is refused."""
    return _ask(api, "POST", path, body)


def _plan(api: ApiClient, video: str) -> dict[str, Any]:
    """Return the video's plan."""
    return _look(api, f"/ai-video/{video}/plan")["plan"]


def _look(api: ApiClient, path: str) -> dict[str, Any]:
    """Return what a route shows, asked for as patiently as a person who is told to try again."""
    answer = requests.Response()
    for _ in range(TRIES):
        answer = requests.get(api.url + path, headers={"Authorization": api.token()}, timeout=TIMEOUT)
        if answer.ok:
            return answer.json()
        time.sleep(PAUSE)
    raise AssertionError(f"GET {path}: {answer.text}")


def _put_back(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the edits by which another take of the first scene is asked for, and the one that it has is chosen."""
    takes = plan["scenes"][0]["takes"]
    return [{"op": "retake", "scene": "s1"}, *({"op": "take", "scene": "s1", "take": take["id"]} for take in takes[:1])]


def _ask(api: ApiClient, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Ask as patiently as a person who is told to try again; return the answer, or None when it is refused."""
    key = str(uuid.uuid4())
    for _ in range(TRIES):
        headers = {"Authorization": api.token(), "If-Match": "*", "Idempotency-Key": key}
        answer = requests.request(method, api.url + path, json=body, headers=headers, timeout=TIMEOUT)
        if answer.ok:
            return answer.json()
        # A try whose answer was an error may have started it.
        if answer.json().get("error") == "AlreadyProcessing":
            return {}
        if not answer.json().get("retriable"):
            return None
        time.sleep(PAUSE)
    return None


def _cancel_or_delete(api: ApiClient, path: str, refusal: str) -> bool:
    """Send a DELETE as patiently as a person who is told to try again; return False when it is refused so."""
    answer = requests.Response()
    for _ in range(TRIES):
        answer = requests.delete(api.url + path, headers={"Authorization": api.token()}, timeout=TIMEOUT)
        # Deleted by a try whose answer was an error.
        if answer.ok or answer.status_code == HTTPStatus.NOT_FOUND:
            return True
        if answer.json().get("error") == refusal:
            return False
        time.sleep(PAUSE)
    raise AssertionError(f"DELETE {path}: {answer.text}")
