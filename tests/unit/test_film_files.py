"""The files that a video is written to on the command line."""

from __future__ import annotations

from local.client import films
from shared.http.views import GenerationView, Link


def test_captions_as_they_are_spoken_lie_beside_those_that_are_translated() -> None:
    link = Link(url="https://example.org/spoken", expiresAt="2026-01-01T00:00:00+00:00")
    data = GenerationView(final_video_url="f", captions_srt_url="s", captions_vtt_url="v", poster_url="p")
    assert films.sources("video", data) == {".mp4": "f", ".srt": "s", ".vtt": "v", ".jpg": "p"}
    translated_data = data.model_copy(update={"links": {"spoken_srt": link, "spoken_vtt": link}})
    more = {".spoken.srt": link.url, ".spoken.vtt": link.url}
    assert films.sources("video", translated_data) == {**films.sources("video", data), **more}
    assert {*films.endings("video", is_translated=True)} - {*films.endings("video")} == {*more}
