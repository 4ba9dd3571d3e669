"""Workers: the real runtime client, the plain one, timeouts, deaths, queues and clean ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.cloud import ROOT, EmbeddedCloud
from local.lambda_runtime import fork_server, packages
from local.lambda_runtime.runtime import Function, LambdaRuntime, RuntimeClosedError
from shared.stage import STAGES
from tests.local.cloud_under_test import eventually

ECHO = Function(
    name="echo",
    arn="arn:aws:lambda:us-east-1:123456789012:function:echo",
    handler="tests.local.handlers.echo.handler",
    timeout=60,
    memory=256,
    region="us-east-1",
    environment={"OWN": "yes"},
)


def runs(pid: int) -> bool:
    """Whether a process still works; a dead one that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def result(runtime: LambdaRuntime, event: object, function: Function = ECHO) -> Any:
    reply = runtime.invoke(function, event)
    assert not reply.is_error, reply.payload
    return json.loads(reply.payload)


def failure(runtime: LambdaRuntime, event: object, function: Function = ECHO) -> Any:
    reply = runtime.invoke(function, event)
    assert reply.is_error
    return json.loads(reply.payload)


@pytest.fixture(name="runtime", scope="module", params=[(), ("--plain",)], ids=["official", "plain"])
def both_clients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LambdaRuntime]:
    logs = tmp_path_factory.mktemp("logs")
    runtime = LambdaRuntime(ROOT, logs, {"EXTRA": "too"}, command=request.param)
    yield runtime
    runtime.close()


