"""Stand in for Google's token endpoints, so the real google-auth credentials can be used with no account.

Touches one loopback port; it issues tokens that mean nothing outside it.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime

from local.emulators.google import wire
from local.emulators.google.keys import EMAIL, ServiceAccount
from local.emulators.messages import EmulatorReply, EmulatorRequest, HangUpError, Json
from local.emulators.server import Emulator
from local.http import signatures
from local.http.keys import Keys
from local.http.signatures import Sent

LIFETIME = 3600
AUDIENCE = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/aws/providers/aws"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
AWS_TOKEN = "urn:ietf:params:aws:token-type:aws4_request"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
IMPERSONATE = f"/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken"
# Google's own libraries write this audience whatever the key file's token endpoint is.
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"
TOKEN = "token"
KINDS = {TOKEN: frozenset({*wire.FAILURES, "slow", "hang_up"})}


class GoogleAuthEmulator(Emulator):
    """Token endpoints for a service-account key and for workload identity federation from AWS."""

    def __init__(
        self,
        port: int = 0,
        now: Callable[[], float] = time.time,
        secret_of: Callable[[str], str] | None = None,
    ) -> None:
        """`now` is the clock, in seconds since 1970, that tokens expire by.

        `secret_of` gives the secret of an AWS access key id (without one, nobody's), which Google has to ask AWS for.
        """
        super().__init__(KINDS, port)
        self._secret_of = secret_of or Keys().secret
        self._now = now
        self._account = ServiceAccount()
        self._expiry: dict[str, float] = {}
        self._federated_tokens: dict[str, float] = {}
        self._guard = threading.Lock()

    def service_account_info(self) -> dict[str, str]:
        """Return a service account's key file, with this emulator as its token endpoint."""
        return self._account.key_file(f"{self.url}/token")

    def is_valid(self, token: str) -> bool:
        """Return True for an access token that came from here and has not expired."""
        return self._valid(self._expiry, token)

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        """Return the token, or the refusal, that Google would send."""
        fault = self.due(TOKEN, "")
        if fault and fault.kind == "hang_up":
            raise HangUpError
        if fault:
            return wire.failure(wire.FAILURES[fault.kind])
        endpoint = _ENDPOINTS.get((request.method, request.path))
        if not endpoint:
            return wire.not_found("Requested entity was not found.")
        try:
            return endpoint(self, request)
        except (ValueError, RecursionError) as error:
            return _refusal("invalid_request", f"The request could not be understood: {error}")

    def grant(self, request: EmulatorRequest) -> EmulatorReply:
        """Return an access token for a JWT that the service account signed."""
        form = request.form()
        try:
            self._check_assertion(form)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            return _refusal("invalid_grant", str(error))
        token = self._issue(self._expiry, "ya29.c.")
        return EmulatorReply(200, {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"})

    def exchange(self, request: EmulatorRequest) -> EmulatorReply:
        """Return a federated token for a signed question to AWS about who is asking."""
        form = request.form()
        try:
            self._check_exchange(form)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _refusal("invalid_request", str(error))
        body: Json = {
            "access_token": self._issue(self._federated_tokens, "ya29.d."),
            "issued_token_type": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
        }
        return EmulatorReply(200, body)

    def impersonate(self, request: EmulatorRequest) -> EmulatorReply:
        """Return the service account's access token for the bearer of a federated token."""
        if not self._valid(self._federated_tokens, request.bearer):
            return wire.failure(wire.UNAUTHENTICATED)
        token = self._issue(self._expiry, "ya29.c.")
        moment = datetime.fromtimestamp(self._now() + LIFETIME, UTC)
        return EmulatorReply(200, {"accessToken": token, "expireTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})

    def _check_assertion(self, form: dict[str, str]) -> None:
        if form.get("grant_type") != JWT_GRANT:
            raise ValueError("Invalid grant_type.")
        claims = self._account.claims(form.get("assertion", ""))
        if claims.get("iss") != EMAIL or claims.get("aud") not in (GOOGLE_TOKEN, f"{self.url}/token"):
            raise ValueError("Invalid JWT: wrong issuer or audience.")
        if not claims.get("iat", 0) - LIFETIME <= self._now() <= claims.get("exp", 0):
            raise ValueError("Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.")

    def _check_exchange(self, form: dict[str, str]) -> None:
        rules = {"grant_type": EXCHANGE_GRANT, "audience": AUDIENCE, "subject_token_type": AWS_TOKEN}
        for name, value in rules.items():
            if form.get(name) != value:
                raise ValueError(f"Invalid value for {name}.")
        question = json.loads(urllib.parse.unquote(form.get("subject_token", "")))
        headers = {header["key"].lower(): header["value"] for header in question.get("headers", [])}
        if "Action=GetCallerIdentity" not in question.get("url", ""):
            raise ValueError("The subject token is not a GetCallerIdentity request.")
        # This header binds the signed question to one pool, so it cannot be replayed elsewhere.
        if headers.get("x-goog-cloud-target-resource") != AUDIENCE:
            raise ValueError("The subject token is meant for another audience.")
        request = Sent(question.get("method", "POST"), question["url"], headers, b"")
        signature = signatures.in_header(request)
        if not signature or not signatures.header_is_right(signature, request, self._secret_of(signature.caller)):
            raise ValueError("The subject token is not signed by a role in AWS.")

    def _issue(self, book: dict[str, float], prefix: str) -> str:
        token = prefix + secrets.token_urlsafe(48)
        with self._guard:
            book[token] = self._now() + LIFETIME
        return token

    def _valid(self, book: dict[str, float], token: str) -> bool:
        with self._guard:
            return book.get(token, 0.0) > self._now()


def _refusal(error: str, description: str) -> EmulatorReply:
    return EmulatorReply(400, {"error": error, "error_description": description})


_ENDPOINTS = {
    ("POST", "/token"): GoogleAuthEmulator.grant,
    ("POST", "/v1/token"): GoogleAuthEmulator.exchange,
    ("POST", IMPERSONATE): GoogleAuthEmulator.impersonate,
}
