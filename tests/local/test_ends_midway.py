"""The program ended in the middle of a run, by signals and by its surroundings: the right status, and nothing left."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.client import exit_status
from local.clients import ACCOUNT, REGION
from local.cloud import EmbeddedCloud
from tests.chaos.run import SHORT, recording_of
from tests.local import stack
from tests.local.cloud_under_test import eventually, start_states
from tests.local.test_lambda_runtime import runs
from tests.local.test_make import DONE, FAILED, TIMEOUT, clean, one_sentence, processes_with
from tests.local.test_surroundings import PROGRAM

ROOT = Path(__file__).parents[2]
TALK = f"talk{SHORT}"
# What the program says of progress is a line of its own for each change.
UNDER_WAY = "Transcribe: in progress"
MAKE = ("make", f"{TALK}.flac", "--duration", "5", "--out", "out")

# Holds a child with a child, and does not end by itself when it is told to stop.
STUBBORN = """
import subprocess, sys, threading
from local.client import exit_status
from local.processes import runs
exit_status.listen()
held = runs.folder("work-")
child = "import subprocess; run = subprocess.Popen(['sleep', '600']); print('begun', flush=True); run.wait()"
pipe = subprocess.Popen([sys.executable, "-c", child], start_new_session=True, stdout=subprocess.PIPE).stdout
try:
    pipe.readline()
    print(runs.current().folder, flush=True)
    threading.Event().wait()
finally:
    print("stopping", flush=True)
    threading.Event().wait()
