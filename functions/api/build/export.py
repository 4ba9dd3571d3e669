"""The route of exports: the files that a video is edited on with, as links and texts, which a client puts into one zip.

Touches the table and the bucket through the services; no file's content passes through this function.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from functions.api import core
from functions.api.build import plans, timeline, view
from functions.api.build.plans import OpenPlan
from functions.api.build.timeline import TimelineScene
from functions.api.build.translation import captions_of
from functions.api.core import User
from functions.api.services import Services
from shared import media_keys
from shared.build import bumpers, orders
from shared.build.own_takes import with_own_takes
from shared.captions.names import subtitle_words
from shared.film import narration, subtitles
from shared.film.plan import Plan, PlannedScene
from shared.http import media_types
from shared.http.export_responses import ExportFile, ExportShown, ExportView
from shared.http.views import Link
from shared.video.record import GenerationData, VideoRecord
from shared.video.take import TakeKind

TIMELINE = "timeline.otio"
NARRATION = "narration.m4a"
COVER = "cover.jpg"
_SOUND = "audio/mp4"
_JSON = "application/json"
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
# What of the plan is of no use in an archive: links that end, and what could be done next, at which price.
_OF_SCENES = {"models": True, "takes": {"__all__": {"link"}}}
_PASSING = {
    "cuts": True,
    "next": True,
    "caption_document": True,
    "caption_font": True,
    "scenes": {"__all__": _OF_SCENES},
}


@dataclass(frozen=True)
class StoredFile:
    """A file of the bucket that belongs to an export: its path there, its key, media type and bytes."""

    path: str
    key: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Cupboard:
    """What there is of a plan's pictures and sound: `sizes` are the bytes of the files in the bucket, by key."""

    services: Services
    plan: Plan
    data: GenerationData
    sizes: Mapping[str, int]

    def picture(self, scene: PlannedScene, kind: TakeKind) -> StoredFile | None:
        """Return the scene's chosen take, if there is one of the kind."""
        name = self.take(scene, kind)
        if name and self.data.takes[name].kind != kind:
            # An own picture that is shown in place of it, and has a place of its own.
            return None
        key = media_keys.take(self.plan.video_id, self.plan.generation_id, name, kind) if name else ""
        if key not in self.sizes:
            return None
        # A still has the format that its model chose.
        media_type = "video/mp4" if kind == "clip" else self.services.bucket.media_type(key)
        ending = "mp4" if kind == "clip" else _ENDINGS.get(media_type, "img")
        return StoredFile(f"{kind}s/{scene.sequence:02d}-{scene.id}.{ending}", key, media_type, self.sizes[key])

    def take(self, scene: PlannedScene, kind: TakeKind) -> str:
        """Return the id of the scene's chosen take of the kind, "" where there is none."""
        return orders.take_to_show(self.plan, scene, kind, orders.stock_of(self.data))

    def shot(self, scene: PlannedScene, clip: StoredFile | None, still: StoredFile | None) -> TimelineScene:
        """Return the scene in the timeline: its clip, else its still, which is as long as it must be."""
        if clip:
            seconds = self.data.takes[self.take(scene, "clip")].seconds
            return TimelineScene(scene.id, scene.frames, clip.path, math.floor(seconds * self.plan.frame_rate + 1e-6))
        return (
            TimelineScene(scene.id, scene.frames, still.path, scene.frames)
            if still
            else TimelineScene(scene.id, scene.frames)
        )

    def bumpers(self) -> list[StoredFile]:
        """Return the files of the intro and the outro, those that a run has made."""
        keys = {name: bumpers.rendered_key(self.plan, bumper) for name, bumper in self.plan.brand.bumpers.items()}
        return [
            StoredFile(f"{name}.mp4", key, "video/mp4", self.sizes[key])
            for name, key in keys.items()
            if key in self.sizes
        ]

    def with_bumpers(self, scenes: list[TimelineScene]) -> list[TimelineScene]:
        """Return the scenes with the intro before them and the outro after them, where there are such."""
        paths = {file.path.partition(".")[0]: file.path for file in self.bumpers()}
        parts = {
            name: TimelineScene(name, bumper.frames, paths.get(name, ""), bumper.frames if name in paths else 0)
            for name, bumper in self.plan.brand.bumpers.items()
        }
        return [*filter(None, (parts.get("intro"),)), *scenes, *filter(None, (parts.get("outro"),))]

    def sound(self) -> StoredFile | None:
        """Return the narration, if a run has made it."""
        key = narration_key(self.plan)
        return StoredFile(NARRATION, key, _SOUND, self.sizes[key]) if key in self.sizes else None

    def cover(self) -> StoredFile | None:
        """Return the picture that stands for the film, if a run has made it of this revision."""
        key = cover_key(self.data)
        return StoredFile(COVER, key, media_types.of_result("jpg"), self.sizes[key]) if key in self.sizes else None


