"""Api: the REST API behind API Gateway; one function, every route.

Wires API Gateway's event to the resolver, which is made on the first event and kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api.adapters import Links, Machine, Table
from functions.api.app import make_app
from functions.api.routes import Api
from shared import env
from shared.bucket import Bucket


@cache
def _app() -> APIGatewayRestResolver:
    bucket = env.text("MEDIA_BUCKET")
    api = Api(
        table=Table(env.text("TABLE_NAME")),
        bucket=Bucket(bucket),
        links=Links(bucket),
        machine=Machine(env.text("STATE_MACHINE_ARN")),
        default_model=env.text("DEFAULT_VIDEO_MODEL"),
        upload_limit=env.integer("MAX_UPLOAD_BYTES"),
        webhook_allowed_origins=env.text("WEBHOOK_ALLOWED_ORIGINS", ""),
    )
    return make_app(api, env.text("ALLOWED_ORIGINS").split(","))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return API Gateway's proxy reply for its proxy event."""
    return _app().resolve(event, context)
