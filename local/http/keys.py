"""Make the access keys of one run of the local cloud: whoever is to call it gets a pair that no other run accepts.

Touches nothing but the random source.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

# The access key ids of a person's own tools, of what deploys, and of state machines; a function's is its name.
USER = "local"
DEPLOYER = "deployment"
STATE_MACHINES = "state-machines"


class Keys:
    """Every caller's secret access key, derived from one random value, so that an id tells who calls."""

    def __init__(self) -> None:
        self._root = secrets.token_bytes(32)

    def secret(self, caller: str) -> str:
        """Return the secret access key of the access key id `caller`."""
        return hmac.new(self._root, caller.encode(), hashlib.sha256).hexdigest()
