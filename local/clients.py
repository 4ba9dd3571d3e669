"""Make boto3 clients that can only talk to the local cloud.

Touches neither the environment's credentials nor the files of `~/.aws`.
"""

from __future__ import annotations

import os
import threading
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from local.http.keys import USER, Keys

REGION = "us-east-1"
ACCOUNT = "123456789012"
# The users that every local cloud has.
USERS = ("demo", "other")

# A function may work for 15 minutes, the longest AWS allows, before its invocation answers.
_LONGEST_SECONDS = 1000.0


class _ReadOnce(JSONFileLoader):
    """Reads the descriptions of AWS's services: megabytes of JSON that every session would read anew."""

    def __init__(self) -> None:
        self._read: dict[str, Any] = {}

    def load_file(self, file_path: str) -> Any:
        """Return what the file holds, None when there is none."""
        if file_path not in self._read:
            self._read[file_path] = super().load_file(file_path)
        return self._read[file_path]


_files = _ReadOnce()
# It looks through hundreds of folders for what services there are, once.
_descriptions = Loader(file_loader=_files)


def read_descriptions_once() -> None:
    """Let all sessions of this process read as these do; moto opens several of its own as it is imported."""
    Loader.FILE_LOADER_CLASS = staticmethod(lambda: _files)  # pyright: ignore[reportAttributeAccessIssue] - is only called


def isolated_session() -> Session:
    """Return a botocore session that reads no profile and no configuration file."""
    nothing = (None, None, None, None)
    session = Session(session_vars={"profile": nothing, "config_file": (None, None, os.devnull, None)})
    session.register_component("data_loader", _descriptions)
    return session


class Clients:
    """One client per service, shared by all threads (boto3 clients are safe to share)."""

    def __init__(
        self, endpoint_url: str, keys: Keys, read_timeout: float = _LONGEST_SECONDS, caller: str = USER
    ) -> None:
        """`endpoint_url` is the moto server; `read_timeout` is how many seconds an answer may take.

        `caller` is the access key id that calls are signed with, by its secret of `keys`.
        """
        self._endpoint_url = endpoint_url
        self._config = Config(
            read_timeout=read_timeout,
            retries={"total_max_attempts": 1},
            max_pool_connections=64,
            # State machines may send what boto3 would refuse; AWS's own answer is the error they should see.
            parameter_validation=False,
        )
        self._session = boto3.Session(
            botocore_session=isolated_session(),
            region_name=REGION,
            aws_access_key_id=caller,
            aws_secret_access_key=keys.secret(caller),
        )
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """Return the client of an AWS service, by its boto3 name."""
        with self._lock:
            if service not in self._clients:
                # boto3 types client() by overloads on literal names; a name in a variable matches none.
                make: Any = cast(Any, self._session).client
                self._clients[service] = make(service, endpoint_url=self._endpoint_url, config=self._config)
            return self._clients[service]
