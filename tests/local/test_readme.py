"""The README's lines for curl, run as they are written against a served cloud."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from local import site
from local.cli import main
from local.system import LocalSystem
from tests.local import film

ROOT = Path(__file__).parents[2]
MARKED = re.compile(r"<!-- tests/local/test_readme.py runs these lines -->\n(.*?)<!-- end -->", re.DOTALL)
BAD_INPUT = 2


@pytest.fixture(name="port", scope="module")
def port_of_a_served_cloud(system: LocalSystem) -> int:
    site.mount(system.cloud)
    return int(system.cloud.api_url.split(":")[2].partition("/")[0])


def lines(port: int) -> str:
    match = MARKED.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert match
    script = textwrap.dedent(match[1]).replace("8400", str(port))
    return script.replace(".venv/bin/reelwright", f"{sys.executable} -m local.cli")


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-euo", "pipefail", "-c", script]
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=280)
    assert process.returncode == 0, process.stderr
    return process


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl or jq is not on this machine")
def test_the_lines_for_curl_work_as_written(port: int, tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    process = run(lines(port), tmp_path)
    assert film.measure(tmp_path / "austen.mp4").picture_seconds > 5
    assert "00:00:0" in process.stdout
    video = json.loads((tmp_path / "new.json").read_text())["video"]["video_id"]
    assert json.loads(process.stdout.strip().splitlines()[-1])["videos"][0]["video_id"] == video
    # A second film by the same lines is another one; this one is cancelled as the README says.
    begin, _, _ = lines(port).partition("until ")
    cancel = 'curl -s -X DELETE -H "$AUTH" $API/ai-video/$VIDEO'
    *_, started, cancellation = run(f"{begin}\n{cancel}", tmp_path).stdout.replace("}{", "}\n{").splitlines()
    assert (json.loads(started)["status"], json.loads(cancellation)["status"]) == ("processing", "cancelled")
    assert json.loads(started)["videoId"] not in ("", video)


def test_a_token_is_all_that_is_printed(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--port", str(port), "--user", "other"]) == 0
    output = capsys.readouterr()
    assert (output.out.count("."), output.out.count("\n"), output.err) == (2, 1, "")


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--port", "1"], "reelwright serve"), (["--user", "eve"], "demo or")]
)
def test_no_token_without_a_cloud_or_a_user(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", *arguments]) == BAD_INPUT
    output = capsys.readouterr()
    assert output.out == ""
    assert words in output.err
