"""The person at the terminal: edits a text in an editor, and answers a question. Without a terminal nobody is asked.

Touches the terminal, the editor that the environment names, and a temporary file for it.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.errors import InvalidRequest

EDITORS = ("VISUAL", "EDITOR")
USUAL_EDITOR = "vi"


class Person(Protocol):
    """Somebody who may be there to be asked."""

    @property
    def is_there(self) -> bool:
        """Whether there is anybody to ask."""
        ...

    def edit(self, text: str) -> str:
        """Return the text as it was edited; raise InvalidRequest when the editor cannot be used."""
        ...

    def agrees(self, question: str) -> bool:
        """Return whether the answer to the question is yes."""
        ...


@dataclass(frozen=True)
class AtTerminal:
    """Whoever sits at this process's terminal; `environment` names the editor."""

    environment: Mapping[str, str]

    @property
    def is_there(self) -> bool:
        """Whether standard input and standard error are a terminal's."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def edit(self, text: str) -> str:
        """Return the text as it was saved in the editor; raise InvalidRequest when that ends badly."""
        editor = next((self.environment[name] for name in EDITORS if self.environment.get(name)), USUAL_EDITOR)
        with tempfile.TemporaryDirectory(prefix="reelwright-plan-") as folder:
            file = Path(folder) / "plan.yaml"
            file.write_text(text, encoding="utf-8")
            try:
                status = subprocess.run([*shlex.split(editor), str(file)], check=False).returncode
            except (OSError, ValueError) as error:
                raise InvalidRequest(f"The editor {editor} could not be started; name another in EDITOR.") from error
            if status:
                raise InvalidRequest(f"The editor {editor} ended with status {status}; nothing was changed.")
            return file.read_text(encoding="utf-8")

    def agrees(self, question: str) -> bool:
        """Return whether the line that is typed is yes."""
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")
