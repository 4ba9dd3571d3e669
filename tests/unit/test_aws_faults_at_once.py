"""What moto must serve alone: a list of keys is not made while a key goes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest

from local.emulators.aws.faults_before_moto import AwsFaults
from local.http.body import Environ

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20261127/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


def request(method: str, query: str = "") -> Environ:
    return {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "PATH_INFO": "/bucket/key",
        "HTTP_AUTHORIZATION": SIGNED,
        "wsgi.input": BytesIO(),
    }


class SlowBucket:
    """Serves a list when it is allowed to, anything else at once, and notes when each begins and ends."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.is_listing = threading.Event()
        self.may_end = threading.Event()

    def serve(self, environ: Environ, _: Any) -> Iterable[bytes]:
        name = environ["REQUEST_METHOD"]
        self.events.append(f"{name} begins")
        if name == "GET":
            self.is_listing.set()
            assert self.may_end.wait(10)
        self.events.append(f"{name} ends")
        return []


@pytest.mark.parametrize("query", ["list-type=2&prefix=a", "versions&prefix=a"])
def test_a_key_goes_only_when_the_list_is_made(query: str) -> None:
    bucket = SlowBucket()
    serve = AwsFaults().around(bucket.serve)
    look = threading.Thread(target=serve, args=(request("GET", query), None))
    deletion = threading.Thread(target=serve, args=(request("DELETE"), None))
    look.start()
    assert bucket.is_listing.wait(10)
    deletion.start()
    # Nothing but the lock keeps it from being served before the list is.
    deletion.join(0.1)
    bucket.may_end.set()
    look.join(10)
    deletion.join(10)
    assert bucket.events == ["GET begins", "GET ends", "DELETE begins", "DELETE ends"]
