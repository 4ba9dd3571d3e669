"""The routes of moments and of clips: look for moments of a long recording, and make videos of several at once.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api import wire
from functions.api.documented import ALLOWANCE, LOCATION, ONE_VIDEO, Documented
from functions.api.moments import clips, moments
from functions.api.routing import PRIVATE, Key, Routing, VideoId, with_allowance
from shared.errors import BudgetExceeded, RecordingChanged
from shared.http.moments.requests import LookForMoments, StartClips
from shared.http.moments.responses import ClipsPriced, ClipsStarted, MomentsPriced, MomentsShown
from shared.http.refusals import ImageNotFound, MomentsMissing, MusicNotFound, PresetNotFound, TranscriptNotFound
from shared.http.responses import VideoList, VideoOutcome

_PATH = "/videos/<videoId>"


class MomentRoutes(Routing):
    """The routes; their order and paths are in `moment_table`."""

    def find_moments(self, video_id: VideoId, body: LookForMoments, key: Key = None) -> Response[str]:
        """Start to look for the recording's best moments; GET /ai-video/{videoId} tells when they are chosen.

        A video's latest generation, with its plan, is set aside meanwhile: then it is shown and gone on with as before,
        and `search` beside it says what became of the search.
        """
        services, pace = self.counting()
        reply = self.once(
            key, body, 202, lambda user: self.with_location(moments.look(services, user, video_id, body, key))
        )
        return with_allowance(reply, pace)

    def price_moments(self, video_id: VideoId, body: LookForMoments) -> Response[str]:
        """Say what looking for such moments will cost, about and at most; nothing is bought.

        It goes by the length of the recording, or while that is not known by the size of its file.
        """
        return wire.answer(200, moments.price(self.services, self.user(), video_id, body))

    def show_moments(self, video_id: VideoId) -> Response[str]:
        """Show the moments that were chosen last, the best first, with their words and what a video of each costs."""
        return wire.answer(200, moments.show(self.services, self.user(), video_id), {"Cache-Control": PRIVATE})

    def start_clips(self, video_id: VideoId, body: StartClips, key: Key = None) -> Response[str]:
        """Start a video of each of several moments or excerpts; what was heard of the recording is not paid for again.

        Each is a video of its own, which stays when the recording's is deleted. The budget is for all of them together.
        """
        services, pace = self.counting()
        reply = self.once(key, body, 202, lambda user: (clips.start(services, user, video_id, body, key), {}))
        return with_allowance(reply, pace)

    def price_clips(self, video_id: VideoId, body: StartClips) -> Response[str]:
        """Say what such clips will cost, each, together, and as far as each goal; nothing is bought."""
        return wire.answer(200, clips.price(self.services, self.user(), video_id, body))

    def list_clips(self, video_id: VideoId) -> Response[str]:
        """List the clips of a recording that are still there, newest first; each is a video of its own."""
        reply = clips.listing(self.services, self.user(), video_id)
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})


def moment_table(routes: MomentRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    looking = (*ONE_VIDEO, BudgetExceeded, RecordingChanged, TranscriptNotFound)
    pricing = (*ONE_VIDEO, MomentsMissing, MusicNotFound, PresetNotFound)
    clipping = (*pricing, BudgetExceeded, ImageNotFound)
    path = f"{_PATH}/moments"
    clips_path = f"{_PATH}/clips"
    on_start = LOCATION | ALLOWANCE
    return (
        Documented("POST", path, routes.find_moments, "Started", VideoOutcome, 202, looking, on_start),
        Documented("GET", path, routes.show_moments, "The moments", MomentsShown, errors=(*ONE_VIDEO, MomentsMissing)),
        Documented(
            "POST",
            f"{path}/estimate",
            routes.price_moments,
            "What it costs",
            MomentsPriced,
            errors=(*ONE_VIDEO, TranscriptNotFound),
        ),
        Documented("POST", clips_path, routes.start_clips, "Started", ClipsStarted, 202, clipping, ALLOWANCE),
        Documented("GET", clips_path, routes.list_clips, "The clips", VideoList, errors=ONE_VIDEO),
        Documented("POST", f"{clips_path}/estimate", routes.price_clips, "What they cost", ClipsPriced, errors=pricing),
    )
