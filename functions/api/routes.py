"""The routes of the REST API, each from request to reply.

Touches the table, the bucket's presigned URLs and the state machine through their adapters.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.api import core
from functions.api.adapters import Links, Machine, Table
from shared import media_keys, receivers, veo_models
from shared.bodies import NewVideo, StartGeneration
from shared.bucket import Bucket
from shared.errors import UploadMissing
from shared.record import VideoRecord, new_generation

User = tuple[str, str]


@dataclass(frozen=True)
class Api:
    """The routes and what they touch; `upload_limit` in bytes."""

    table: Table
    bucket: Bucket
    links: Links
    machine: Machine
    default_model: str
    upload_limit: int
    webhook_allowed_origins: str

    def create_video(self, user: User, body: NewVideo) -> dict[str, Any]:
        """POST /videos: write the record and return it with a form for the upload."""
        core.check_size(body.file_size, self.upload_limit)
        video_id = secrets.token_hex(8)
        key = media_keys.upload(user[0], video_id, body.filename)
        record = core.new_video(video_id, body, user, f"s3://{self.bucket.name}/{key}", _now())
        self.table.put(record)
        form = self.links.upload(key, body.content_type, body.file_size)
        return {"video": core.view(record, {}), "upload": form}

    def start(self, user: User, body: StartGeneration) -> dict[str, Any]:
        """POST /ai-video: start a generation; raises UploadMissing, AlreadyProcessing or ModelRetired."""
        options = body.options(self.default_model)
        veo_models.model(options.model)
        if body.webhook_url:
            receivers.check(body.webhook_url, self.webhook_allowed_origins)
        record = core.owned(self.table.get(body.video_id), user[0])
        core.check_idle(record)
        if not self.bucket.holds(core.key_of(record.bucket_location)):
            raise UploadMissing("The recording has not been uploaded yet.")
        request = core.execution_input(record, secrets.token_hex(4), options)
        data = new_generation(request.generation_id, options.model, options, _now())
        more = {"execution_arn": self.machine.execution_arn(request), "webhook_url": body.webhook_url or ""}
        self.table.begin(record.video_id, data.model_copy(update=more), _now())
        try:
            self.machine.start(request)
        except (ClientError, BotoCoreError):
            self.table.abandon(record.video_id, request.generation_id, _now())
            raise
        message = "The generation has started."
        return {"success": True, "message": message, "videoId": record.video_id, "status": "processing"}

    def show(self, user: User, video_id: str) -> dict[str, Any]:
        """GET /ai-video/{videoId}: the record, with progress and links that can be played."""
        record = core.owned(self.table.get(video_id), user[0])
        return {"success": True, "video": core.view(record, self._links(record))}

    def _links(self, record: VideoRecord) -> dict[str, str]:
        stored = record.ai_generation_data.model_dump() if record.ai_generation_data else {}
        wanted = {name: stored.get(name) for name in core.LINKS}
        return {name: self.links.download(core.key_of(url)) for name, url in wanted.items() if url}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
