"""The caller's settings: whether an e-mail tells of their videos' ends.

Touches the table of accounts through the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from functions.api.core import User
from functions.api.services import Services
from shared.errors import InvalidRequest
from shared.http.users.models import UserSettings, UserSettingsShown


class Mailbox(NamedTuple):
    """By which name the user pool knows the caller, and their address; empty where it is not verified."""

    username: str
    address: str


def mailbox_of(claims: Mapping[str, str]) -> Mailbox:
    """Return the caller's mailbox by the claims of their ID token."""
    is_verified = claims.get("email_verified") == "true"
    return Mailbox(claims.get("cognito:username", ""), claims.get("email", "") if is_verified else "")


def show(services: Services, user: User, mailbox: Mailbox) -> UserSettingsShown:
    """GET /settings."""
    settings = UserSettings(mail_at_end=bool(services.wishes.username(user[0])))
    return UserSettingsShown(settings=settings, mail_from=services.mail_from, mail_to=mailbox.address)


def put(services: Services, user: User, mailbox: Mailbox, settings: UserSettings) -> UserSettingsShown:
    """PUT /settings; raises InvalidRequest where no e-mail could be sent, or none could arrive."""
    if settings.mail_at_end and not services.mail_from:
        raise InvalidRequest("mailAtEnd: this deployment sends no e-mail; its operator has named no sender (mailFrom).")
    if settings.mail_at_end and not (mailbox.address and mailbox.username):
        raise InvalidRequest("mailAtEnd: your account has no verified e-mail address; verify one, then sign in again.")
    services.wishes.note(user[0], mailbox.username if settings.mail_at_end else "")
    return show(services, user, mailbox)
