"""Signing in by SRP in the local cloud: the password never travels, and only the right one opens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import EmbeddedCloud
from local.moto_plugins.srp import INFO, G, K, N, hash_number, pad
from local.sign_in import MARGIN, CurrentToken

SECRET = 0x1234567890ABCDEF << 900
TIMESTAMP = "Mon Nov 23 06:00:00 UTC 2026"


def begin(cloud: EmbeddedCloud, public: int) -> dict[str, str]:
    """The challenge for the demo user and a client's public value."""
    reply = cloud.client("cognito-idp").initiate_auth(
        ClientId=client_id(cloud),
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": "demo", "SRP_A": f"{public:x}"},
    )
    assert reply["ChallengeName"] == "PASSWORD_VERIFIER"
    return reply["ChallengeParameters"]


def client_id(cloud: EmbeddedCloud) -> str:
    return cloud.client("cognito-idp").list_user_pool_clients(UserPoolId=pool_id(cloud))["UserPoolClients"][0][
        "ClientId"
    ]


def pool_id(cloud: EmbeddedCloud) -> str:
    return cloud.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"][0]["Id"]


def signature(cloud: EmbeddedCloud, challenge: dict[str, str], password: str) -> str:
    """What a client that knows `password` signs: the client's half of SRP-6a, written for this test."""
    user = challenge["USER_ID_FOR_SRP"]
    server = int(challenge["SRP_B"], 16)
    identity = f"{pool_id(cloud).partition('_')[2]}{user}"
    inner = hashlib.sha256(f"{identity}:{password}".encode()).digest()
    x = hash_number(pad(int(challenge["SALT"], 16)), inner)
    u = hash_number(pad(pow(G, SECRET, N)), pad(server))
    shared_secret = pow(server - K * pow(G, x, N), SECRET + u * x, N)
    key = hmac.new(hmac.digest(pad(u), pad(shared_secret), "sha256"), INFO + b"\1", "sha256").digest()[:16]
    message = identity.encode() + base64.b64decode(challenge["SECRET_BLOCK"]) + TIMESTAMP.encode()
    return base64.b64encode(hmac.digest(key, message, "sha256")).decode()


def answer(cloud: EmbeddedCloud, challenge: dict[str, str], proof: str) -> dict[str, Any]:
    return cloud.client("cognito-idp").respond_to_auth_challenge(
        ClientId=client_id(cloud),
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={
            "USERNAME": challenge["USER_ID_FOR_SRP"],
            "TIMESTAMP": TIMESTAMP,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": proof,
        },
    )


def test_the_right_password_gets_a_token(small_cloud: EmbeddedCloud) -> None:
    challenge = begin(small_cloud, pow(G, SECRET, N))
    result = answer(small_cloud, challenge, signature(small_cloud, challenge, small_cloud.password))
    assert result["AuthenticationResult"]["IdToken"].count(".") == 2


def test_another_password_gets_none(small_cloud: EmbeddedCloud) -> None:
    challenge = begin(small_cloud, pow(G, SECRET, N))
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        answer(small_cloud, challenge, signature(small_cloud, challenge, "Another-one-1!"))


def test_a_signature_opens_once(small_cloud: EmbeddedCloud) -> None:
    challenge = begin(small_cloud, pow(G, SECRET, N))
    proof = signature(small_cloud, challenge, small_cloud.password)
    answer(small_cloud, challenge, proof)
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        answer(small_cloud, challenge, proof)


@pytest.mark.parametrize("public", [0, N, 2 * N])
def test_a_public_value_that_needs_no_password_is_refused(small_cloud: EmbeddedCloud, public: int) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        begin(small_cloud, public)


def test_a_block_that_nobody_gave_out_is_refused(small_cloud: EmbeddedCloud) -> None:
    challenge = {"USER_ID_FOR_SRP": "demo", "SECRET_BLOCK": base64.b64encode(b"forged").decode()}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        answer(small_cloud, challenge, "c2ln")


def test_a_token_is_used_until_it_is_soon_over() -> None:
    now = 1_800_000_000.0
    ends: list[float] = []

    def sign_in() -> str:
        ends.append(now + 3600)
        claims = base64.urlsafe_b64encode(json.dumps({"exp": ends[-1], "n": len(ends)}).encode()).decode().rstrip("=")
        return f"header.{claims}.signature"

    token = CurrentToken(sign_in, lambda: now)
    first = token()
    now = ends[0] - MARGIN
    assert (token(), len(ends)) == (first, 1)
    now += 1
    assert (token() != first, len(ends)) == (True, 2)


def test_a_failed_sign_in_is_tried_again(small_cloud: EmbeddedCloud) -> None:
    failures = [ConnectionError("gone")]

    def sign_in() -> str:
        if failures:
            raise failures.pop()
        return small_cloud.id_token("demo")

    token = CurrentToken(sign_in)
    with pytest.raises(ConnectionError):
        token()
    assert token() == token() != small_cloud.id_token("other")
