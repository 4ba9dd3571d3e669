"""The real CDK CLI against an endpoint on this computer: bootstrap, deploy, run a job, change a stage, deploy again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.http.keys import USER
from local.system import FAST, LocalSystem
from tests.local import film
from tests.local.cdk_cli import PROJECT, Cdk, copy_project
from tests.local.jobs import Jobs, data_of, quick

NOTE = "planned by the second deployment"
PLAN = "functions/plan/handler.py"
OLD = "core.degradations(request, brief, plan)"
NEW = f"[{NOTE!r}, *core.degradations(request, brief, plan)]"


@pytest.fixture(name="system", scope="module")
def empty_system() -> Iterator[LocalSystem]:
    with quick(empty=True) as system:
        yield system


def digests(system: LocalSystem) -> dict[str, str]:
    """Return each function's code digest, by its construct's name."""
    rows = system.cloud.client("lambda").list_functions()["Functions"]
    return {row["FunctionName"].split("-")[1]: row["CodeSha256"] for row in rows}


@pytest.mark.timeout(900)
def test_what_the_cli_deploys_runs_and_a_changed_stage_runs_anew(system: LocalSystem, tmp_path: Path) -> None:
    tree = copy_project(tmp_path / "project")
    cdk = Cdk(tree, system.cloud.endpoint_url, system.cloud.keys.secret(USER))
    cdk.bootstrap()
    outputs = cdk.deploy(**FAST)
    system.cloud.adopt()
    assert system.cloud.outputs == outputs
    assert outputs["SiteUrl"].startswith("https://")
    voice = film.make_sound(PROJECT / "samples" / "austen.flac", tmp_path / "voice.flac", "-t", "3.5")
    jobs = Jobs(system, tmp_path)

    first = jobs.make(voice)
    first_digests = digests(system)
    assert first.ai_generation_status == "completed"
    assert NOTE not in data_of(first).degraded
    assert film.measure(tmp_path / "voice.mp4").frames > 0

    source = (tree / PLAN).read_text(encoding="utf-8")
    assert source.count(OLD) == 1
    (tree / PLAN).write_text(source.replace(OLD, NEW), encoding="utf-8")
    assert cdk.deploy(**FAST) == outputs
    second = jobs.make(voice)
    assert second.ai_generation_status == "completed"
    assert NOTE in data_of(second).degraded
    changed_stages = {name for name, digest in digests(system).items() if first_digests[name] != digest}
    assert changed_stages == {"Plan"}


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://cloudformation.us-east-1.amazonaws.com",
        "http://10.0.0.1:5000",
        "http://127.0.0.1.example.com:5000",
        "http://localhost.example.com",
        "http://example.com/?at=127.0.0.1",
        "http://127.0.0.1@example.com",
    ],
)
def test_no_endpoint_but_one_of_this_computer_is_taken(tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(ValueError, match="not an address of this computer"):
        Cdk(tmp_path, endpoint, "")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000"])
def test_an_endpoint_of_this_computer_is_taken(tmp_path: Path, endpoint: str) -> None:
    assert Cdk(tmp_path, endpoint, "").endpoint == endpoint
