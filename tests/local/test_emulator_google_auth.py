"""The stand-in for Google's sign-in, asked by Google's own credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from google.auth import aws, exceptions, jwt
from google.auth.crypt import RSASigner
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from local.emulators.faults import Fault
from local.emulators.google.auth import AUDIENCE, AWS_TOKEN, IMPERSONATE, JWT_GRANT, GoogleAuthEmulator

# google-auth ships without type stubs for its constructors.
from_key_file: Any = service_account.Credentials.from_service_account_info  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
from_federation: Any = aws.Credentials.from_info  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
sign: Any = jwt.encode  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
signer: Any = RSASigner.from_service_account_info  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

ROLE_SECRET = "known to AWS"
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        import time

        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def google(clock: Clock) -> Iterator[GoogleAuthEmulator]:
    with GoogleAuthEmulator(now=clock, secret_of=lambda _: ROLE_SECRET) as running:
        yield running


@pytest.fixture
def wire() -> Iterator[Any]:
    with requests.Session() as session:
        yield Request(session)


def test_a_service_account_key_gives_a_token_until_it_expires(
    google: GoogleAuthEmulator, clock: Clock, wire: Any
) -> None:
    credentials = from_key_file(google.service_account_info(), scopes=SCOPES)
    credentials.refresh(wire)
    assert google.is_valid(credentials.token)
    assert not google.is_valid("ya29.c.forged")
    clock.ahead = 3601
    assert not google.is_valid(credentials.token)


def test_a_key_of_somebody_else_is_refused(google: GoogleAuthEmulator, wire: Any) -> None:
    with GoogleAuthEmulator() as other:
        mixed_key = {**google.service_account_info(), "private_key": other.service_account_info()["private_key"]}
    with pytest.raises(exceptions.RefreshError, match="Invalid JWT Signature"):
        from_key_file(mixed_key, scopes=SCOPES).refresh(wire)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"iss": "nobody@example.com"}, "wrong issuer"),
        ({"aud": "https://example.com"}, "wrong issuer or audience"),
        ({"exp": 1}, "short-lived"),
    ],
)
def test_claims_are_checked(google: GoogleAuthEmulator, clock: Clock, change: dict[str, Any], words: str) -> None:
    info = google.service_account_info()
    now = int(clock())
    claims = {"iss": info["client_email"], "aud": info["token_uri"], "iat": now, "exp": now + 60, **change}
    form = {"grant_type": JWT_GRANT, "assertion": sign(signer(info), claims).decode()}
    reply = requests.post(info["token_uri"], data=form, timeout=10)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")
    assert words in reply.json()["error_description"]


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": JWT_GRANT, "assertion": "not.a.jwt"}, {"grant_type": JWT_GRANT, "assertion": ""}]
)
def test_what_is_no_assertion_is_refused(google: GoogleAuthEmulator, form: dict[str, str]) -> None:
    reply = requests.post(f"{google.url}/token", data=form, timeout=10)
    assert reply.status_code == 400


def federation(google: GoogleAuthEmulator) -> dict[str, Any]:
    """Return a federation's configuration, which holds no secret, with the emulator as both endpoints."""
    return {
        "type": "external_account",
        "audience": AUDIENCE,
        "subject_token_type": AWS_TOKEN,
        "token_url": f"{google.url}/v1/token",
        "service_account_impersonation_url": f"{google.url}{IMPERSONATE}",
        "credential_source": {
            "environment_id": "aws1",
            "regional_cred_verification_url": (
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
            ),
        },
    }


def test_a_role_in_aws_is_exchanged_for_a_token(
    google: GoogleAuthEmulator, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    act_as_a_role(monkeypatch, ROLE_SECRET)
    credentials = from_federation(federation(google), scopes=SCOPES)
    credentials.refresh(wire)
    assert google.is_valid(credentials.token)


def test_who_is_no_role_in_aws_gets_no_token(
    google: GoogleAuthEmulator, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    act_as_a_role(monkeypatch, "guessed")
    with pytest.raises(exceptions.OAuthError, match="not signed by a role"):
        from_federation(federation(google), scopes=SCOPES).refresh(wire)


def act_as_a_role(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """Let the SDK find credentials in the environment, as in a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "role")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


def test_federation_needs_a_signed_question_and_a_federated_token(google: GoogleAuthEmulator) -> None:
    info = federation(google)
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": info["audience"],
        "subject_token_type": info["subject_token_type"],
        "subject_token": '{"url": "https://sts.us-east-1.amazonaws.com?Action=GetCallerIdentity"}',
    }
    answer = requests.post(info["token_url"], data=form, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    elsewhere = requests.post(info["token_url"], data={**form, "audience": "//other"}, timeout=10)
    assert elsewhere.status_code == 400
    reply = requests.post(
        info["service_account_impersonation_url"], headers={"Authorization": "Bearer x"}, json={}, timeout=10
    )
    assert reply.json()["error"]["status"] == "UNAUTHENTICATED"


def test_the_sign_in_can_be_down(google: GoogleAuthEmulator) -> None:
    google.faults.add(Fault("unavailable"))
    assert requests.post(f"{google.url}/token", timeout=10).status_code == 503
    google.faults.add(Fault("hang_up"))
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{google.url}/token", timeout=10)
    assert requests.get(f"{google.url}/elsewhere", timeout=10).status_code == 404
