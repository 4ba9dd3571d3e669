"""Let moto's user pools check the password of an SRP sign-in, which moto lets pass with any.

Touches two methods of moto's Cognito backend.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals.

import base64
import binascii
from typing import Any

from moto.cognitoidp.exceptions import NotAuthorizedError
from moto.cognitoidp.models import CognitoIdpBackend

from local.srp import Exchange

SRP = "PASSWORD_VERIFIER"
WRONG = "Incorrect username or password."
_begin = CognitoIdpBackend.initiate_auth
_answer = CognitoIdpBackend.respond_to_auth_challenge


def install() -> None:
    """Check every SRP sign-in that moto receives from now on."""
    under_way: dict[str, Exchange] = {}

    def begin(backend: Any, client_id: str, auth_flow: str, auth_parameters: dict[str, str]) -> dict[str, Any]:
        reply = _begin(backend, client_id, auth_flow, auth_parameters)
        if reply.get("ChallengeName") == SRP:
            exchange = _exchange(backend, reply, auth_parameters["SRP_A"])
            under_way[reply["Session"]] = exchange
            reply["ChallengeParameters"].update(exchange.challenge)
        return reply

    def answer(backend: Any, session: str, client_id: str, challenge: str, responses: dict[str, str]) -> dict[str, Any]:
        if challenge == SRP:
            # moto tells one sign-in from another by this block.
            block = _decoded(responses.get("PASSWORD_CLAIM_SECRET_BLOCK", ""))
            _check(under_way.pop(block, None), responses)
            responses = {**responses, "PASSWORD_CLAIM_SECRET_BLOCK": block}
        return _answer(backend, session, client_id, challenge, responses)

    setattr(CognitoIdpBackend, "initiate_auth", begin)  # noqa: B010 - a method of other names to a type checker
    setattr(CognitoIdpBackend, "respond_to_auth_challenge", answer)  # noqa: B010


def _exchange(backend: Any, reply: dict[str, Any], client_public: str) -> Exchange:
    parameters, session = reply["ChallengeParameters"], reply["Session"]
    username, pool = backend.sessions[session]
    user = backend.admin_get_user(pool.id, username)
    # Cognito hashes the name that it tells the client to use, not the one that was typed.
    parameters["USER_ID_FOR_SRP"] = user.username
    identity = f"{pool.id.partition('_')[2]}{user.username}"
    try:
        return Exchange.begin(identity, user.password, client_public, session.encode())
    except ValueError as error:
        raise NotAuthorizedError(WRONG) from error


def _check(exchange: Exchange | None, responses: dict[str, str]) -> None:
    signature, timestamp = responses.get("PASSWORD_CLAIM_SIGNATURE", ""), responses.get("TIMESTAMP", "")
    if exchange is None or not exchange.accepts(signature, timestamp):
        raise NotAuthorizedError(WRONG)


def _decoded(block: str) -> str:
    try:
        return base64.b64decode(block).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
