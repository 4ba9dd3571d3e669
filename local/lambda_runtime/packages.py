"""What every worker would import and read anew, imported and read once: each worker is forked from whoever did that.

Touches the modules of this process, and the descriptions of AWS's services in it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from local.clients import Clients, read_descriptions_once
from local.http.keys import Keys
from local.lambda_runtime.fork_server import API
from local.processes import python

# What the API imports, some of it only when it first needs it: it is called first of all.
PACKAGES_OF_API = (
    "boto3",
    "pydantic",
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler.middlewares.openapi_validation",
    "aws_lambda_powertools.event_handler.openapi.models",
    "aws_lambda_powertools.utilities.idempotency",
    API.removesuffix(".handler"),
)
# What the others import besides. None of all these takes a function's settings from the environment, or starts a
# thread, when it is imported.
PACKAGES = (
    "google.genai",
    "google.auth.aws",
    "google.auth.transport.requests",
    "google.oauth2.service_account",
    "openai",
    "openai.resources.responses.responses",
    "httpcore2",
    "ffmpeg",
    "imageio_ffmpeg",
)
# Nobody is called there.
NOWHERE = "http://127.0.0.1:9"
# The services that the functions call.
SERVICES = ("dynamodb", "events", "s3", "secretsmanager", "stepfunctions", "transcribe")
# What a function is made of: each imports those before it.
OURS = ("shared", "functions")


def handlers(root: Path = python.ROOT) -> list[str]:
    """Return the names of the modules with the handlers that lie in `root`."""
    return [f"functions.{file.parent.name}.handler" for file in sorted(root.glob("functions/*/handler.py"))]


def prepare_api() -> None:
    """Import what the API is made of, and read what boto3 reads to make a client: it stays so in a worker.

    Importing one of ours does nothing else and takes no setting, but builds its models, which takes longer than all
    that a worker mostly does.
    """
    for module in PACKAGES_OF_API:
        importlib.import_module(module)
    read_descriptions_once()
    make_client = Clients(NOWHERE, Keys())
    for service in SERVICES:
        make_client(service)


def prepare_rest() -> Iterator[str]:
    """Import the packages and the functions that are left, yielding the name of each: something else may come first."""
    for module in (*PACKAGES, *handlers()):
        importlib.import_module(module)
        yield module


def forget_what_is_in(root: Path) -> None:
    """Let a worker of the folder `root` import from there what it holds of its own, and what imports that."""
    own = [name for name in OURS if root != python.ROOT and (root / name).is_dir()]
    for module in [name for name in sys.modules if own and name.partition(".")[0] in OURS[OURS.index(own[0]) :]]:
        del sys.modules[module]
