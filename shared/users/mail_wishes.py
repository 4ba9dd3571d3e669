"""Who wants an e-mail when a video ends: one item for each user, in the table of accounts.

Touches the table; an address is none of what it keeps, because Cognito knows the one that holds at the time.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.aws.dynamodb import Table, Update

# The functions' policies allow items that begin with this, and no others (cdk/granting/grants.py).
OF_SETTINGS = "settings#"
_NAME = "mail_username"


@dataclass(frozen=True)
class MailWishes:
    """The table by its name; every method raises TableUnavailable, PermissionMissing or RecordRejected."""

    table: str

    def username(self, user_id: str) -> str:
        """Return by which name the user pool knows a user who wants e-mails; nothing for one who wants none."""
        item = self._items.get(f"{OF_SETTINGS}{user_id}") or {}
        return item.get(_NAME, {}).get("S", "")

    def note(self, user_id: str, username: str) -> None:
        """Note that the user wants e-mails, under the name in the user pool; without a name, that they want none."""
        wish = Update(sets={_NAME: username}) if username else Update(removes=[_NAME])
        self._items.update(f"{OF_SETTINGS}{user_id}", wish)

    @property
    def _items(self) -> Table:
        return Table(self.table, "id", "users' settings")
