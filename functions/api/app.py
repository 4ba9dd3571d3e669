"""The resolver: the table of routes, and each error of our vocabulary to its status and one shape.

Touches what the routes touch, and the log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)

from functions.api import wire
from functions.api.build.routes import BuildRoutes, build_table
from functions.api.documented import ALLOWANCE, LOCATION, ONE_VIDEO, RETRY, TAG, Documented
from functions.api.event import BASE_PATH, check_body, own_path
from functions.api.images.font_routes import FontRoutes, font_table
from functions.api.images.music_routes import MusicRoutes, music_table
from functions.api.images.routes import ImageRoutes, image_table
from functions.api.moments.routes import MomentRoutes, moment_table
from functions.api.presets.routes import PresetRoutes, preset_table
from functions.api.routes import Routes
from functions.api.services import Services
from functions.api.sharing.routes import SharingRoutes, sharing_table
from functions.api.transcripts.routes import TranscriptRoutes, transcript_table
from functions.api.users.routes import UserRoutes, user_table
from shared.errors import BudgetExceeded, InvalidEdit, InvalidRequest, RecordingChanged, ReelwrightError
from shared.http import media_types
from shared.http.refusals import (
    AlreadyProcessing,
    FontNotFound,
    ImageNotFound,
    MethodNotAllowed,
    MusicNotFound,
    PresetNotFound,
    RouteNotFound,
    TooManyVersions,
    TranscriptNotFound,
    VersionNotFound,
)
from shared.http.responses import (
    BatchAnswers,
    Estimated,
    VersionList,
    VideoCreated,
    VideoList,
    VideoOutcome,
    VideoShown,
)
from shared.http.routes import EXPOSED_HEADERS, LISTINGS, PREFLIGHT_SECONDS, REQUEST_HEADERS, with_head
from shared.observability.log import logger

ESTIMATING = (*ONE_VIDEO, PresetNotFound, TranscriptNotFound)
_FILES = (FontNotFound, ImageNotFound, MusicNotFound)
STARTING = (*ESTIMATING, *_FILES, BudgetExceeded, InvalidEdit, RecordingChanged, TooManyVersions)
STATE = (*ONE_VIDEO, AlreadyProcessing)
VERSION = (*STATE, VersionNotFound)
_LISTINGS = {(method, re.sub(r"{(\w+)}", r"<\1>", path)) for method, path in LISTINGS}
SUBRIP = (media_types.RESULTS["srt"], media_types.PLAIN)
WEBVTT = (media_types.RESULTS["vtt"],)


def make_app(services: Services, origins: list[str]) -> APIGatewayRestResolver:
    """Return the resolver with every route; `origins` are the sites that browsers may call from ("" is none)."""
    cors = CORSConfig(
        origins[0],
        origins[1:],
        allow_headers=[*REQUEST_HEADERS],
        expose_headers=[*EXPOSED_HEADERS],
        max_age=PREFLIGHT_SECONDS,
    )
    app = APIGatewayRestResolver(enable_validation=True, cors=cors, strip_prefixes=[BASE_PATH])
    routes = Routes(app, services)
    build = BuildRoutes(app, services)
    # A table without an index by user cannot be listed.
    own_files = (
        *image_table(ImageRoutes(app, services)),
        *font_table(FontRoutes(app, services)),
        *music_table(MusicRoutes(app, services)),
        *preset_table(PresetRoutes(app, services)),
        *transcript_table(TranscriptRoutes(app, services)),
        *moment_table(MomentRoutes(app, services)),
        *sharing_table(SharingRoutes(app, services)),
        *user_table(UserRoutes(app, services)),
    )
    rows = route_table(routes, build, own_files)
    table = [row for row in rows if services.table.index or (row.method, row.path) not in _LISTINGS]
    app.use([_readable])  # pyright: ignore[reportUnknownMemberType]
    for route in table:
        route.add_to(app)
    _add_errors(app, routes, table)
    return app


def route_table(routes: Routes, build: BuildRoutes, own_files: tuple[Documented, ...]) -> tuple[Documented, ...]:
    """Return the table of routes; `ROUTES` in shared/http/routes.py names the same, and a test compares them."""
    create = routes.create_video
    start = routes.start_generation
    record_answers: Any = {"reply": VideoShown, "errors": ONE_VIDEO, "headers": TAG | RETRY, "has_not_modified": True}
    version_answers: Any = {"errors": ONE_VIDEO, "headers": TAG, "has_not_modified": True}
    video_path = "/ai-video/<videoId>"
    list_path = f"{video_path}/versions"
    captions = "/ai-video/<videoId>/captions"
    on_start = LOCATION | ALLOWANCE
    return (
        Documented("POST", "/videos", create, "The record and its form", VideoCreated, 201, (), LOCATION),
        Documented(
            "GET", "/videos", routes.list_videos, "A page of records", VideoList, headers=TAG, has_not_modified=True
        ),
        Documented("GET", "/videos/<videoId>", routes.show_video, "The record", **record_answers),
        Documented("DELETE", "/videos/<videoId>", routes.delete_video, "Deleted", VideoOutcome, errors=STATE),
        Documented("POST", "/ai-video", start, "Started", VideoOutcome, 202, STARTING, on_start),
        Documented(
            "POST", "/ai-video/batch", routes.start_generations, "One answer per item", BatchAnswers, headers=ALLOWANCE
        ),
        Documented("POST", "/ai-video/estimate", routes.estimate_generation, "Estimate", Estimated, errors=ESTIMATING),
        Documented("GET", video_path, routes.show_generation, "The record", **record_answers),
        Documented("DELETE", video_path, routes.cancel_generation, "Cancelled", VideoOutcome, errors=STATE),
        *build_table(build),
        Documented("GET", list_path, routes.list_versions, "The finished videos", VersionList, **version_answers),
        Documented(
            "DELETE", f"{list_path}/<generationId>", routes.delete_version, "Deleted", VideoOutcome, errors=VERSION
        ),
        Documented("GET", f"{captions}.srt", routes.captions_srt, "SubRip", errors=STATE, texts=SUBRIP),
        Documented("GET", f"{captions}.vtt", routes.captions_vtt, "WebVTT", errors=STATE, texts=WEBVTT),
        *own_files,
        Documented("GET", "/openapi.json", routes.openapi, "This document", public=True),
    )


def _add_errors(app: APIGatewayRestResolver, routes: Routes, table: Sequence[Documented]) -> None:
    def answer_refusal(error: ReelwrightError) -> Response[str]:
        logger().warning("refused", extra={"error": type(error).__name__})
        return wire.problem(error, routes.request_id(), (), routes.accept())

    def invalid(error: RequestValidationError) -> Response[str]:
        details = wire.field_details(error.errors())
        return wire.problem(InvalidRequest(wire.sentence(details)), routes.request_id(), details, routes.accept())

    def no_route(_error: NotFoundError) -> Response[str]:
        methods = _methods(table, own_path(app.current_event))
        if not methods:
            return answer_refusal(RouteNotFound("No route answers this path."))
        reply = answer_refusal(MethodNotAllowed(f"This path takes {methods}."))
        reply.headers["Allow"] = methods
        return reply

    def unforeseen(_error: Exception) -> Response[str]:
        logger().exception("unforeseen error")
        return wire.unforeseen(routes.request_id(), routes.accept())

    def body_first(serve: Callable[[Any], Response[str]]) -> Callable[[Any], Response[str]]:
        # Powertools reads the body before `_readable` does, and may fail on one that it cannot read.
        def answer_unforeseen(error: Exception) -> Response[str]:
            try:
                check_body(app.current_event)
            except ReelwrightError as refusal:
                return answer_refusal(refusal)
            return serve(error)

        return answer_unforeseen

    for kind, serve in (
        (ReelwrightError, answer_refusal),
        (RequestUnsupportedContentType, body_first(unforeseen)),
        (RequestValidationError, body_first(invalid)),
        (Exception, body_first(unforeseen)),
    ):
        app.exception_handler(kind)(serve)
    app.not_found(no_route)  # pyright: ignore[reportUnknownMemberType]


def _readable(app: APIGatewayRestResolver, proceed: NextMiddleware) -> Response[Any]:
    check_body(app.current_event)
    return proceed(app)  # pyright: ignore[reportUnknownVariableType]


def _methods(table: Sequence[Documented], path: str) -> str:
    rows = [row for row in table if re.fullmatch(re.sub(r"<\w+>", "[^/]+", row.path), path.rstrip("/"))]
    return ", ".join(name for row in rows for name in with_head(row.method))
