"""Api: the REST API behind API Gateway; one function, every route.

Wires API Gateway's event to the resolver, which is made on the first event and kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api.adapters import Checks, Machine, Objects
from functions.api.app import make_app
from functions.api.once import Once
from functions.api.pace import StartRate
from functions.api.services import Services
from functions.api.table import VideoTable
from shared.aws.bucket import Bucket
from shared.observability.log import logger
from shared.settings import STAND_IN, ApiSettings
from shared.users.mail_wishes import MailWishes
from shared.video.tombstones import VideoLists


@cache
def _app() -> APIGatewayRestResolver:
    settings = ApiSettings.read()
    keys = settings.keys_table_name
    services = Services(
        table=VideoTable(settings.table_name, settings.user_index),
        bucket=Bucket(settings.media_bucket),
        objects=Objects(settings.media_bucket),
        machine=Machine(settings.state_machine_arn),
        once=Once(keys),
        pace=StartRate(keys, settings.user_hourly_starts),
        tombstones=VideoLists(keys),
        checks=Checks(),
        wishes=MailWishes(settings.accounts_table_name),
        default_model=settings.default_video_model,
        planner_model=settings.planner_model,
        translates=settings.planned_by != STAND_IN,
        webhook_allowed_origins=settings.webhook_allowed_origins,
        client_ids=frozenset(settings.user_pool_client_ids),
        mail_from=settings.mail_from,
    )
    return make_app(services, list(settings.allowed_origins))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return API Gateway's proxy reply for its proxy event."""
    parameters: dict[str, str] = event.get("pathParameters") or {}
    request = event["requestContext"].get("requestId", "")
    logger().append_keys(video_id=parameters.get("videoId", ""), request_id=request)
    return _app().resolve(event, context)
