"""Sign in to a local cloud, and use one that another process of this user serves: its keys, and a user's token.

Touches loopback and this user's folder of runs, where only this user may read.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from local.clients import REGION, USERS, isolated_session
from local.processes import runs
from shared.errors import InvalidRequest

TIMEOUT = 10
# Seconds before its end from which a token is renewed: more than a call takes on its way.
MARGIN = 300.0


class CurrentToken:
    """An ID token that is used until it is soon over: to sign in costs more than most of the calls it is for."""

    def __init__(self, sign_in: Callable[[], str], now: Callable[[], float] = time.time) -> None:
        """`sign_in` returns a fresh ID token; `now` tells the time in seconds since 1970."""
        self._sign_in = sign_in
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._end = 0.0

    def __call__(self) -> str:
        """Return a token that is good for a call; raises what signing in raises."""
        with self._lock:
            if self._now() > self._end - MARGIN:
                self._token = self._sign_in()
                self._end = float(_claims(self._token)["exp"])
            return self._token


def _claims(token: str) -> dict[str, Any]:
    """Return what a token says of itself; whether that is true is for whoever it is shown to."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def id_token(port: int, user: str) -> str:
    """Return an ID token of `user` from the local cloud whose API listens on `port`.

    Raises InvalidRequest when nothing is served there or it has no such user.
    """
    if user not in USERS:
        raise InvalidRequest(f"There is no user {user}; use {' or '.join(USERS)}.")
    card = read_card(port)
    client: Any = isolated_session().create_client(
        "cognito-idp",
        region_name=REGION,
        endpoint_url=card["endpoint"],
        aws_access_key_id=card["caller"],
        aws_secret_access_key=card["secret"],
    )
    answer = client.admin_initiate_auth(
        UserPoolId=card["pool"],
        ClientId=card["client"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": card["password"]},
    )
    return answer["AuthenticationResult"]["IdToken"]


def exports(port: int) -> str:
    """Return the lines that point a shell's AWS tools at the local cloud whose API listens on `port`.

    Raises InvalidRequest when nothing is served there.
    """
    card = read_card(port)
    variables = {
        "AWS_ENDPOINT_URL": card["endpoint"],
        "AWS_ACCESS_KEY_ID": card["caller"],
        "AWS_SECRET_ACCESS_KEY": card["secret"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }
    lines = [f"export {name}={value}" for name, value in variables.items()]
    # Either would be taken before, or along with, the keys.
    return "\n".join([*lines, "unset AWS_PROFILE AWS_SESSION_TOKEN"])


def read_card(port: int) -> dict[str, Any]:
    """Return what the cloud on `port` tells this user's other commands. Raises InvalidRequest when there is none."""
    card = next((card for card in runs.cards() if card["port"] == port), None)
    if card is None:
        raise InvalidRequest(
            f"You serve nothing of Reelwright on port {port}; start it with `reelwright serve --port {port}`."
        )
    return card
