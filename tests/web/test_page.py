"""The built page in a real browser on the embedded cloud; the steps themselves are in `web/e2e`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import site
from local.emulators.faults import Fault
from local.system import LocalSystem
from tests.web import browser
from tests.web.two_versions import put_two_versions

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT / "samples" / "austen.flac"
NPM = [sys.executable, str(ROOT / "web" / "npm.py")]
PATIENCE = 900


def drive(system: LocalSystem, steps: str, **more: str) -> None:
    """Run one file of steps against the running system; its output is the message of a failure."""
    environment = {
        **os.environ,
        "REELWRIGHT_URL": site.mount(system.cloud),
        "CHROME_PATH": browser.find() or "",
        "RECORDING": str(RECORDING),
        "NO_COLOR": "1",
        **more,
    }
    command = [*NPM, "run", "--silent", "e2e", "--", steps]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert process.returncode == 0, f"{process.stdout}\n{process.stderr}"


@pytest.mark.timeout(PATIENCE)
def test_a_person_goes_from_sign_in_to_a_playing_video(system: LocalSystem) -> None:
    drive(system, "journey")


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
