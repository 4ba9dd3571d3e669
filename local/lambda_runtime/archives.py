"""Unpack the project's own modules from the archives that a deployment uploaded, so that they are what runs.

Touches one folder. The packages in an archive are built for Lambda's platform: a worker uses this computer's own.
"""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path

OURS = ("functions/", "shared/")


class Archives:
    """Folders with the contents of archives, one an archive, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def root_of(self, archive: bytes, digest: str) -> Path | None:
        """Return the folder to import an archive's handlers from, or None when it holds none of our modules.

        `digest` is the archive's SHA-256 in base64, by which an archive is unpacked once. Raises BadZipFile.
        """
        if not archive:
            return None
        target = self._folder / digest.replace("/", "_")
        with self._lock:
            if not target.exists():
                _unpack(archive, target)
        return target if any(target.iterdir()) else None


def _unpack(archive: bytes, target: Path) -> None:
    target.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as zip_file:
        zip_file.extractall(target, [name for name in zip_file.namelist() if name.startswith(OURS)])
