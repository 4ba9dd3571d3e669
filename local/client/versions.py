"""The finished videos of a kept recording: list them, write the files of one again, delete one.

Touches the API, the folder that files are written to, standard output and standard error.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import quote

from local.api_client import ApiClient
from local.client import exit_status, library, make, outputs, report
from local.client.exit_status import DONE
from shared.errors import InvalidRequest
from shared.http.views import VersionView

# The files of a version, by their links' names, the video first.
ENDINGS = {"video": ".mp4", "captions_srt": ".srt", "captions_vtt": ".vtt", "poster": ".jpg"}


def command(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Do what `versions` is asked for, and return the exit status; raises InvalidRequest or ApiError."""
    if namespace.delete:
        path = "/".join(quote(part, safe="") for part in (namespace.video, "versions", namespace.delete))
        exit_status.say(str(api.call("DELETE", f"/ai-video/{path}").body["message"]))
        return DONE
    versions = api.versions(namespace.video)
    if namespace.save:
        print(_save(namespace, api, choose(versions, namespace.save)))
    elif namespace.json:
        print(make.record_json(versions, ascii_only=report.is_narrow()))
    else:
        report.print_lines(library.version_lines(versions), "No video of this recording is finished.")
        for note in library.version_notes(versions):
            exit_status.note(note)
    return DONE


def choose(versions: list[VersionView], generation: str) -> VersionView:
    """Return the finished video of the generation; raise InvalidRequest."""
    for version in versions:
        if version.generation_id == generation:
            return version
    names = ", ".join(version.generation_id for version in versions) or "there is none"
    raise InvalidRequest(f"This recording has no finished video {generation}; choose from: {names}.")


def _save(namespace: argparse.Namespace, api: ApiClient, version: VersionView) -> Path:
    """Write the files of a version, all or none, and return the video's."""
    job = library.job_of(api.show(namespace.video), namespace.out, force=namespace.force)
    endings = {name: f".{version.generation_id}{ENDINGS[name]}" for name in ENDINGS if name in version.links}
    stem = outputs.shorten(job.title, job.out, endings.values())
    files = {name: job.out / f"{stem}{ending}" for name, ending in endings.items()}
    outputs.check([*files.values()], job.out)
    outputs.check_free([*files.values()], force=job.force)
    with outputs.staging(job.out) as staging:
        for name, file in files.items():
            api.fetch(version.links[name].url, staging / file.name)
        outputs.put(staging, job.out, force=job.force)
    return files["video"]
