"""Keep the users of moto's user pools, with verifiers in place of their passwords.

Touches the users of the pools that the stack has.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals.

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus, cognitoidp_backends

from local.clients import ACCOUNT, REGION
from local.moto_plugins.cognito import identity_of
from local.moto_plugins.srp import Password
from local.shelf.database import OTHER, Database, Document, Row
from shared.errors import InvalidRequest

SHELF = "users/"
# What of a user is stored as it is.
_FIELDS = (
    "id",
    "enabled",
    "sms_mfa_enabled",
    "software_token_mfa_enabled",
    "token_verified",
    "preferred_mfa_setting",
    "confirmation_code",
)
_MOMENTS = ("create_date", "last_modified_date")


def _pools() -> Mapping[str, Any]:
    return cognitoidp_backends[ACCOUNT][REGION].user_pools


class UsersChange:
    """All users, as they were before a request: they are few, and many operations change them."""

    def __init__(self) -> None:
        self._before = _snapshot()

    @property
    def what(self) -> tuple[str, ...]:
        """All of them are one thing."""
        return (SHELF,)

    def rows(self) -> Iterator[Row]:
        """Return those who came, changed or went."""
        now = _snapshot()
        for pool, users in now.items():
            before = self._before.get(pool, {})
            for name in users.keys() | before.keys():
                if users.get(name) != before.get(name):
                    yield Row(SHELF + pool, name, users.get(name))

    def undo(self) -> None:
        """Bring everybody back."""
        for pool, users in self._before.items():
            _put(pool, users)

    def note_written(self) -> None:
        """Do nothing more."""


def load(database: Database) -> None:
    """Put the stored users into their pools; raise InvalidRequest when this version has no such pool."""
    for shelf in database.shelves(SHELF):
        pool = shelf.removeprefix(SHELF)
        if pool not in _pools():
            raise InvalidRequest(f"The store has a user pool {pool} that this Reelwright does not have; {OTHER}.")
        _put(pool, database.all(shelf))


def _snapshot() -> dict[str, dict[str, Document]]:
    return {name: {user.username: _document(user) for user in pool.users.values()} for name, pool in _pools().items()}


def _put(pool: str, users: Mapping[str, Document]) -> None:
    there: dict[str, Any] = _pools()[pool].users
    there.clear()
    there.update({name: _user(pool, name, document) for name, document in users.items()})


def _document(user: Any) -> Document:
    password: Password | None = user.password
    return {
        **{name: getattr(user, name) for name in _FIELDS},
        **{name: getattr(user, name).isoformat() for name in _MOMENTS},
        "status": UserStatus(user.status).value,
        "attributes": user.attributes,
        "password": password and {"salt": f"{password.salt:x}", "verifier": f"{password.verifier:x}"},
    }


def _user(pool: str, name: str, document: Document) -> Any:
    user: Any = CognitoIdpUser(pool, name, None, UserStatus(document["status"]), [])
    password = document["password"]
    if password:
        user.password = Password(identity_of(user), int(password["salt"], 16), int(password["verifier"], 16))
    user.update_attributes(document["attributes"])
    for field in _FIELDS:
        setattr(user, field, document[field])
    for field in _MOMENTS:
        setattr(user, field, datetime.fromisoformat(document[field]))
    return user
