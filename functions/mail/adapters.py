"""Mail's conversations: the user pool, which knows the address, and SES, which sends.

Touches Cognito and SES; whatever goes wrong there is DeliveryFailed.
"""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from functions.mail.core import NAME, Mail
from shared.aws import clients
from shared.errors import DeliveryFailed

_UTF8 = "UTF-8"


def attributes(pool_id: str, username: str) -> dict[str, str]:
    """Return the attributes of a user of the pool; none of one who is gone or locked out."""
    users = clients.cognito_idp()
    try:
        user = users.admin_get_user(UserPoolId=pool_id, Username=username)
    except users.exceptions.UserNotFoundException:
        return {}
    except (ClientError, BotoCoreError) as error:
        raise DeliveryFailed(f"Cognito did not tell the user's address ({_code(error)}).") from error
    rows = user.get("UserAttributes", [])
    return {row["Name"]: row.get("Value", "") for row in rows} if user.get("Enabled") else {}


def send(sender: str, address: str, mail: Mail) -> None:
    """Hand the mail to SES; raise DeliveryFailed when it was not taken."""
    try:
        clients.sesv2().send_email(
            FromEmailAddress=f"{NAME} <{sender}>",
            Destination={"ToAddresses": [address]},
            Content={
                "Simple": {
                    "Subject": {"Data": mail.subject, "Charset": _UTF8},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": _UTF8},
                        "Html": {"Data": mail.html, "Charset": _UTF8},
                    },
                }
            },
        )
    except (ClientError, BotoCoreError) as error:
        raise DeliveryFailed(f"SES did not take the e-mail ({_code(error)}).") from error


def _code(error: ClientError | BotoCoreError) -> str:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return code or type(error).__name__
