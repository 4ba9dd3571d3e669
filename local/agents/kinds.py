"""What each tool does to what is there.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["reads", "changes", "deletes", "buys", "stops", "publishes"]
# What each tool does to what is there; an agent's host asks its person by these.
KINDS: dict[str, Kind] = {
    "list_videos": "reads",
    "estimate": "reads",
    "upload_recording": "changes",
    "upload_transcript": "changes",
    "list_fonts": "reads",
    "upload_font": "changes",
    "list_pictures": "reads",
    "upload_picture": "changes",
    "list_music": "reads",
    "upload_music": "changes",
    "delete_own": "deletes",
    "create_upload": "changes",
    "make_video": "buys",
    "status": "reads",
    "cancel": "stops",
    "show_plan": "reads",
    "edit_plan": "changes",
    "run": "buys",
    "retake": "buys",
    "choose_take": "changes",
    "find_moments": "buys",
    "show_moments": "reads",
    "make_clips": "buys",
    "make_variant": "buys",
    "choose_cover": "changes",
    "share": "publishes",
    "unshare": "stops",
    "versions": "reads",
    "export": "reads",
}
