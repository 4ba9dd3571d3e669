"""What every route works with: the adapters, the deployment's settings, and the reading of a record.

Touches the table, the bucket and the state machine through the adapters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.api import core
from functions.api.adapters import LINK_SECONDS, UPLOAD_SECONDS, Checks, Machine, Objects
from functions.api.build import explanations
from functions.api.core import User
from functions.api.moments.former import Formers
from functions.api.once import Once
from functions.api.pace import StartRate
from functions.api.table import VideoTable
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.errors import RecordingChanged
from shared.http import media_types
from shared.http.views import Link, VersionView, VideoView
from shared.users.mail_wishes import MailWishes
from shared.video import versions
from shared.video.ending import ending, repair
from shared.video.record import VideoRecord
from shared.video.timestamps import moment
from shared.video.tombstones import VideoLists
from shared.video.version import Version

# A record that is `processing` is written at least this often while all is well: a clip may take 15 minutes.
QUIET_SECONDS = 60


@dataclass(frozen=True)
class Services:
    """The adapters and settings; `webhook_allowed_origins` separated by commas.

    `translates` says whether the planning model here can translate captions.
    `client_ids` are the user pool's clients whose tokens are accepted. `mail_from` is the sender of e-mails, if any.
    """

    table: VideoTable
    bucket: Bucket
    objects: Objects
    machine: Machine
    once: Once
    pace: StartRate
    tombstones: VideoLists
    checks: Checks
    wishes: MailWishes
    default_model: str
    planner_model: str
    webhook_allowed_origins: str
    client_ids: frozenset[str]
    translates: bool = True
    mail_from: str = ""

    def own(self, user: User, video_id: str) -> VideoRecord:
        """Return the caller's record, repaired when its execution died; raise VideoNotFound or NotYourVideo."""
        return self.repair_if_dead(core.require_own(self.table.get(video_id), user[0]))

    @property
    def formers(self) -> Formers:
        """What searches for moments stand in front of."""
        return Formers(self.table, self.bucket)

    def own_film(self, user: User, video_id: str) -> VideoRecord:
        """Return the caller's record as `own` does, as if no search for moments stood in front of its generation."""
        return self.formers.beneath(self.own(user, video_id))

    def own_film_to_change(self, user: User, video_id: str) -> VideoRecord:
        """Return the same, written so: what a search that is over stands in front of is put back, to be gone on with.

        Raises AlreadyProcessing when the record changes at this moment.
        """
        return self.formers.put_back(self.own(user, video_id), now_text())

    def repair_if_dead(self, record: VideoRecord) -> VideoRecord:
        """Return the record; one whose execution ended without a word is first written as failed."""
        data = record.ai_generation_data
        # Without an execution it was not started here, and is for others to end.
        if record.ai_generation_status != "processing" or not (data and data.execution_arn) or not _quiet(record):
            return record
        why = repair(data, self.machine.describe(data.execution_arn))
        if why is None:
            return record
        self.table.update(record.video_id, ending(data, "failed", why, now_text()))
        return self.table.get(record.video_id) or record

    def with_upload(self, record: VideoRecord) -> VideoRecord:
        """Return the record, with `uploaded_at` if the recording is in the bucket."""
        if record.uploaded_at or record.ai_generation_data:
            return record
        key = core.uploaded_key(record, self.bucket.name)
        etag = self.bucket.etag(key) if key else ""
        if not etag:
            return record
        uploaded_at = now_text()
        self.table.mark_arrived(record.video_id, etag, uploaded_at)
        return record.model_copy(update={"uploaded_at": uploaded_at, "recording_etag": etag})

    def pin(self, record: VideoRecord) -> VideoRecord:
        """Return the record with the recording that was first seen pinned: by its ETag, and by a copy of its own.

        The ETag is "" when there is none in the bucket. What a form can write is copied once, to where no form can, and
        whatever the form writes later is ignored. Raises RecordingChanged when another recording lies in its place by
        now, VideoNotFound when the video is deleted meanwhile.
        """
        if record.recording_copy:
            return record
        key = core.uploaded_key(record, self.bucket.name)
        etag = self.bucket.etag(key)
        if not etag:
            return record.model_copy(update={"recording_etag": ""})
        self._mark_arrived(record, etag)
        copy = media_keys.recording_copy(key, etag) if core.may_have_form(record, self.bucket.name) else ""
        if copy:
            self.bucket.copy_seen(key, etag, copy)
            self._mark_arrived(record, etag, copy)
        return record.model_copy(update={"recording_etag": etag, "recording_copy": copy})

    def _mark_arrived(self, record: VideoRecord, etag: str, copy: str = "") -> None:
        if not self.table.mark_arrived(record.video_id, etag, record.uploaded_at or now_text(), copy):
            core.require_own(self.table.get(record.video_id), record.user_id)
            raise RecordingChanged("The recording was replaced after it was first seen.")

    def view(self, record: VideoRecord) -> VideoView:
        """Return the record as a client sees it, with the state of its upload and a link to what was uploaded."""
        with_upload = self.with_upload(record)
        now = datetime.now(UTC)
        has_arrived = bool(with_upload.uploaded_at or with_upload.ai_generation_data)
        upload = core.upload_state(with_upload, has_arrived, now, timedelta(seconds=UPLOAD_SECONDS))
        recording = None
        key = core.recording_key(with_upload, self.bucket.name)
        if has_arrived and key:
            media_type = media_types.of_download(with_upload.filename, with_upload.content_type)
            recording = self.link(f"s3://{self.bucket.name}/{key}", with_upload.filename, media_type)
        is_running = record.ai_generation_status == "processing"
        film = with_upload if is_running else self.formers.beneath(with_upload)
        record = versions.record_to_show(film)
        newest = next(iter(versions.versions(record)), None)
        poster = self.result_link(record, newest.poster_url) if newest and newest.poster_url else None
        view = core.view(record, lambda location: self.result_link(record, location), now)
        search = None if film is with_upload else explanations.search_view(with_upload)
        more = {"upload": upload, "recording": recording, "poster": poster, "search": search}
        return view.model_copy(update=more)

    def version_view(self, record: VideoRecord, version: Version) -> VersionView:
        """Return a finished video of the record as a client sees it, with links to its files."""
        return core.version_view(version, lambda location: self.result_link(record, location))

    def secrets_of_links(self, video_id: str) -> dict[str, str]:
        """Return the secrets of the video's public links, by the generation of the finished video that each shows."""
        keys = sorted(self.bucket.sizes(media_keys.public_link(video_id)), reverse=True)
        return dict(map(media_keys.generation_and_secret, keys))

    def result_link(self, record: VideoRecord, location: str) -> Link:
        """Return a link to a file of the record's, at an s3:// URL, under a name that a person can read."""
        return self.link(location, core.download_name(record, location), media_types.of_download(location))

    def link(self, location: str, name: str, media_type: str) -> Link:
        """Return a link to the file at an s3:// URL, which is saved as `name`."""
        until = datetime.now(UTC) + timedelta(seconds=LINK_SECONDS)
        url = self.objects.link(location, name, media_type)
        return Link(url=url, expiresAt=until.isoformat(timespec="seconds"))


def now_text() -> str:
    """Return the present moment as the record keeps it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _quiet(record: VideoRecord) -> bool:
    last_write = moment(record.updated_at)
    return last_write is None or datetime.now(UTC) - last_write > timedelta(seconds=QUIET_SECONDS)
