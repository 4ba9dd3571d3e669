"""What videos are signed by on this machine: a certificate and its key in a folder that the user's environment names.

Reads the folder, and looks whether what signs is installed; touches nothing else.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path

from shared.errors import SettingMissing

FOLDER = "REELWRIGHT_SIGNING"
# Fields of the deployment's secret, by the files that hold them.
FILES = {"certificate_chain": "chain.pem", "private_key": "key.pem"}
# What the secret is called in the embedded cloud, and how its functions are told of it.
SECRET_ID = "signing"
VARIABLE = "SIGNING_SECRET_ID"
PACKAGE = "c2pa"


def secret(environment: Mapping[str, str], package: str = PACKAGE) -> str:
    """Return the text of the secret, "" where nothing is to be signed.

    Raises SettingMissing when the folder's files cannot be read, or when the `package` that signs is not installed.
    """
    folder = environment.get(FOLDER)
    if not folder:
        return ""
    if not importlib.util.find_spec(package):
        raise SettingMissing(f"{FOLDER} needs what signs: pip install 'reelwright[signed]', or make signed.")
    return json.dumps({field: _text(Path(folder).expanduser() / name) for field, name in FILES.items()})


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode(errors="replace")
    except OSError as error:
        reason = f"{file} cannot be read ({error.strerror})"
        raise SettingMissing(f"{FOLDER} names a folder with {' and '.join(FILES.values())}; {reason}.") from None
