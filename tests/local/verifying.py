"""`python -m cdk.verify` as an operator runs it, with the SDKs' endpoints set to a system on this computer."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from local.clients import REGION
from local.http.keys import USER
from local.processes import python
from local.system import LocalSystem

PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it printed on standard output and standard error."""

    status: int
    out: str
    notes: str

    def row(self, check: str) -> str:
        """The table's row of what came of a check."""
        return next(line for line in self.out.partition("What came")[2].splitlines() if f" {check} " in line)


def environment(system: LocalSystem) -> dict[str, str]:
    """Return the variables of an operator whose endpoints are those of the system's; no settings of their own."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return python.environment(own) | {
        "AWS_ENDPOINT_URL": system.cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": USER,
        "AWS_SECRET_ACCESS_KEY": system.keys.secret(USER),
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "OPENAI_BASE_URL": f"{system.openai.url}/v1",
        "GOOGLE_VERTEX_BASE_URL": system.veo.url,
        "NO_PROXY": "127.0.0.1,localhost",
        # A row of a table is one line.
        "COLUMNS": "2000",
    }


def verify(system: LocalSystem, *arguments: str, stdin: int = subprocess.DEVNULL, **more: str) -> Ran:
    """Run it to its end; `more` are further variables."""
    run = subprocess.run(
        python.command("cdk.verify", "--pace", "0.2", *arguments),
        env=environment(system) | more,
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    return Ran(run.returncode, run.stdout, run.stderr)
