"""The routes of the caller's settings.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api import wire
from functions.api.documented import Documented
from functions.api.routing import PRIVATE, Routing
from functions.api.users import settings
from functions.api.users.settings import Mailbox, mailbox_of
from shared.http.users.models import UserSettings, UserSettingsShown


class UserRoutes(Routing):
    """The routes; their order and paths are in `user_table`."""

    def show_settings(self) -> Response[str]:
        """Show what the caller has chosen for themselves, and whether e-mails can be sent here."""
        reply = settings.show(self.services, self.user(), self._mailbox())
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})

    def put_settings(self, body: UserSettings) -> Response[str]:
        """Choose whether an e-mail tells when a video that the caller began is ready, has stopped or can be reviewed.

        It is off unless it is chosen, and goes to the verified address of the caller's account alone.
        """
        return wire.answer(200, settings.put(self.services, self.user(), self._mailbox(), body))

    def _mailbox(self) -> Mailbox:
        return mailbox_of(self.claims())


def user_table(routes: UserRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    return (
        Documented("GET", "/settings", routes.show_settings, "The settings", UserSettingsShown),
        Documented("PUT", "/settings", routes.put_settings, "The settings", UserSettingsShown),
    )
