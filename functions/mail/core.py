"""What an e-mail of an end says: a subject, one sentence, where to look, and how to get no more.

Values only; touches nothing. No link in it opens anything by itself: the page asks who is there.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any, NamedTuple

from shared.video.events import VideoEnded

NAME = "Reelwright"
# A subject is one line, and clients show little more of it.
LONGEST_TITLE = 100
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_TO_REVIEW = {
    "plan": "The plan of “{title}” is ready for your review.",
    "draft": "The draft of “{title}” is ready for your review.",
    "stills": "The stills of “{title}” are ready for your review.",
    "moments": "The moments of “{title}” are chosen.",
}
_WHY = "You get this because you asked to be e-mailed when a video ends. Switch it off on the page, below your videos."


class Mail(NamedTuple):
    """The subject, and the same words as plain text and as HTML."""

    subject: str
    text: str
    html: str


def event_of(event: dict[str, Any]) -> VideoEnded:
    """Return what EventBridge delivers; pydantic's ValidationError when it is no end of a generation."""
    return VideoEnded.model_validate_json(json.dumps(event["detail"]))


def is_news(event: VideoEnded) -> bool:
    """Return whether the user does not know it yet: who cancels a generation does."""
    return event.status != "cancelled"


def address_of(attributes: dict[str, str], user_id: str) -> str:
    """Return the address in a user's attributes; nothing where it is not verified, or the user is another by now."""
    is_theirs = attributes.get("sub") == user_id and attributes.get("email_verified") == "true"
    return attributes.get("email", "") if is_theirs else ""


def mail_of(event: VideoEnded, site_url: str) -> Mail:
    """Return the e-mail of an end; without the address of a page there is no link in it."""
    subject, sentence = _words(event)
    link = f"{site_url}/videos/{event.video_id}" if site_url else ""
    if link and event.goal == "moments":
        link += "/moments"
    text = "\n\n".join(filter(None, (sentence, link, _WHY)))
    paragraphs = [html.escape(sentence)]
    if link:
        paragraphs.append(f'<a href="{html.escape(link)}">{html.escape(link)}</a>')
    paragraphs.append(f"<small>{_WHY}</small>")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return Mail(subject, f"{text}\n", f'<!doctype html><html lang="en"><body>{body}</body></html>')


def _words(event: VideoEnded) -> tuple[str, str]:
    """Return the subject and the sentence."""
    title = _BREAKS.sub(" ", event.title).strip()[:LONGEST_TITLE] or "Your video"
    if event.status == "completed":
        return f"Ready: {title}", f"Your video “{title}” is ready."
    if event.status == "failed":
        why = f" {event.failure.message}" if event.failure and event.failure.message else ""
        return f"Stopped: {title}", f"Your video “{title}” has stopped.{why}"
    words = _TO_REVIEW.get(event.goal or "plan", _TO_REVIEW["plan"])
    return f"{'Chosen' if event.goal == 'moments' else 'To review'}: {title}", words.format(title=title)
