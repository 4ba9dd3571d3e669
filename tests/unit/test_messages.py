"""Whoever reads a failure reads sentences of ours: never a library's words, a class, a path or a regular expression."""

from __future__ import annotations

import re
import sqlite3

import pytest
import requests
from botocore import exceptions as boto

from cdk import aws_failures
from local import api_client
from local.api_client import ApiClient, ApiError
from local.shelf import sqlite_failures
from shared.errors import RenderFailed
from shared.video import failure_words

# By the error's name in the record: what was said there, and what a client reads.
FOREIGN = [
    ("OSError", "[Errno 28] No space left on device: '/tmp/x1/scene01.mp4'", "no room left on the disk"),
    ("MemoryError", "", "ran out of memory"),
    ("Runtime.OutOfMemory", "RequestId: 1f2e Error: Runtime exited with error: signal: killed", "ran out of memory"),
    ("States.Timeout", "Step Functions gave no reason.", "did not end in time"),
    ("StatesTimeout", "Step Functions gave no reason.", "did not end in time"),
    ("Lambda.Unknown", 'Returned payload: {"errorMessage":"2026 Task timed out after 3.00 seconds"}', "end in time"),
    ("Runtime.ExitError", "RequestId: 1f2e Error: Runtime exited with error: exit status 1", "died before it answered"),
    ("Lambda.TooManyRequestsException", "Rate Exceeded. (Service: Lambda)", "AWS Lambda was busy"),
    ("DynamoDB.ThrottlingException", "Rate of requests exceeds (Service: DynamoDb)", "table of videos was busy"),
    ("Transcribe.InternalFailureException", "(Service: Transcribe, Status Code: 500)", "Amazon Transcribe was busy"),
    ("ClientError", "An error occurred (AccessDenied) when calling the PutObject operation", "lacks a permission"),
    ("States.Runtime", "The JSONata expression '$x[0]' failed", "state machine could not go on"),
    ("KeyError", "'scenes'", "has no name here"),
    ("ValidationError", "1 validation error for Plan\nscenes\n  Field required [type=missing]", "has no name here"),
]


@pytest.mark.parametrize(("error", "message", "words"), FOREIGN)
def test_what_aws_or_a_library_said_stays_in_the_record(error: str, message: str, words: str) -> None:
    sentence = failure_words.sentence(error, message)
    assert words in sentence
    assert re.fullmatch(r"[A-Z][\w ,';-]+\.", sentence)
    assert failure_words.labelled_sentence(f"{error}: {message}") == f"{error}: {sentence}"
    assert failure_words.labelled_sentence(message, error, message) == (sentence if message else "")


@pytest.mark.parametrize(
    "text",
    [
        "RenderFailed: Scene 2 has 47 frames instead of 48.",
        "Cancelled by its owner.",
        "Support codes: 42237218",
        "Blocked: the prompt names a person.",
    ],
)
def test_our_own_words_and_a_providers_are_shown(text: str) -> None:
    assert failure_words.labelled_sentence(text) == text
    assert failure_words.sentence(RenderFailed.__name__, text) == text
    assert failure_words.sentence("Cancelled", text) == text


UNREACHABLE = [
    (requests.exceptions.JSONDecodeError("Expecting value", "<html>", 0), "something else"),
    (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] _ssl.c:1006"), "certificate is not trusted"),
    (requests.exceptions.ProxyError("HTTPSConnectionPool(host='h', port=443)"), "the proxy"),
    (requests.exceptions.ReadTimeout("Read timed out. (read timeout=35)"), "in time"),
    (requests.exceptions.ConnectionError("HTTPConnectionPool(host='h'): Max retries"), "nothing answers there"),
    (requests.exceptions.ChunkedEncodingError("InvalidChunkLength(got length b'')"), "connection broke"),
    (requests.exceptions.InvalidURL("Invalid URL 'http://'"), "address cannot be used"),
    (boto.EndpointConnectionError(endpoint_url="http://127.0.0.1:1/x"), "signing in got no answer"),
]


@pytest.mark.parametrize(("error", "words"), UNREACHABLE, ids=lambda value: type(value).__name__)
def test_an_api_out_of_reach_is_told_by_what_to_do(error: Exception, words: str) -> None:
    def token() -> str:
        raise error

    with pytest.raises(ApiError, match=re.escape(words)) as refusal:
        ApiClient("http://127.0.0.1:1", token, tries=1).show("v1")
    sentence = str(refusal.value)
    assert type(error).__name__ not in sentence
    assert str(error) not in sentence
    assert api_client.TRIES > 1


AWS = [
    (boto.EndpointConnectionError(endpoint_url="https://sts.us-east-1.amazonaws.com/"), "AWS_REGION"),
    (boto.ConnectTimeoutError(endpoint_url="https://x/"), "try again"),
    (boto.ReadTimeoutError(endpoint_url="https://x/"), "try again"),
    (boto.SSLError(endpoint_url="https://x/", error=ValueError("[SSL] _ssl.c")), "certificate"),
    (boto.ProxyConnectionError(proxy_url="http://user:secret@proxy:3128"), "HTTPS_PROXY"),
    (boto.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"), "aws sso login"),
    (boto.UnauthorizedSSOTokenError(), "aws sso login"),
    (boto.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"), "aws configure"),
    (boto.ConfigParseError(path="/home/me/.aws/config"), "~/.aws/config"),
    (boto.DataNotFoundError(data_path="endpoints"), "aws sts get-caller-identity"),
]


@pytest.mark.parametrize(("error", "words"), AWS, ids=lambda value: type(value).__name__)
def test_aws_out_of_reach_is_told_by_what_to_do(error: Exception, words: str) -> None:
    for sentence in (aws_failures.why(error), aws_failures.of_session(error)):
        assert words in sentence
        assert str(error) not in sentence
        assert "secret" not in sentence


def test_a_store_that_fails_is_told_by_what_is_wrong_with_it() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.Error) as refusal:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert sqlite_failures.words(refusal.value) == "it may not be written to"
    assert sqlite_failures.words(sqlite3.DatabaseError("btreeInitPage() returns error code 11")).startswith(
        "it is damaged"
    )
    assert sqlite_failures.words(PermissionError(13, "Permission denied")) == "Permission denied"
