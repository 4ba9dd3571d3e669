"""Before a deployment, what is missing is said in one sentence each, with the command that mends it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import boto3
import pytest
from moto import mock_aws

from cdk import preflight


@pytest.fixture(name="session")
def session_in_moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    with mock_aws():
        yield boto3.Session()


def bootstrap(version: int) -> None:
    boto3.client("ssm").put_parameter(  # pyright: ignore[reportUnknownMemberType]
        Name=preflight.BOOTSTRAP_PARAMETER, Value=str(version), Type="String"
    )


def test_nothing_is_missing_in_an_account_that_is_ready(session: boto3.Session) -> None:
    bootstrap(30)
    assert preflight.missing(session) == []


def test_an_account_without_bootstrap_stack_is_told_so(session: boto3.Session) -> None:
    assert preflight.missing(session) == ["This account has no CDK bootstrap stack in us-east-1; run: make bootstrap"]
    assert preflight.missing(session, needs_bootstrap=False) == []


def test_an_old_bootstrap_stack_is_told_so(session: boto3.Session) -> None:
    bootstrap(5)
    (sentence,) = preflight.missing(session)
    assert "version 5, 6 is needed; run: make bootstrap" in sentence


@pytest.mark.usefixtures("session")
def test_missing_credentials_are_told_and_nothing_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (sentence,) = preflight.missing(boto3.Session())
    assert sentence.startswith("There are no AWS credentials; run: aws configure")


@pytest.mark.usefixtures("session")
def test_a_missing_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    (sentence,) = preflight.missing(boto3.Session())
    assert "export AWS_REGION=" in sentence


def test_an_endpoint_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (sentence,) = preflight.missing(boto3.Session())
    assert sentence == (
        "AWS could not be asked who you are: nothing answers there; check the network, AWS_REGION and AWS_ENDPOINT_URL"
    )


def test_an_unknown_profile_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert preflight.main([]) == preflight.NOT_READY
    assert capsys.readouterr().err.startswith("There is no AWS profile nobody; run: aws configure")


def test_tools_that_are_not_installed_are_told(session: boto3.Session, tmp_path: Path) -> None:
    assert preflight.missing(session, node=tmp_path / "node", cli=tmp_path / "cdk") == [
        "Node is not installed; run: make dev",
        "The CDK CLI is not installed; run: make dev",
    ]


@pytest.mark.usefixtures("session")
def test_the_command_line_runs_the_pinned_cli_only_when_ready(capfd: pytest.CaptureFixture[str]) -> None:
    assert preflight.main(["--version"]) == preflight.NOT_READY
    assert capfd.readouterr() == ("", "This account has no CDK bootstrap stack in us-east-1; run: make bootstrap\n")
    bootstrap(30)
    assert preflight.main(["--version"]) == 0
    assert capfd.readouterr().out.startswith("2.1148.1")


@pytest.mark.parametrize(("limit", "scenes"), [(1000, 10), (16, 10), (10, 4), (5, 1)])
def test_the_scenes_at_once_follow_the_accounts_limit(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch, limit: int, scenes: int
) -> None:
    with answering(f'{{"AccountLimit": {{"ConcurrentExecutions": {limit}}}}}', 200) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        assert preflight.scene_concurrency(session) == scenes


def test_an_account_that_does_not_tell_its_limit_makes_four_scenes_at_once(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering("{}", 403) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        assert preflight.scene_concurrency(session) == 4


def test_a_deployment_is_given_the_accounts_concurrency_unless_it_names_one(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["deploy", "--parameters", "SceneConcurrency=2"]
    assert preflight.with_concurrency(arguments, session) == arguments
    assert preflight.with_concurrency(["diff"], session) == ["diff"]
    with answering('{"AccountLimit": {"ConcurrentExecutions": 12}}', 200) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        completed_arguments = preflight.with_concurrency(["deploy"], session)
    assert completed_arguments == ["deploy", "--parameters", "SceneConcurrency=6"]


@contextmanager
def answering(body: str, status: int) -> Generator[str]:
    """Serve one answer to every request on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
