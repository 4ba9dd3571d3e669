"""Api: the REST API behind API Gateway; one function, every route.

Wires API Gateway's event to the resolver, which is made on the first event and kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api.adapters import Machine, Objects
from functions.api.app import make_app
from functions.api.once import Once
from functions.api.pace import StartRate
from functions.api.services import Services
from functions.api.table import VideoTable
from shared import env
from shared.aws.bucket import Bucket
from shared.observability.log import logger
from shared.video.tombstones import VideoLists


@cache
def _app() -> APIGatewayRestResolver:
    bucket = env.text("MEDIA_BUCKET")
    keys = env.text("KEYS_TABLE_NAME")
    services = Services(
        table=VideoTable(env.text("TABLE_NAME"), env.text("USER_INDEX", "")),
        bucket=Bucket(bucket),
        objects=Objects(bucket),
        machine=Machine(env.text("STATE_MACHINE_ARN")),
        once=Once(keys),
        pace=StartRate(keys, env.integer("USER_HOURLY_STARTS")),
        tombstones=VideoLists(keys),
        default_model=env.text("DEFAULT_VIDEO_MODEL"),
        planner_model=env.text("PLANNER_MODEL"),
        upload_limit=env.integer("MAX_UPLOAD_BYTES"),
        webhook_allowed_origins=env.text("WEBHOOK_ALLOWED_ORIGINS", ""),
        client_ids=frozenset(env.text("USER_POOL_CLIENT_IDS").split(",")),
    )
    return make_app(services, env.text("ALLOWED_ORIGINS", "").split(","))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return API Gateway's proxy reply for its proxy event."""
    parameters: dict[str, str] = event.get("pathParameters") or {}
    request = event["requestContext"].get("requestId", "")
    logger().append_keys(video_id=parameters.get("videoId", ""), request_id=request)
    return _app().resolve(event, context)
