"""What an agent may do to have a finished video seen: its cover, and a public link of it.

Touches the API; nothing is bought.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from local.agents.agreement import Body
from local.agents.answers import plan_body
from local.api_client import ApiClient
from local.client.plan import api as plan_api
from local.client.plan.api import path_of
from shared.build.posting.edits import ChangeCover
from shared.http.responses import LinkShown

Tag = Annotated[str, Field(description="The etag of the plan that is meant; a plan that has changed is refused.")]
GenerationId = Annotated[str, Field(description="Which finished video: its generation_id in versions.")]


@dataclass(frozen=True)
class PostingTools:
    """The tools on the API that `client` returns; each raises ApiError, or a ReelwrightError, when it is refused."""

    client: Callable[[], ApiClient]

    def choose_cover(self, videoId: str, etag: Tag, cover: ChangeCover) -> Body:
        """Choose the frame that is the video's cover, and a title in it; a run that buys nothing then draws it."""
        return plan_body(plan_api.edit(self.client(), videoId, etag, [cover]))

    def share(self, videoId: str, generationId: GenerationId) -> Body:
        """Make a public link of a finished video: whoever has it watches the video, until unshare takes it back."""
        api = self.client()
        answer = LinkShown.model_validate(api.call("PUT", _link_path(videoId, generationId)).body)
        return {"publicLink": f"{api.url}{answer.public_link}"}

    def unshare(self, videoId: str, generationId: GenerationId) -> Body:
        """Take the public link of a finished video back: it opens nothing any more."""
        return self.client().call("DELETE", _link_path(videoId, generationId)).body


def _link_path(video_id: str, generation_id: str) -> str:
    return path_of(video_id, "versions", generation_id, "link")
