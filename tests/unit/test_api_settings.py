"""The caller's settings over the API, on moto: off until chosen, and only where an e-mail can be sent and arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.api.app import make_app
from local.client.own.settings import line
from shared.http.users.models import UserSettings, UserSettingsShown
from tests.unit.api_calls import SENDER, SITE, Api

CLAIMS = {"cognito:username": "jane", "email": "jane@example.com", "email_verified": "true"}


@pytest.fixture(name="jane")
def caller_with_an_address(call: Api) -> Api:
    return replace(call, claims=CLAIMS)


def choose(call: Api, *, mail_at_end: bool, **more: Any) -> Any:
    return call("PUT", "/settings", {"mailAtEnd": mail_at_end}, **more)


def test_e_mails_are_off_until_a_user_wants_them_and_can_be_switched_off(jane: Api) -> None:
    first = jane("GET", "/settings").body
    assert first == {
        "success": True,
        "settings": {"mailAtEnd": False},
        "mailFrom": SENDER,
        "mailTo": "jane@example.com",
    }
    assert choose(jane, mail_at_end=True).body["settings"] == {"mailAtEnd": True}
    assert jane.services.wishes.username("user1") == "jane"
    assert jane("GET", "/settings", user="user2").body["settings"] == {"mailAtEnd": False}
    assert choose(jane, mail_at_end=False).status == 200
    assert jane("GET", "/settings").body["settings"] == {"mailAtEnd": False}


def test_a_deployment_without_a_sender_says_so_and_can_be_left(jane: Api) -> None:
    choose(jane, mail_at_end=True)
    services = replace(jane.services, mail_from="")
    silent = replace(jane, app=make_app(services, [SITE]), services=services)
    assert silent("GET", "/settings").body["mailFrom"] == ""
    answer = choose(silent, mail_at_end=True)
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert "named no sender" in answer.body["message"]
    assert choose(silent, mail_at_end=False).body["settings"] == {"mailAtEnd": False}


@pytest.mark.parametrize("wrong", [{"email_verified": "false"}, {"email": ""}, {"cognito:username": ""}])
def test_an_address_that_is_not_verified_is_never_written_to(jane: Api, wrong: dict[str, str]) -> None:
    answer = choose(replace(jane, claims=CLAIMS | wrong), mail_at_end=True)
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert "no verified e-mail address" in answer.body["message"]
    assert jane.services.wishes.username("user1") == ""


@pytest.mark.parametrize("body", [{}, {"mailAtEnd": "perhaps"}, {"mailAtEnd": True, "sms": True}])
def test_settings_that_are_none_are_refused(jane: Api, body: dict[str, Any]) -> None:
    assert jane("PUT", "/settings", body).status == 400


@pytest.mark.parametrize(
    ("wish", "sender", "address", "words"),
    [
        (True, "v@example.com", "j@example.com", "on, to j@example.com, from v@example.com."),
        (False, "v@example.com", "j@example.com", "off, to j@example.com, from v@example.com."),
        (True, "", "j@example.com", "off; none is sent here."),
        (True, "v@example.com", "", "off; your account has no verified address."),
    ],
)
def test_the_command_line_says_whether_a_mail_will_come(*, wish: bool, sender: str, address: str, words: str) -> None:
    answer = UserSettingsShown(settings=UserSettings(mail_at_end=wish), mail_from=sender, mail_to=address)
    assert line(answer) == f"E-mail at the end: {words}"
