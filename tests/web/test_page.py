"""The built page in a real browser on the embedded cloud; the steps themselves are in `web/e2e`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from local import site
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared.models.video_models import FRAME_RATE
from tests.local.test_plan_commands import frames_in_editor
from tests.unit import font_files
from tests.unit.media_fakes import make
from tests.unit.origins import origins_of
from tests.unit.picture_files import encode, photo
from tests.unit.test_render_own_picture import frames_of
from tests.web import browser
from tests.web.two_versions import put_two_versions

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT / "samples" / "austen.flac"
NPM = [sys.executable, str(ROOT / "web" / "npm.py")]
PATIENCE = 1800
LOGO_COLOR = (230, 0, 160)


def drive(system: LocalSystem, steps: str, **more: str) -> None:
    """Run one file of steps against the running system; its output is the message of a failure."""
    environment = {
        **os.environ,
        "REELWRIGHT_URL": site.mount(system.cloud),
        "CHROME_PATH": browser.find() or "",
        "RECORDING": str(RECORDING),
        "LEDGER": f"{system.veo.url}/_ledger",
        "LEDGER_KEY": system.veo.control_key,
        "NO_COLOR": "1",
        **more,
    }
    command = [*NPM, "run", "--silent", "e2e", "--", steps]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert process.returncode == 0, f"{process.stdout}\n{process.stderr}"


def pictures_in(folder: Path) -> str:
    """Return the paths, by lines, of two photos, of a file that only claims to be one, and of a logo."""
    logo = encode(Image.new("RGB", (200, 200), LOGO_COLOR), "PNG")
    contents = {"photo 2.jpg": photo(), "photo 10.png": photo("PNG"), "fake.jpg": b"<html></html>", "logo.png": logo}
    paths = [folder / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    return "\n".join(map(str, paths))


@pytest.mark.timeout(PATIENCE)
def test_a_person_goes_from_sign_in_to_a_playing_video(system: LocalSystem, tmp_path: Path) -> None:
    drive(system, "journey", DOWNLOADS=str(tmp_path), PICTURES=pictures_in(tmp_path))
    check_archive(tmp_path / "Austen.zip")
    check_logo(tmp_path / "own.mp4")
    assert b"Subject: Ready: Austen" in b"".join(file.read_bytes() for file in system.cloud.mails.folder.iterdir())


@pytest.mark.timeout(PATIENCE)
def test_a_person_directs_a_video_at_a_desk_and_on_a_phone(system: LocalSystem, tmp_path: Path) -> None:
    (tmp_path / "acme.ttf").write_bytes(font_files.font())
    drive(system, "director", FONT=str(tmp_path / "acme.ttf"))


def check_archive(path: Path) -> None:
    """Assert that the page's zip has what an editor needs, in one folder, and that its timeline finds all of it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert all(name.startswith(f"{path.stem}/") and ".." not in name for name in names)
        plan = json.loads(archive.read(f"{path.stem}/plan.json"))
        scenes = [f"{scene['sequence']:02d}-{scene['id']}" for scene in plan["scenes"]]
        clips = [f"{path.stem}/clips/{scene}.mp4" for scene in scenes]
        texts = [f"{path.stem}/{name}" for name in ("timeline.otio", "captions.srt", "captions.vtt", "plan.json")]
        pictures = [*clips, f"{path.stem}/cover.jpg"]
        assert sorted(names) == sorted([*texts, *pictures, f"{path.stem}/narration.m4a"])
        assert all(archive.read(name)[4:8] == b"ftyp" for name in clips)
    assert frames_in_editor(path, path.parent / "unpacked") == round(plan["seconds"] * FRAME_RATE)
    origins = [origins_of((path.parent / "unpacked" / clip).read_bytes()) for clip in clips]
    assert origins == [["trainedAlgorithmicMedia"]] * len(clips)


def check_logo(film: Path) -> None:
    """Assert that the logo of the preset, which the video was begun with, is at the top left of it all the time."""
    frames = frames_of(make(film.with_name("few.mp4"), "-i", str(film), "-an", "-vf", "fps=1")).astype(int)
    assert len(frames) > 3
    assert np.abs(frames[:, 50:120, 50:120] - LOGO_COLOR).max() < 40
    assert np.abs(frames[:, 50:120, 600:670] - LOGO_COLOR).max() > 100


@pytest.mark.timeout(PATIENCE)
def test_trouble_is_told_and_can_be_mended_and_two_videos_stand_side_by_side(
    system: LocalSystem, tmp_path: Path
) -> None:
    system.openai.faults.add(Fault("refusal"))
    drive(system, "trouble", TWICE=put_two_versions(system, RECORDING, tmp_path))


def attempts(system: LocalSystem) -> list[dict[str, object]]:
    """Return what a page of another origin would ask of each server."""
    moto = system.cloud.endpoint_url
    api = system.cloud.api_url
    clips = system.veo.url
    bucket = f"{moto}/{system.cloud.outputs['BucketName']}"
    signature = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request"}
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    rows: list[tuple[str, str, dict[str, str]]] = [
        (f"{moto}/moto-api/data.json", "GET", {}),
        (f"{moto}/moto-api/reset", "POST", {}),
        (f"{moto}/2015-03-31/functions/", "GET", signature),
        (f"{moto}/2015-03-31/functions", "POST", signature),
        (f"{moto}/", "POST", target),
        (bucket, "GET", {}),
        (f"{bucket}/x", "PUT", {}),
        (f"{api}/videos", "GET", {"Authorization": "x"}),
        (f"{api}/ai-video", "POST", {"Content-Type": "application/json"}),
        (f"{api.rsplit('/', 1)[0]}/config.json", "GET", {}),
        (f"{clips}/_faults", "DELETE", {}),
        (f"{clips}/_ledger", "GET", {}),
        (f"{system.openai.url}/v1/responses", "POST", {"Authorization": "Bearer x"}),
        (f"{system.google.url}/token", "POST", {}),
    ]
    return [
        {"url": url, "method": method, "headers": headers, **({} if method == "GET" else {"body": "{}"})}
        for url, method, headers in rows
    ]


@pytest.mark.timeout(PATIENCE)
def test_a_page_of_another_origin_gets_nothing(system: LocalSystem) -> None:
    drive(system, "stranger", TARGETS=json.dumps(attempts(system)))
