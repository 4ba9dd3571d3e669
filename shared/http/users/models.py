"""The caller's settings over the REST API.

Touches nothing.
"""

from __future__ import annotations

from shared.http.api_reply import ApiReply
from shared.http.requests import ApiBody


class UserSettings(ApiBody):
    """PUT /settings: all of what the caller has chosen for themselves."""

    mail_at_end: bool


class UserSettingsShown(ApiReply):
    """The caller's settings; without `mail_from` the deployment sends no e-mail, without `mail_to` none can arrive."""

    success: bool = True
    settings: UserSettings
    mail_from: str = ""
    mail_to: str = ""
