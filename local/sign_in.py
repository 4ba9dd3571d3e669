"""Sign in to a local cloud that another process serves, as `reelwright token` does for curl.

Touches loopback only: the served configuration, and the Cognito stand-in that it names.
"""

from __future__ import annotations

from typing import Any

import requests

from local.clients import Clients
from local.cloud import LOCAL_PASSWORD, USERS
from shared import site
from shared.errors import InvalidRequest

TIMEOUT = 10


def id_token(port: int, user: str) -> str:
    """Return an ID token of `user` from the local cloud whose API listens on `port`.

    Raises InvalidRequest when nothing is served there or it has no such user.
    """
    if user not in USERS:
        raise InvalidRequest(f"There is no user {user}; use {' or '.join(USERS)}.")
    served = _configuration(port)
    answer = Clients(served["cognitoEndpoint"], TIMEOUT)("cognito-idp").admin_initiate_auth(
        UserPoolId=served["userPoolId"],
        ClientId=served["clientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": LOCAL_PASSWORD},
    )
    return answer["AuthenticationResult"]["IdToken"]


def _configuration(port: int) -> dict[str, Any]:
    try:
        answer = requests.get(f"http://127.0.0.1:{port}{site.CONFIG}", timeout=TIMEOUT)
        answer.raise_for_status()
        served: dict[str, Any] = answer.json()
    except requests.RequestException as error:
        raise InvalidRequest(
            f"Nothing of Reelwright is served on port {port}; start it with `reelwright serve --port {port}`."
        ) from error
    if "cognitoEndpoint" not in served:
        raise InvalidRequest(f"The server on port {port} is not a Reelwright local cloud.")
    return served
