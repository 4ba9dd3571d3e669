"""The routes of public links: their owner makes and takes them back, and whoever has one watches without signing in.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from functions.api import wire
from functions.api.documented import ONE_VIDEO, Documented
from functions.api.event import base_path
from functions.api.routes import GenerationId
from functions.api.routing import PRIVATE, Routing, VideoId
from functions.api.sharing import links, page
from shared.errors import InvalidRequest, TableUnavailable
from shared.http import media_types, negotiation
from shared.http.refusals import LinkNotFound, VersionNotFound
from shared.http.responses import LinkShown, VideoOutcome

Token = Annotated[str, Path(alias="token", pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
_HTML = "text/html"
_LINK = "/ai-video/<videoId>/versions/<generationId>/link"
_SHARED = "/ai-video/shared/<token>"
SHARING = (*ONE_VIDEO, VersionNotFound)


class SharingRoutes(Routing):
    """The routes; their order is in `functions.api.app`."""

    def share_version(self, video_id: VideoId, generation_id: GenerationId) -> Response[str]:
        """Return the public link of a finished video, below the API's own address: it is made where there is none.

        Whoever has it watches the video without signing in, until it is taken back or the video is deleted: as it was
        when this was last called, also after a retake.
        """
        reply = links.share(self.services, self.user(), video_id, generation_id)
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})

    def unshare_version(self, video_id: VideoId, generation_id: GenerationId) -> Response[str]:
        """Take a public link back: it shows nothing any more, and another one is made when one is asked for."""
        return wire.answer(200, links.take_back(self.services, self.user(), video_id, generation_id))

    def watch_shared(self, token: Token) -> Response[str]:
        """Show a page that plays the video of a public link, with its captions and nothing else."""
        try:
            video = links.watch(self.services, token)
        except LinkNotFound:
            if not negotiation.names(self.accept(), _HTML):
                raise
            return Response(404, f"{_HTML}; charset=utf-8", page.empty(), headers=page.headers())
        captions_path = f"{base_path(self.app.current_event)}{_SHARED.replace('<token>', token)}/captions.vtt"
        headers = page.headers(video.video_url, video.poster_url)
        return Response(200, f"{_HTML}; charset=utf-8", page.player(video, captions_path), headers=headers)

    def shared_captions(self, token: Token) -> Response[str]:
        """Return the captions of the video of a public link as WebVTT."""
        text = links.captions(self.services, token)
        return Response(200, media_types.of_result("vtt"), text, headers=page.headers())


def sharing_table(sharing: SharingRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    public: Any = {"errors": (InvalidRequest, LinkNotFound, TableUnavailable), "public": True}
    vtt = (media_types.RESULTS["vtt"],)
    return (
        Documented("PUT", _LINK, sharing.share_version, "The link", LinkShown, errors=SHARING),
        Documented("DELETE", _LINK, sharing.unshare_version, "Taken back", VideoOutcome, errors=SHARING),
        Documented("GET", _SHARED, sharing.watch_shared, "The page of the video", texts=(_HTML,), **public),
        Documented("GET", f"{_SHARED}/captions.vtt", sharing.shared_captions, "WebVTT", texts=vtt, **public),
    )
