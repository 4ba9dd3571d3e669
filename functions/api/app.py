"""The resolver: paths to routes, and each error of our vocabulary to its status and one shape.

Touches what the routes touch, and the log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from functions.api import core, wire
from functions.api.routes import Api
from shared.bodies import NewVideo, StartGeneration
from shared.errors import InvalidRequest, ReelwrightError, RouteNotFound
from shared.log import logger


def make_app(api: Api, origins: list[str]) -> APIGatewayRestResolver:
    """Return the resolver with every route of `api`; `origins` are the sites that browsers may call from."""
    cors = CORSConfig(allow_origin=origins[0], extra_origins=origins[1:], max_age=300)
    app = APIGatewayRestResolver(enable_validation=True, cors=cors)
    _add_routes(app, api)
    _add_errors(app)
    return app


def _add_routes(app: APIGatewayRestResolver, api: Api) -> None:
    def user() -> tuple[str, str]:
        authorizer: dict[str, Any] = app.current_event["requestContext"].get("authorizer") or {}
        return core.caller(authorizer.get("claims") or {})

    def create_video(body: NewVideo) -> Response[str]:
        return wire.answer(201, api.create_video(user(), body))

    def start(body: StartGeneration) -> Response[str]:
        return wire.answer(202, api.start(user(), body), {"Location": f"/ai-video/{body.video_id}"})

    def show(video_id: str) -> Response[str]:
        return wire.answer(200, api.show(user(), video_id))

    routes: tuple[tuple[str, str, Callable[..., Response[str]]], ...] = (
        ("POST", "/videos", create_video),
        ("POST", "/ai-video", start),
        ("GET", "/ai-video/<video_id>", show),
    )
    for method, path, serve in routes:
        app.route(path, method)(serve)


def _add_errors(app: APIGatewayRestResolver) -> None:
    def request_id() -> str:
        return str(app.current_event["requestContext"].get("requestId", ""))

    def known(error: ReelwrightError) -> Response[str]:
        logger().warning("refused", extra={"error": type(error).__name__})
        return wire.problem(error, request_id())

    def invalid(error: RequestValidationError) -> Response[str]:
        details = wire.field_details(error.errors())
        first = f"{details[0]['field']}: {details[0]['message']}" if details else "The body is not valid."
        return wire.problem(InvalidRequest(first), request_id(), details)

    def no_route(_error: NotFoundError) -> Response[str]:
        return wire.problem(RouteNotFound("No route answers this path and method."), request_id())

    def unforeseen(_error: Exception) -> Response[str]:
        logger().exception("unforeseen error")
        return wire.unforeseen(request_id())

    for kind, serve in (
        (ReelwrightError, known),
        (RequestValidationError, invalid),
        (Exception, unforeseen),
    ):
        app.exception_handler(kind)(serve)
    app.not_found(no_route)  # pyright: ignore[reportUnknownMemberType]
