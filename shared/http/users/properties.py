"""What the OpenAPI document says of the properties of the caller's settings.

Pure data; touches nothing.
"""

from __future__ import annotations

from typing import Any

USER_PROPERTIES: dict[str, tuple[str, Any]] = {
    "UserSettingsShown.settings": ("What the caller has chosen; what PUT takes.", None),
    "mailAtEnd": ("Whether an e-mail tells when a video is ready, has stopped, or waits for a review.", True),
    "mailFrom": ("The address that e-mails come from; empty where the deployment sends none.", "video@example.com"),
    "mailTo": ("The caller's verified address; empty where the account has none.", "jane@example.com"),
}