def test_event_context_and_environment(runtime: LambdaRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVELOPERS_SECRET", "do not look")
    reply = result(runtime, {"text": "ünï"}, replace(ECHO, name="fresh"))
    assert reply["event"] == {"text": "ünï"}
    assert (reply["function"], reply["arn"], reply["cwd"]) == ("fresh", ECHO.arn, str(ROOT))
    assert 0 < reply["remaining"] <= 60_000
    assert reply["env"].items() >= {"OWN": "yes", "EXTRA": "too", "AWS_REGION": "us-east-1", "TZ": ":UTC"}.items()
    assert "DEVELOPERS_SECRET" not in reply["env"]
    assert "HOME" not in reply["env"]


def test_idle_worker_is_used_again(runtime: LambdaRuntime) -> None:
    first = result(runtime, {})
    second = result(runtime, {})
    assert first["pid"] == second["pid"]
    assert first["request_id"] != second["request_id"]


def test_each_invocation_has_a_trace_of_its_own(runtime: LambdaRuntime) -> None:
    traces = [result(runtime, {})["env"]["_X_AMZN_TRACE_ID"] for _ in range(2)]
    assert traces[0] != traces[1]
    for trace in traces:
        assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0", trace)


def test_changed_function_gets_a_new_worker(runtime: LambdaRuntime) -> None:
    before = result(runtime, {})
    after = result(runtime, {}, replace(ECHO, environment={"OWN": "no"}))
    assert after["pid"] != before["pid"]
    assert after["env"]["OWN"] == "no"


def test_exception_is_reported_as_lambda_does(runtime: LambdaRuntime) -> None:
    report = failure(runtime, {"do": "fail"})
    assert (report["errorType"], report["errorMessage"]) == ("BudgetExceeded", "too dear")
    assert any("echo.py" in line for line in report["stackTrace"])


def test_no_result_is_null(runtime: LambdaRuntime) -> None:
    assert result(runtime, {"do": "nothing"}) is None


def test_dead_worker_is_replaced(runtime: LambdaRuntime) -> None:
    report = failure(runtime, {"do": "die"})
    assert report["errorType"] == "Runtime.ExitError"
    assert report["errorMessage"].startswith("RequestId: ")
    assert report["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
    assert result(runtime, {"again": True})["event"] == {"again": True}


def test_timeout_kills_the_worker_and_its_programs(runtime: LambdaRuntime, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    report = failure(runtime, {"do": "sleep", "pids": str(pids)}, replace(ECHO, timeout=1.5))
    assert report["errorType"] == "Sandbox.Timedout"
    assert report["errorMessage"].endswith("Error: Task timed out after 1.50 seconds")
    for pid in pids.read_text().split():
        eventually(lambda pid=pid: not runs(int(pid)))


def test_broken_import_is_reported(runtime: LambdaRuntime) -> None:
    report = failure(runtime, {}, replace(ECHO, handler="tests.local.handlers.missing.handler"))
    assert "tests.local.handlers.missing" in report["errorMessage"]


def test_reply_over_6_mb_fails(runtime: LambdaRuntime) -> None:
    assert failure(runtime, {"do": "large"})["errorType"] == "Function.ResponseSizeTooLarge"


def test_output_goes_to_the_functions_log(tmp_path: Path) -> None:
    runtime = LambdaRuntime(ROOT, tmp_path / "logs", {})
    failure(runtime, {"do": "die"})
    runtime.close()
    assert "going down" in (tmp_path / "logs" / "echo.log").read_text()


def test_two_at_once_and_the_rest_wait(tmp_path: Path) -> None:
    runtime = LambdaRuntime(ROOT, tmp_path / "logs", {}, max_workers=2)
    (tmp_path / "meeting").mkdir()
    event = {"do": "meet", "folder": str(tmp_path / "meeting"), "n": 2}
    with ThreadPoolExecutor(4) as pool:
        pids = list(pool.map(result, [runtime] * 4, [event] * 4))
    runtime.close()
    assert len(set(pids)) == 2


def test_prewarmed_worker_serves_and_close_kills(tmp_path: Path) -> None:
    runtime = LambdaRuntime(ROOT, tmp_path, {})
    runtime.prewarm([ECHO])
    runtime.prewarm([ECHO])
    pid = result(runtime, {})["pid"]
    assert result(runtime, {})["pid"] == pid
    runtime.close()
    assert not runs(pid)
    with pytest.raises(RuntimeClosedError, match="closed"):
        runtime.invoke(ECHO, {})


WHERE_FROM = """
import shared.settings

def handler(_event, _context):
    return {"functions": __file__, "shared": shared.settings.__file__}
"""


@pytest.mark.parametrize("own", [(), ("functions",), ("functions", "shared")], ids=lambda names: " ".join(names) or "-")
def test_what_a_root_holds_of_its_own_is_what_runs(tmp_path: Path, own: tuple[str, ...]) -> None:
    root = tmp_path / "root"
    files = {"functions/plan/handler.py": WHERE_FROM, "shared/settings.py": ""}
    for file, content in files.items():
        package = root / ("" if file.split("/")[0] in own else "elsewhere") / file
        package.parent.mkdir(parents=True)
        package.write_text(content)
        for folder in package.relative_to(root).parents[:-1]:
            (root / folder / "__init__.py").touch()
    runtime = LambdaRuntime(root, tmp_path / "logs", {})
    place = "" if own else "elsewhere."
    origins = result(runtime, {}, replace(ECHO, handler=f"{place}functions.plan.handler.handler"))
    runtime.close()
    assert origins["functions"] == str(root / place.replace(".", "/") / "functions/plan/handler.py")
    assert origins["shared"] == str((root if "shared" in own else ROOT) / "shared/settings.py")


def test_what_forks_workers_knows_every_handler_and_has_one_thread(runtime: LambdaRuntime) -> None:
    assert {f"functions.{stage}.handler" for stage in STAGES} < set(packages.handlers())
    assert fork_server.API.removesuffix(".handler") in packages.handlers()
    parent = result(runtime, {})["parent"]
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1


PARENT = """
import sys
from pathlib import Path
from tests.local.test_lambda_runtime import ECHO
from local.lambda_runtime.runtime import LambdaRuntime
LambdaRuntime(Path.cwd(), Path(sys.argv[1]), {}).invoke(ECHO, {"do": "sleep", "pids": sys.argv[1] + "/pids"})
"""


def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT) as parent:
        pid_file = tmp_path / "pids"
        pids = eventually(lambda: pid_file.exists() and pid_file.read_text().split())
        os.kill(parent.pid, signal.SIGKILL)
    for pid in pids:
        eventually(lambda pid=pid: not runs(int(pid)))


def test_presigned_urls_work_over_loopback(small_cloud: EmbeddedCloud) -> None:
    event = {"do": "presign", "bucket": small_cloud.resources["Bucket"]}
    reply = small_cloud.client("lambda").invoke(FunctionName="echo", Payload=json.dumps(event).encode())
    links = json.loads(reply["Payload"].read())
    assert links["get"].startswith(f"{small_cloud.endpoint_url}/{small_cloud.resources['Bucket']}/up/load.txt?")
    _post_form(links["post"]["url"], links["post"]["fields"], b"the content")
    with urllib.request.urlopen(links["get"], timeout=10) as response:
        assert response.read() == b"the content"


def _post_form(url: str, fields: dict[str, str], content: bytes) -> None:
    line = "--frontier\r\nContent-Disposition: form-data; name="
    parts = "".join(f'{line}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    body = f'{parts}{line}"file"; filename="load.txt"\r\n\r\n'.encode() + content + b"\r\n--frontier--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=frontier"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as response:
        assert response.status == 204
