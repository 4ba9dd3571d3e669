"""Asking for help, or mistyping an option, waits for none of the libraries that the commands need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from local.processes import python

# Some of them take longer than all else that the help needs.
HEAVY = ("pydantic", "boto3", "botocore", "requests", "rich", "yaml", "ffmpeg")
PROBE = """
import contextlib, sys
from local import cli
with contextlib.suppress(SystemExit):
    cli.main(sys.argv[1:])
print(*sys.modules)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["make", "--help"], ["make", "a.mp3", "--styel", "x"]], ids=" ".join)
def test_the_command_line_is_read_without_what_commands_import(arguments: list[str]) -> None:
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(python.ROOT)!r})\n{PROBE}", *arguments]
    process = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    names = set(process.stdout.rpartition("\n")[0].rpartition("\n")[2].split())
    assert "local.client.options" in names
    assert names.isdisjoint(HEAVY)
