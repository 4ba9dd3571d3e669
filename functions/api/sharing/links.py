"""Public links: who has one watches a finished video until its owner takes it back, and learns nothing else.

Touches the table and the bucket through the services. A link is the video's id and a secret, which lies beside the
video's files under the name of its generation.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass

from functions.api.core import User
from functions.api.services import Services
from functions.api.sharing import cuts
from functions.api.versions import find
from shared import media_keys
from shared.contracts import VIDEO_ID_PATTERN
from shared.http import media_types
from shared.http.refusals import LinkNotFound
from shared.http.responses import LinkShown, VideoOutcome
from shared.publishing.public_links import path_of
from shared.video import versions
from shared.video.record import VideoRecord
from shared.video.version import Version

# Random bytes of a secret: nobody guesses one.
_SECRET_BYTES = 24


@dataclass(frozen=True)
class SharedVideo:
    """What whoever has the link is shown: URLs of the video and its picture, and whether captions are in it."""

    video_url: str
    poster_url: str
    is_captioned: bool


def share(services: Services, user: User, video_id: str, generation_id: str) -> LinkShown:
    """PUT /ai-video/{videoId}/versions/{generationId}/link: the link that there is, or a new one.

    It shows the video as it is now, and goes on showing that when the generation is made anew.
    """
    version = find(services.own(user, video_id), generation_id)
    earlier_secret = services.secrets_of_links(video_id).get(generation_id)
    cuts.pin(services.bucket, video_id, version, earlier_secret or secrets.token_urlsafe(_SECRET_BYTES))
    # Of two that were made at once both show the video, and all are told of one.
    secret = services.secrets_of_links(video_id)[generation_id]
    return LinkShown(public_link=path_of(video_id, secret), revision=version.revision)


def take_back(services: Services, user: User, video_id: str, generation_id: str) -> VideoOutcome:
    """DELETE of the same: from now on the link shows nothing, and the next one is another."""
    find(services.own(user, video_id), generation_id)
    services.bucket.delete_below(media_keys.public_link(video_id, generation_id))
    return VideoOutcome(message="The link shows nothing any more.", video_id=video_id, status="deleted")


def watch(services: Services, token: str) -> SharedVideo:
    """GET /ai-video/shared/{token}: the video as the link shows it; raises LinkNotFound."""
    version = _open(services, token)
    # Under names that tell nothing of the record.
    poster = services.link(version.poster_url, "cover.jpg", media_types.of_result("jpg")).url
    return SharedVideo(
        video_url=services.link(version.final_video_url, "video.mp4", media_types.of_result("mp4")).url,
        poster_url=poster if version.poster_url else "",
        is_captioned=version.captions != "none",
    )


def captions(services: Services, token: str) -> str:
    """GET /ai-video/shared/{token}/captions.vtt: the video's captions as WebVTT; raises LinkNotFound."""
    return services.bucket.read_text(media_keys.key_of(_open(services, token).captions_vtt_url))


def _open(services: Services, token: str) -> Version:
    """Return the finished video that the token opens; that it opens none has one answer, whatever the reason."""
    video_id, _, secret = token.partition(".")
    is_well_formed = re.fullmatch(VIDEO_ID_PATTERN, video_id) and secret
    record = services.table.get(video_id) if is_well_formed else None
    version = _version(services, record, secret) if record and not record.deleting_since else None
    if version is None:
        raise LinkNotFound("This link shows no video, or shows it no longer.")
    return version


def _version(services: Services, record: VideoRecord, secret: str) -> Version | None:
    keys = services.bucket.sizes(media_keys.public_link(record.video_id))
    generation_ids = [
        name
        for name, own in map(media_keys.generation_and_secret, keys)
        if hmac.compare_digest(own.encode(), secret.encode())
    ]
    version = next((each for each in versions.versions(record) if each.generation_id in generation_ids), None)
    return cuts.cut_of(services.bucket, record.video_id, version, secret) if version else None
