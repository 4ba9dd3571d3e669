"""Let moto's user pools sign with a key of this process, and let nobody in who has not answered what was asked.

Touches methods of moto's Cognito backend, which signs with a published key, takes any answer to a sign-in and writes no
address into a token, and its users, who remember their passwords.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals.

from __future__ import annotations

import base64
import binascii
import json
from functools import cache
from typing import Any
from uuid import uuid4

from joserfc.jwk import RSAKey
from moto.cognitoidp import models
from moto.cognitoidp.exceptions import InvalidParameterException, NotAuthorizedError, UserNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, CognitoIdpUserPoolClient, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse

from local.clients import ACCOUNT, REGION
from local.moto_plugins.srp import Exchange, Password

SRP = "PASSWORD_VERIFIER"
WRONG = "Incorrect username or password."
# moto writes this key id into every token.
KEY_ID = "dummy"
# What a client's setting calls the flows that have two names.
FLOWS = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH"}
# What a client that names no attributes reads of them, as far as it matters here: in Cognito it reads all.
READABLE = ("email", "email_verified")
_begin = CognitoIdpBackend.initiate_auth
_answer = CognitoIdpBackend.respond_to_auth_challenge


@cache
def signing_key() -> RSAKey:
    """Return the key that this process's user pools sign with."""
    return RSAKey.generate_key(2048, {"kid": KEY_ID, "use": "sig", "alg": "RS256"})


class SignIns:
    """The sign-ins that have begun: what each was asked, by its session."""

    def __init__(self) -> None:
        self._exchanges: dict[str, Exchange] = {}
        self._challenges: dict[str, tuple[str, str]] = {}

    def begin(self, backend: Any, client_id: str, auth_flow: str, auth_parameters: dict[str, str]) -> dict[str, Any]:
        """Begin one by a flow that the client allows."""
        _require_allowed(backend, client_id, auth_flow)
        reply = _begin(backend, client_id, auth_flow, auth_parameters)
        if reply.get("ChallengeName") == SRP:
            exchange = _exchange(backend, reply, auth_parameters["SRP_A"])
            self._exchanges[reply["Session"]] = exchange
            reply["ChallengeParameters"].update(exchange.challenge)
        return self._ask(backend, reply)

    def answer(
        self, backend: Any, session: str, client_id: str, challenge: str, responses: dict[str, str]
    ) -> dict[str, Any]:
        """Go on with one, when the answer is to what was asked, and of whom."""
        if challenge == SRP:
            # moto tells one sign-in from another by this block.
            session = _decode(responses.get("PASSWORD_CLAIM_SECRET_BLOCK", ""))
            responses = {**responses, "PASSWORD_CLAIM_SECRET_BLOCK": session}
        if self._challenges.pop(session, None) != (challenge, responses.get("USERNAME", "")):
            raise NotAuthorizedError(WRONG)
        if challenge == SRP:
            _check(self._exchanges.pop(session, None), responses)
        return self._ask(backend, _answer(backend, session, client_id, challenge, responses))

    def _ask(self, backend: Any, reply: dict[str, Any]) -> dict[str, Any]:
        if "ChallengeName" in reply:
            username, pool = backend.sessions[reply["Session"]]
            user = backend.admin_get_user(pool.id, username)
            self._challenges[reply["Session"]] = (reply["ChallengeName"], user.username)
        return reply


def install() -> None:
    """Sign, and check every sign-in, in this way from now on."""
    sign_ins = SignIns()

    def key_file(_path: str) -> dict[str, Any]:
        return dict(signing_key().as_dict(private=True))

    def begin(backend: Any, client_id: str, auth_flow: str, auth_parameters: dict[str, str]) -> dict[str, Any]:
        return sign_ins.begin(backend, client_id, auth_flow, auth_parameters)

    def answer(
        backend: Any, session: str, client_id: str, challenge_name: str, challenge_responses: dict[str, str]
    ) -> dict[str, Any]:
        return sign_ins.answer(backend, session, client_id, challenge_name, challenge_responses)

    setattr(CognitoIdpUser, "password", property(_password, _remember))  # noqa: B010 - an attribute to a type checker
    # A pool reads its signing key, which moto keeps in a file that anybody has, and of which it computes a part anew.
    setattr(models, "load_resource", key_file)  # noqa: B010 - a method of other names to a type checker
    setattr(CognitoIdpBackend, "initiate_auth", begin)  # noqa: B010
    setattr(CognitoIdpBackend, "respond_to_auth_challenge", answer)  # noqa: B010
    setattr(CognitoIdpUserPoolClient, "get_readable_fields", _readable)  # noqa: B010
    public = {"keys": [signing_key().as_dict(private=False)]}
    CognitoIdpJsonWebKeyResponse.json_web_key = json.dumps(public).encode()


def id_token(pool: str, client: str, user: str) -> str:
    """Return an ID token of a user, by the id in their records; the cloud's owner needs no password for it.

    Raises UserNotFoundError when there is no such user.
    """
    users: Any = cognitoidp_backends[ACCOUNT][REGION].user_pools[pool]
    username = next((name for name, account in users.users.items() if account.id == user), None)
    if username is None:
        raise UserNotFoundError("User does not exist.")
    return users.create_id_token(client, username, origin_jti=str(uuid4()))[0]


def identity_of(user: Any) -> str:
    """Return by what a user is hashed together with their password."""
    # Cognito hashes the name that it tells the client to use, not the one that was typed.
    return f"{user.user_pool_id.partition('_')[2]}{user.username}"


def _password(user: Any) -> Password | None:
    return user.__dict__["password"]


def _readable(client: Any) -> list[str]:
    return list(client.extended_config.get("ReadAttributes") or READABLE)


def _remember(user: Any, password: str | Password | None) -> None:
    user.__dict__["password"] = Password.of(identity_of(user), password) if isinstance(password, str) else password


def _require_allowed(backend: Any, client_id: str, flow: str) -> None:
    clients = (pool.clients[client_id] for pool in backend.user_pools.values() if client_id in pool.clients)
    flows = [name for client in clients for name in client.extended_config.get("ExplicitAuthFlows", ())]
    if flows and f"ALLOW_{FLOWS.get(flow, flow)}" not in flows:
        raise InvalidParameterException(f"{flow} flow not enabled for this client")


def _exchange(backend: Any, reply: dict[str, Any], client_public: str) -> Exchange:
    parameters = reply["ChallengeParameters"]
    session = reply["Session"]
    username, pool = backend.sessions[session]
    user = backend.admin_get_user(pool.id, username)
    parameters["USER_ID_FOR_SRP"] = user.username
    if user.password is None:
        raise NotAuthorizedError(WRONG)
    try:
        return Exchange.begin(user.password, client_public, session.encode())
    except ValueError as error:
        raise NotAuthorizedError(WRONG) from error


def _check(exchange: Exchange | None, responses: dict[str, str]) -> None:
    signature = responses.get("PASSWORD_CLAIM_SIGNATURE", "")
    timestamp = responses.get("TIMESTAMP", "")
    if exchange is None or not exchange.accepts(signature, timestamp):
        raise NotAuthorizedError(WRONG)


def _decode(block: str) -> str:
    try:
        return base64.b64decode(block).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
