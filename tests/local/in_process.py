"""The command line within the test's own process, for what a process of its own would prove nothing more of.

Touches what the commands touch.
"""

from __future__ import annotations

import pytest

from local import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Return the exit status of a command, and what it wrote on standard output and standard error."""
    try:
        status = cli.main([str(argument) for argument in arguments], environment={})
    except SystemExit as leaving:
        # A command line that cannot be understood.
        status = int(leaving.code or 0)
    output = capsys.readouterr()
    return status, output.out, output.err