"""


def surroundings_in(folder: Path) -> dict[str, str]:
    """An environment by which all that a run starts, and all that it writes for itself, can be found again."""
    tmp = folder / "tmp"
    tmp.mkdir(exist_ok=True)
    data = {"TMPDIR": str(tmp), "XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder)}
    return clean() | data | {"REELWRIGHT_TEST_MARK": str(folder)}


def left_by(folder: Path) -> list[str]:
    """What is left of a run: its processes, and its temporary files."""
    return [*processes_with(str(folder)), *(str(path) for path in (folder / "tmp").glob("*/run-*"))]


@contextmanager
def under_way(folder: Path, *more: str) -> Generator[subprocess.Popen[str]]:
    """Run the program until it has begun to work."""
    recording_of(folder, SHORT)
    # Whoever runs the tests by `nohup`, or behind a shell's `&`, has them ignored, which the program would respect.
    earlier = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGHUP, signal.SIGQUIT)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    try:
        process = subprocess.Popen([*PROGRAM, *MAKE, *more], cwd=folder, env=surroundings_in(folder), **pipes)
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    with process:
        wait_for(process, UNDER_WAY)
        yield process
        process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr
    assert any(words in line for line in process.stderr)


def test_a_signal_ends_it_and_all_that_it_started(tmp_path: Path) -> None:
    number = signal.SIGQUIT
    with under_way(tmp_path) as process:
        process.send_signal(number)
        _, stderr = process.communicate(timeout=TIMEOUT)
    rest = [line for line in stderr.splitlines() if not line.startswith(f"{TALK}: ")]
    assert (process.returncode, one_sentence("\n".join(rest))) == (128 + number, True), stderr
    assert (left_by(tmp_path), (tmp_path / "out").exists()) == ([], False)


def test_all_signals_do_what_one_of_them_does() -> None:
    """Each of the others is sent at the start, in test_surroundings.py."""
    assert set(exit_status.STOPS) == {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
    earlier = {number: signal.signal(number, signal.SIG_DFL) for number in exit_status.STOPS}
    try:
        exit_status.listen()
        handlers = {signal.getsignal(number) for number in exit_status.STOPS}
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    assert len(handlers) == 1
    assert handlers.isdisjoint({signal.SIG_DFL, signal.SIG_IGN})


def test_a_broken_pipe_told_by_a_signal_ends_nothing_and_ctrl_c_again_and_again_ends_all(tmp_path: Path) -> None:
    with under_way(tmp_path) as process:
        process.send_signal(signal.SIGPIPE)
        wait_for(process, "Plan scenes: in progress")
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        _, stderr = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, "Traceback" in stderr) == (128 + signal.SIGINT, False), stderr
    eventually(lambda: left_by(tmp_path) == [])


def test_a_second_signal_ends_what_does_not_end_by_itself(tmp_path: Path) -> None:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN], cwd=ROOT, env=surroundings_in(tmp_path), **pipes
    ) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 128 + signal.SIGTERM
    eventually(lambda: left_by(tmp_path) == [])


def run_in_a_pipe(folder: Path, reader: str, *command: str) -> tuple[list[int], str, str]:
    """Run the program with a reader of its output; return both statuses, what was read, and what was said."""
    reelwright = " ".join(f"'{part}'" for part in (*PROGRAM, *command))
    script = f'{reelwright} 2>said | {reader}; echo "${{PIPESTATUS[@]}}" >statuses'
    process = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=surroundings_in(folder),
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    statuses = [int(status) for status in (folder / "statuses").read_text().split()]
    return statuses, process.stdout.decode(), (folder / "said").read_text()


def test_whoever_reads_the_first_line_only_gets_it(tmp_path: Path) -> None:
    statuses, read, stderr = run_in_a_pipe(tmp_path, "head -n 1", "list", "--json")
    assert (statuses[1], read, "Traceback" in stderr) == (0, "[]\n", False), stderr
    # The reader may leave before all is written, or after; only the first is to be told.
    is_told = "Standard output could not be written to" in stderr
    assert statuses[0] == (1 if is_told else DONE), stderr
    assert left_by(tmp_path) == []


def test_that_nobody_reads_is_told_and_what_was_made_is_there(tmp_path: Path) -> None:
    recording_of(tmp_path, SHORT)
    statuses, _, stderr = run_in_a_pipe(tmp_path, "exec 0<&-", *MAKE)
    assert (statuses, stderr.splitlines()[-1].startswith("reelwright: Standard output")) == ([FAILED, 0], True), stderr
    assert "Traceback" not in stderr
    assert len(list((tmp_path / "out").iterdir())) == 5
    # Nothing but the results is kept.
    assert not (tmp_path / "data").exists()
    assert left_by(tmp_path) == []


def test_an_execution_that_is_at_work_when_the_cloud_stops_calls_nothing_more(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pids = tmp_path / "pids"
    with EmbeddedCloud(stack.template(), parameters={"Speed": "fast"}, secret_values={"key": "value"}) as cloud:
        states = {
            "A": task_state(cloud, {"do": "sleep", "pids": str(pids)}, "B"),
            # The runtime would say that it is closed.
            "B": task_state(cloud, {}, "C"),
            "C": {"Type": "Pass", "End": True},
        }
        arn = start_states(cloud, states)
        pid_text: str = eventually(lambda: pids.exists() and pids.read_text())
        log = cloud.logs_dir
    for pid in pid_text.split():
        eventually(lambda pid=pid: not runs(int(pid)))
    assert [thread.name for thread in threading.enumerate() if "_execution_logic" in thread.name] == []
    assert states_entered(arn) == ["A"]
    assert capfd.readouterr().err == ""
    assert not log.exists()


def states_entered(arn: str) -> list[str]:
    """The states that an execution had entered, by what moto still remembers when its server is gone."""
    machines: Any = stepfunctions_parser_backends[ACCOUNT][REGION].state_machines
    (execution,) = [run for machine in machines for run in machine.executions if run.exec_arn == arn]
    events: list[Any] = execution.to_history_output()["events"]
    return [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]


def task_state(cloud: EmbeddedCloud, event: dict[str, Any], then: str) -> dict[str, Any]:
    """A state that calls the function, and goes on whatever comes of it."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "echo", "Payload": json.dumps(event)},
        "Next": then,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": then}],
    }