def cover_key(data: GenerationData) -> str:
    """Return the key of the picture that stands for the video of the plan's revision, or its preview; "" for none."""
    if data.final_revision == data.revision:
        return media_keys.key_of(data.poster_url)
    is_shown = data.preview and data.preview.revision == data.revision
    return media_keys.key_of(data.preview.poster_url) if data.preview and is_shown else ""


def narration_key(plan: Plan) -> str:
    """Return the key of the narration of the plan's excerpt."""
    return media_keys.narration(plan.video_id, plan.generation_id, narration.excerpt(plan).digest)


def show(services: Services, user: User, video_id: str) -> ExportShown:
    """GET /ai-video/{videoId}/export: what there is of the current revision; raises PlanMissing."""
    record = services.own_film(user, video_id)
    data = plans.require_plan(record)
    revision = plans.open_plan(services.bucket, record, data)
    plan = revision.plan
    data = with_own_takes(plan, data)
    own = [bumpers.rendered_key(plan, bumper) for bumper in plan.brand.bumpers.values()]
    places = (media_keys.takes(plan.video_id, plan.generation_id), narration_key(plan), cover_key(data), *own)
    sizes = {key: size for place in places if place for key, size in services.bucket.sizes(place).items()}
    return ExportShown(export=_view(record, revision, Cupboard(services, plan, data, sizes)))


def _view(record: VideoRecord, revision: OpenPlan, cupboard: Cupboard) -> ExportView:
    plan = revision.plan
    clips = {scene.id: cupboard.picture(scene, "clip") for scene in plan.scenes}
    stills = {scene.id: cupboard.picture(scene, "still") for scene in plan.scenes}
    shots = [cupboard.shot(scene, clips[scene.id], stills[scene.id]) for scene in plan.scenes]
    sound = cupboard.sound()
    name = core.file_name(record)
    # The archive has the takes themselves.
    no_links = dict.fromkeys(cupboard.data.takes, Link(url="", expiresAt=""))
    captions = captions_of(cupboard.services, plan)
    plan_view = view.view(captions, record, cupboard.data, view.cuts(plan, revision.material()), no_links)
    parts = cupboard.with_bumpers(shots)
    texts = {
        TIMELINE: (timeline.document(name, parts, sound.path if sound else "", plan.frame_rate), _JSON),
        **_subtitles(captions.plan, ""),
        **(_subtitles(plan, subtitles.SPOKEN) if captions.plan is not plan else {}),
        "plan.json": (plan_view.model_dump_json(by_alias=True, exclude=_PASSING, indent=2) + "\n", _JSON),
    }
    pictures = (*clips.values(), *stills.values(), *cupboard.bumpers())
    stored_files = [file for file in (*pictures, sound, cupboard.cover()) if file]
    return ExportView(
        video_id=plan.video_id,
        generation_id=plan.generation_id,
        revision=plan.revision,
        name=name,
        seconds=round(plan.video_frames / plan.frame_rate, 3),
        files=[
            *(_text(path, *text) for path, text in texts.items()),
            *(_link(cupboard.services, file) for file in stored_files),
        ],
        notes=[*_notes(shots), *_to_make(cupboard)],
    )


def _subtitles(plan: Plan, prefix: str) -> dict[str, tuple[str, str]]:
    """Return the plan's captions as files and their media types; the `prefix` begins their names."""
    texts = subtitle_words(plan), plan.spoken_seconds
    return {
        f"{prefix}captions.srt": (subtitles.srt(*texts), media_types.of_result("srt")),
        f"{prefix}captions.vtt": (subtitles.vtt(*texts), media_types.of_result("vtt")),
    }


def _notes(shots: list[TimelineScene]) -> Iterator[str]:
    for number, shot in enumerate(shots, 1):
        if not shot.file:
            yield f"Scene {number} has no clip and no still yet: the timeline has a gap there."
        elif shot.missing:
            yield f"The clip of scene {number} is {shot.missing} frames shorter than the scene: a gap follows it."


def _to_make(cupboard: Cupboard) -> Iterator[str]:
    paths = {file.path for file in cupboard.bumpers()}
    lacking = [name for name in cupboard.plan.brand.bumpers if f"{name}.mp4" not in paths]
    for name in [*lacking, *([] if cupboard.sound() else ["narration"])]:
        yield f"There is no {name} yet: a run makes it, a free draft too."


def _text(path: str, text: str, media_type: str) -> ExportFile:
    return ExportFile(path=path, media_type=media_type, bytes=len(text.encode()), text=text)


def _link(services: Services, file: StoredFile) -> ExportFile:
    name = file.path.rpartition("/")[2]
    link = services.link(f"s3://{services.bucket.name}/{file.key}", name, file.media_type)
    return ExportFile(path=file.path, media_type=file.media_type, bytes=file.size, link=link)
