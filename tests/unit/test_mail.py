"""The e-mail of an end: what it says, to whom it goes, and that nothing but its delivery can fail."""

from __future__ import annotations

import email
import importlib
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from functions.mail.core import mail_of
from local.moto_plugins.mail import Outbox, verify_senders
from shared.aws import clients
from shared.choices.words import Goal
from shared.errors import DeliveryFailed
from shared.users.mail_wishes import MailWishes
from shared.video.events import DETAIL_TYPES, SOURCE, EndFailure, VideoEnded
from tests.unit.cloud_fixtures import create_keys_table

SENDER = "video@example.com"
SITE = "https://video.example.com"
TABLE = "accounts"


def end(user_id: str = "u", **more: Any) -> VideoEnded:
    values = {"id": "v1-g1", "video_id": "v1", "generation_id": "g1", "title": "Talk", "status": "completed"}
    return VideoEnded.model_validate({**values, "user_id": user_id, "cost_usd": 1, "ended_at": "now", **more})


@pytest.fixture(name="outbox")
def deployment_with_a_sender(cloud: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    create_keys_table(TABLE)
    pool = clients.cognito_idp().create_user_pool(PoolName="users")["UserPool"].get("Id", "")
    values = {"ACCOUNTS_TABLE_NAME": TABLE, "USER_POOL_ID": pool, "MAIL_FROM": SENDER, "SITE_URL": SITE}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    function = {"Properties": {"Environment": {"Variables": {"MAIL_FROM": SENDER}}}}
    verify_senders({"Resources": {"Mail": function}})
    outbox = Outbox(tmp_path / "mail")
    outbox.install()
    return outbox


def add_user(is_verified: str = "true") -> str:
    """Put Jane, who wants e-mails, into the pool, and return her id."""
    (pool,) = clients.cognito_idp().list_user_pools(MaxResults=1)["UserPools"]
    attributes = {"email": "jane@example.com", "email_verified": is_verified}
    user = clients.cognito_idp().admin_create_user(
        UserPoolId=pool.get("Id", ""),
        Username="jane",
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        MessageAction="SUPPRESS",
    )["User"]
    user_id = next(row.get("Value", "") for row in user.get("Attributes", []) if row["Name"] == "sub")
    MailWishes(TABLE).note(user_id, "jane")
    return user_id


def tell(event: VideoEnded) -> str:
    """Return what a new process of the function does with the event of the bus."""
    detail = event.model_dump(mode="json", exclude_none=True)
    delivery = {"source": SOURCE, "detail-type": DETAIL_TYPES[event.status], "detail": detail}
    function = importlib.reload(importlib.import_module("functions.mail.handler"))
    return function.handler(delivery, None)["done"]


def mails(outbox: Outbox) -> list[EmailMessage]:
    files = sorted(outbox.folder.glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def words_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    return part.get_content().replace("\r\n", "\n")


def test_who_wants_it_is_told_of_an_end_at_the_address_that_holds_now(outbox: Outbox) -> None:
    user_id = add_user()
    assert tell(end(user_id)) == "sent"
    (mail,) = mails(outbox)
    assert (mail["From"], mail["To"], mail["Subject"]) == (f"Reelwright <{SENDER}>", "jane@example.com", "Ready: Talk")
    text = words_of(mail, "plain")
    assert text.startswith("Your video “Talk” is ready.")
    assert f"{SITE}/videos/v1\n" in text
    assert "Switch it off" in text
    assert f'<a href="{SITE}/videos/v1">' in words_of(mail, "html")
    assert "Signature" not in text


@pytest.mark.parametrize("is_verified", ["false", ""])
def test_an_address_that_is_no_longer_verified_is_not_written_to(outbox: Outbox, is_verified: str) -> None:
    assert tell(end(add_user(is_verified))) == "nothing"


def test_nobody_else_is_written_to(outbox: Outbox) -> None:
    user_id = add_user()
    (pool,) = clients.cognito_idp().list_user_pools(MaxResults=1)["UserPools"]
    who: Any = {"UserPoolId": pool.get("Id", ""), "Username": "jane"}
    assert tell(end(user_id, status="cancelled")) == "nothing"
    assert tell(end("another")) == "nothing"
    # The name is another's by now.
    MailWishes(TABLE).note("another", "jane")
    assert tell(end("another")) == "nothing"
    clients.cognito_idp().admin_disable_user(**who)
    assert tell(end(user_id)) == "nothing"
    clients.cognito_idp().admin_delete_user(**who)
    assert tell(end(user_id)) == "nothing"
    MailWishes(TABLE).note(user_id, "")
    assert tell(end(user_id)) == "nothing"
    assert mails(outbox) == []


# botocore's model of SES (1.44), read 2026-11-28: what SendEmail is refused with.
REFUSALS = [
    ("MessageRejected", 400),
    ("AccountSuspendedException", 400),
    ("MailFromDomainNotVerifiedException", 400),
    ("SendingPausedException", 400),
    ("NotFoundException", 404),
    ("BadRequestException", 400),
    ("LimitExceededException", 400),
    ("AccessDeniedException", 403),
]


@pytest.mark.parametrize(("code", "status"), REFUSALS)
def test_what_ses_does_not_take_is_tried_again_and_then_the_operators(outbox: Outbox, code: str, status: int) -> None:
    user_id = add_user()

    def refuse(request: Any, **_: object) -> AWSResponse:
        raw: Any = SimpleNamespace(stream=lambda: iter([b'{"message": "No."}']))
        headers = HTTPHeaders()
        headers["x-amzn-errortype"] = code
        return AWSResponse(request.url, status, headers, raw)

    # Its handlers may answer, which their type does not know.
    events: Any = clients.sesv2().meta.events
    events.register_first("before-send.sesv2", refuse)
    try:
        with pytest.raises(DeliveryFailed, match=rf"SES did not take the e-mail \({code}\)"):
            tell(end(user_id))
    finally:
        events.unregister("before-send.sesv2", refuse)
    assert tell(end(user_id)) == "sent"


def test_a_sender_that_was_never_verified_is_refused_as_ses_does(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_FROM", "stranger@example.org")
    with pytest.raises(DeliveryFailed, match="MessageRejected"):
        tell(end(add_user()))
    assert mails(outbox) == []


def test_cognito_out_of_reach_is_tried_again(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = add_user()
    monkeypatch.setenv("USER_POOL_ID", "us-east-1_gone")
    with pytest.raises(DeliveryFailed, match="ResourceNotFoundException"):
        tell(end(user_id))


FAILURE = EndFailure(step="transcription", error="NoSpeechFound", message="Nobody speaks.")


@pytest.mark.parametrize(
    ("more", "subject", "sentence"),
    [
        (
            {"status": "failed", "failure": FAILURE},
            "Stopped: Talk",
            "Your video “Talk” has stopped. Nobody speaks.",
        ),
        ({"status": "failed"}, "Stopped: Talk", "Your video “Talk” has stopped."),
        ({"title": ""}, "Ready: Your video", "Your video “Your video” is ready."),
        ({"title": "A\r\nBcc: b@c.de"}, "Ready: A Bcc: b@c.de", "Your video “A Bcc: b@c.de” is ready."),
        ({"title": "x" * 400}, f"Ready: {'x' * 100}", f"Your video “{'x' * 100}” is ready."),
    ],
)
def test_a_mail_says_in_one_sentence_what_has_become_of_it(more: dict[str, Any], subject: str, sentence: str) -> None:
    mail = mail_of(end(**more), SITE)
    assert mail.subject == subject
    assert mail.text.split("\n\n")[0] == sentence


@pytest.mark.parametrize(
    ("goal", "subject", "place"),
    [
        ("plan", "To review: Talk", "/videos/v1"),
        ("draft", "To review: Talk", "/videos/v1"),
        ("stills", "To review: Talk", "/videos/v1"),
        ("moments", "Chosen: Talk", "/videos/v1/moments"),
    ],
)
def test_a_mail_leads_to_what_waits_for_a_review(goal: Goal, subject: str, place: str) -> None:
    mail = mail_of(end(status="awaiting_review", goal=goal), SITE)
    assert mail.subject == subject
    assert mail.text.split("\n\n")[1] == f"{SITE}{place}"


def test_a_title_is_text_in_html_and_no_page_is_no_link() -> None:
    mail = mail_of(end(title='<a href="https://evil.example">'), "")
    assert "<a" not in mail.html
    assert "&lt;a href=&quot;https://evil.example&quot;&gt;" in mail.html
    assert "http" not in mail.text.split("\n\n")[1]
