"""What every worker would import and read anew, imported and read once: each worker is forked from whoever did that.

Touches the modules of this process, and the descriptions of AWS's services in it.
"""

from __future__ import annotations

import importlib

from local.clients import Clients, read_descriptions_once
from local.http.keys import Keys

# What the functions import, some of it only when they first need it, and nothing of which takes a function's settings
# from the environment, or starts a thread, when it is imported.
PACKAGES = (
    "boto3",
    "pydantic",
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler.middlewares.openapi_validation",
    "aws_lambda_powertools.event_handler.openapi.models",
    "aws_lambda_powertools.utilities.idempotency",
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


def prepare() -> None:
    """Import the packages, and read what boto3 reads to make a client, which stays read in every worker."""
    for package in PACKAGES:
        importlib.import_module(package)
    read_descriptions_once()
    make_client = Clients(NOWHERE, Keys())
    for service in SERVICES:
        make_client(service)
