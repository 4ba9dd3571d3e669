"""What a live provider is reached with: the keys and names that the user's environment must hold.

Reads the file of Google's credentials; touches nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from shared.errors import SettingMissing

KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
# What each provider needs, by the names that its own tools read.
NEEDED = {"openai": ("OPENAI_API_KEY",), "veo": (KEY_FILE, "GOOGLE_CLOUD_PROJECT")}
LOCATION = "us-central1"


def secret(live: Collection[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the deployment's secret for the providers `live`.

    Raises SettingMissing, which names all that is missing, and when the credentials cannot be used.
    """
    missing = [name for provider in sorted(live) for name in NEEDED[provider] if not environment.get(name)]
    if missing:
        raise SettingMissing(f"--live {','.join(sorted(live))} needs {' and '.join(missing)} in the environment.")
    fields: dict[str, str] = {}
    if "openai" in live:
        fields["openai_api_key"] = environment["OPENAI_API_KEY"]
    if "veo" in live:
        fields["google_cloud_credentials"] = _credentials(Path(environment[KEY_FILE]))
        fields["vertex_ai_project_id"] = environment["GOOGLE_CLOUD_PROJECT"]
        fields["vertex_ai_location"] = environment.get("GOOGLE_CLOUD_LOCATION") or LOCATION
    return fields


def _credentials(file: Path) -> str:
    try:
        text = file.read_bytes().decode(errors="replace")
    except OSError as error:
        raise SettingMissing(f"{KEY_FILE} names {file}, which cannot be read ({error.strerror}).") from None
    if not _is_object(text):
        # Nothing of the file is repeated: it may hold a key.
        raise SettingMissing(f"{KEY_FILE} names {file}, which does not hold Google credentials in JSON.")
    return text


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
