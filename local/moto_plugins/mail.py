"""Let moto's SES put what is sent into a folder, where whoever has started the cloud can open it.

Touches one method of moto's SES, and the folder; nothing leaves this machine.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals.

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Any
from uuid import uuid4

from moto.core.exceptions import JsonRESTError
from moto.ses.models import ses_backends
from moto.sesv2.responses import SESV2Response

from local.clients import ACCOUNT, REGION

_REFUSAL = "Email address is not verified. The following identities failed the check in region"


@dataclass
class Outbox:
    """The folder of the mails that were sent, each a file that a mail program opens; `say` is told of each."""

    folder: Path
    say: Callable[[str], None] = lambda _: None
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        """Send in this way from now on."""
        outbox = self

        def send(response: Any) -> str:
            return json.dumps({"MessageId": outbox.take(json.loads(response.body))})

        setattr(SESV2Response, "send_email", send)  # noqa: B010 - a method of other types to a type checker

    def take(self, request: Mapping[str, Any]) -> str:
        """Write the mail that a request of SES is about, and return its id; raises moto's error for another sender."""
        sender = request["FromEmailAddress"]
        _require_verified(sender)
        message_id = str(uuid4())
        mail = _message(sender, request["Destination"]["ToAddresses"], request["Content"]["Simple"], message_id)
        with self._lock:
            self._count += 1
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.folder / f"{self._count:04d}.eml"
            file.write_bytes(mail.as_bytes(policy=SMTP))
        self.say(f"An e-mail to {mail['To']} is in {file}: {mail['Subject']}")
        return message_id


def verify_senders(template: Mapping[str, Any]) -> None:
    """Make the senders that the template's functions are told of ones that e-mails may come from, as in an account."""
    for entry in template["Resources"].values():
        variables = entry.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if variables.get("MAIL_FROM"):
            ses_backends[ACCOUNT][REGION].verify_email_identity(variables["MAIL_FROM"])


def _require_verified(sender: str) -> None:
    address = parseaddr(sender)[1]
    identities = ses_backends[ACCOUNT][REGION].email_identities
    if not {address, address.partition("@")[2]} & set(identities):
        raise JsonRESTError("MessageRejected", f"{_REFUSAL} {REGION.upper()}: {address}")


def _message(sender: str, to: list[str], content: Mapping[str, Any], message_id: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = content["Subject"]["Data"]
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message_id}@{REGION}.amazonses.com>"
    mail.set_content(content["Body"]["Text"]["Data"])
    mail.add_alternative(content["Body"]["Html"]["Data"], subtype="html")
    return mail
