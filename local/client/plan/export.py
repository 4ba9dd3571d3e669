"""The export of a kept video as one zip: clips, stills, narration, captions, plan, and a timeline that names them.

Touches the API, and the folder that the zip goes to; nothing half-written is left under its name.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from local.api_client import ApiClient
from local.client import outputs
from shared.http.export_responses import ExportView

ENDING = ".zip"


def place(view: ExportView, out: Path) -> Path:
    """Return the file that an export is written to: `out` itself if it is a zip's name, else one in that folder."""
    if out.suffix.lower() == ENDING and not out.is_dir():
        return out
    return out / f"{outputs.shorten(view.name, out, [ENDING])}{ENDING}"


def save(api: ApiClient, view: ExportView, target: Path, *, force: bool) -> None:
    """Write the zip, whole or not at all; raises InvalidRequest where it cannot be put, ApiError, OSError."""
    sizes = [file.bytes for file in view.files]
    # A file is fetched before it is packed.
    outputs.check([target], target.parent, room=sum(sizes) + max(sizes))
    outputs.check_free([target], force=force)
    with outputs.staging(target.parent) as staging:
        with ZipFile(staging / target.name, "w") as archive:
            _pack(api, view, archive, staging / f"{target.name}.part")
        outputs.put(staging, target.parent, force=force)


def _pack(api: ApiClient, view: ExportView, archive: ZipFile, part: Path) -> None:
    for file in view.files:
        # In a folder of its own, wherever it is unpacked.
        name = f"{view.name}/{file.path}"
        if file.link:
            api.fetch(file.link.url, part)
            # Pictures and sound are compressed as they are.
            archive.write(part, name, ZIP_STORED)
            part.unlink()
        else:
            archive.writestr(name, file.text or "", ZIP_DEFLATED)
