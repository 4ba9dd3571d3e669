"""The routes of versions: the finished videos of a recording, which can be played, and deleted alone.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel

from functions.api import wire
from functions.api.adapters import LINK_SECONDS
from functions.api.core import User
from functions.api.services import Services
from functions.api.sharing import cuts
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.http.refusals import AlreadyProcessing, TooManyVersions, VersionNotFound
from shared.http.responses import VersionList, VideoOutcome
from shared.publishing.public_links import path_of
from shared.video import versions
from shared.video.record import VideoRecord
from shared.video.version import MOST, Version

# A deletion loses against another write of the record at most this often.
TRIES = 5


@dataclass(frozen=True)
class VersionListing:
    """The finished videos of a recording: `reply` is None when the caller has it already."""

    reply: VersionList | None
    tag: str


def require_room(record: VideoRecord) -> None:
    """Raise TooManyVersions when the record can hold no more finished videos."""
    if len(versions.versions(record)) >= MOST:
        raise TooManyVersions(f"This recording has {MOST} finished videos, which is the most.")


def listing(services: Services, user: User, video_id: str, if_none_match: str | None) -> VersionListing:
    """GET /ai-video/{videoId}/versions: the finished videos, newest first."""
    record = services.own(user, video_id)
    links = {link.generation_id: link for link in _links(services, record)}
    tag = wire.entity_tag([record, *links.values()], datetime.now(UTC), LINK_SECONDS)
    if wire.matches(if_none_match, tag):
        return VersionListing(None, tag)
    views = [services.version_view(record, version) for version in versions.versions(record)]
    with_links = [
        view.model_copy(update=links[view.generation_id].model_dump(exclude={"generation_id"}))
        if view.generation_id in links
        else view
        for view in views
    ]
    return VersionListing(VersionList(versions=with_links), tag)


class _VersionLink(BaseModel):
    """A finished video's public link as the list of versions tells of it."""

    generation_id: str
    public_link: str
    public_link_revision: int


def _links(services: Services, record: VideoRecord) -> Iterator[_VersionLink]:
    """Yield the public links of the record's finished videos, in the order of their generations."""
    secrets = services.secrets_of_links(record.video_id)
    for version in sorted(versions.versions(record), key=lambda each: each.generation_id):
        secret = secrets.get(version.generation_id)
        cut = cuts.cut_of(services.bucket, record.video_id, version, secret) if secret else None
        if secret and cut:
            yield _VersionLink(
                generation_id=version.generation_id,
                public_link=path_of(record.video_id, secret),
                public_link_revision=cut.revision,
            )


def delete(services: Services, user: User, video_id: str, generation_id: str) -> VideoOutcome:
    """DELETE /ai-video/{videoId}/versions/{generationId}: the files, then the entry.

    What fails half way can be asked for again. Raises VersionNotFound.
    """
    for _ in range(TRIES):
        record = services.own_film_to_change(user, video_id)
        version = find(record, generation_id)
        _delete_files(services.bucket, record, version)
        if services.table.update(video_id, versions.removal(record, version)):
            return VideoOutcome(message="The finished video was deleted.", video_id=video_id, status="deleted")
    raise AlreadyProcessing("The video is changing too fast for one of its versions to be deleted; try again.")


def find(record: VideoRecord, generation_id: str) -> Version:
    """Return the finished video of the generation; raise VersionNotFound."""
    for version in versions.versions(record):
        if version.generation_id == generation_id:
            return version
    raise VersionNotFound("This recording has no finished video of that generation.")


def _delete_files(bucket: Bucket, record: VideoRecord, version: Version) -> None:
    # Finished before versions were kept, its files have no folder of their own.
    own = f"s3://{bucket.name}/{media_keys.RESULTS}/{record.video_id}/"
    locations = [getattr(version, name) for name in versions.FILES]
    for location in locations:
        if location.startswith(own):
            bucket.delete_below(media_keys.key_of(location))
    bucket.delete_below(media_keys.public_link(record.video_id, version.generation_id))
    for prefix in media_keys.of_generation(record.video_id, version.generation_id):
        bucket.delete_below(prefix)
