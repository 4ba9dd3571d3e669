"""What the user has chosen for themselves: whether an e-mail tells of their videos' ends.

Touches the API and standard output.
"""

from __future__ import annotations

import argparse

from local.api_client import ApiClient
from local.client import report
from local.client.exit_status import DONE
from shared.http.users.models import UserSettings, UserSettingsShown


def command(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Change what is asked for, print the settings, and return the exit status; raises ApiError."""
    if namespace.mail_at_end:
        wish = UserSettings(mail_at_end=namespace.mail_at_end == "on")
        body = api.call("PUT", "/settings", wish.model_dump(mode="json", by_alias=True)).body
    else:
        body = api.call("GET", "/settings").body
    answer = UserSettingsShown.model_validate(body)
    if namespace.json:
        print(answer.model_dump_json(by_alias=True, indent=2, ensure_ascii=report.is_narrow()))
    else:
        print(line(answer))
    return DONE


def line(answer: UserSettingsShown) -> str:
    """Return the settings as a line for a person to read."""
    if not answer.mail_from:
        return "E-mail at the end: off; none is sent here."
    if not answer.mail_to:
        return "E-mail at the end: off; your account has no verified address."
    state = "on" if answer.settings.mail_at_end else "off"
    return f"E-mail at the end: {state}, to {answer.mail_to}, from {answer.mail_from}."
