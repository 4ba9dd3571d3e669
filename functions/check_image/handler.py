"""CheckImage: what a user uploaded for a picture or clip becomes a plain file, or one sentence and nothing else.

Called by a rule with the event of an upload; reads and deletes it, and writes the record and the files beside it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from functions.check_image.check import PictureCheck
from shared.aws.bucket import Bucket
from shared.observability.log import logger
from shared.settings import CheckImageSettings
from shared.video.own_image import ImageUploaded


@cache
def _settings() -> CheckImageSettings:
    return CheckImageSettings.read()


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return what became of the picture: ready, refused, or nothing when it is not waited for any more."""
    upload = ImageUploaded.model_validate_json(json.dumps(event["detail"]))
    outcome = PictureCheck(Bucket(_settings().media_bucket), upload.user_id, upload.image_id).run()
    logger().info("image checked", extra={"outcome": outcome, "image_id": upload.image_id})
    return {"done": outcome}
