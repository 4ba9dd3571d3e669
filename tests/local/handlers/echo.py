"""Handlers that the tests of the local cloud deploy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.aws import clients


class BudgetExceeded(Exception):
    pass


def handler(event: Any, context: Any) -> Any:
    return ACTIONS[event.get("do", "echo")](event, context)


def echo(event: Any, context: Any) -> Any:
    return {
        "event": event,
        "pid": os.getpid(),
        "parent": os.getppid(),
        "request_id": context.aws_request_id,
        "function": context.function_name,
        "arn": context.invoked_function_arn,
        "remaining": context.get_remaining_time_in_millis(),
        "env": dict(os.environ),
        "cwd": str(Path.cwd()),
    }


def fail(event: Any, context: Any) -> Any:
    raise BudgetExceeded("too dear")


def sleep(event: Any, context: Any) -> Any:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(event["pids"]).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(600)


def die(event: Any, context: Any) -> Any:
    print("going down")
    os._exit(3)


def large(event: Any, context: Any) -> Any:
    return "x" * (7 * 1024 * 1024)


def nothing(event: Any, context: Any) -> Any:
    return None


def tokens(event: Any, context: Any) -> Any:
    return list(range(event["n"]))


def presign(event: Any, context: Any) -> Any:
    s3: Any = clients.s3()
    post = s3.generate_presigned_post(event["bucket"], "up/load.txt", ExpiresIn=60)
    get = s3.generate_presigned_url("get_object", {"Bucket": event["bucket"], "Key": "up/load.txt"}, 60)
    return {"post": post, "get": get}


def meet(event: Any, context: Any) -> Any:
    # Returns only when two invocations are inside at once.
    here = Path(event["folder"]) / str(os.getpid())
    here.touch()
    while len(list(here.parent.iterdir())) < event["n"]:
        time.sleep(0.01)
    return os.getpid()


def api(event: Any, context: Any) -> Any:
    """A REST handler: says back what it got, or does what the query asks."""
    query: dict[str, str] = event.get("queryStringParameters") or {}
    if query.get("mode") == "broken":
        return {"nothing": "useful"}
    if query.get("mode") == "raise":
        raise BudgetExceeded("too dear")
    if query.get("mode") == "slow":
        time.sleep(600)
    if query.get("mode") == "binary":
        return {"statusCode": 200, "body": "AAEC/w==", "isBase64Encoded": True}
    return {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": json.dumps(event),
    }


ACTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "echo": echo,
    "fail": fail,
    "sleep": sleep,
    "die": die,
    "large": large,
    "nothing": nothing,
    "tokens": tokens,
    "presign": presign,
    "meet": meet,
}
