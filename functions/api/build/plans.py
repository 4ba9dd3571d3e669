"""The routes of plans: the current revision as it is shown, and its edits, of which nothing is bought.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from functions.api import wire
from functions.api.adapters import LINK_SECONDS
from functions.api.build import corrections, limits, pictures, view
from functions.api.build.next_run import runnable
from functions.api.build.pictures import PictureShelf, Wish
from functions.api.build.translation import captions_of, require_offered
from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.services import Services, now_text
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build import edits, orders, revisions
from shared.build.own_takes import with_own_takes
from shared.build.scene_edits import Bench
from shared.errors import RecordingUnreadable
from shared.film.material import Material
from shared.film.picture_choices import ScenePicture
from shared.film.plan import Plan
from shared.http.plan_responses import PlanShown
from shared.http.refusals import PlanChanged, PlanMissing, PreconditionMissing, SceneNotFound
from shared.video.own_font import OwnFonts
from shared.video.record import GenerationData, VideoRecord
from shared.video.take import TAKE_KINDS, TakeKind


@dataclass(frozen=True)
class OpenPlan:
    """A revision of a plan, what it is called, and how to read what its edits may use of the recording."""

    name: str
    plan: Plan
    material: Callable[[], Material]


@dataclass(frozen=True)
class PlanAnswer:
    """A plan for its owner: `reply` is None when the caller has it already."""

    reply: PlanShown | None
    tag: str


def show(
    services: Services, user: User, video_id: str, if_none_match: str | None, around: float | None = None
) -> PlanAnswer:
    """GET /ai-video/{videoId}/plan: the current revision; raises PlanMissing.

    With `around`, in seconds of the recording, the places to cut are those near an excerpt that would begin there.
    """
    record = services.own_film(user, video_id)
    data = require_plan(record)
    tag = _tag(record, data.plan_name, around)
    if wire.matches(if_none_match, tag):
        return PlanAnswer(None, tag)
    return _answer(services, record, data, open_plan(services.bucket, record, data), around)


def edit(
    services: Services,
    user: User,
    video_id: str,
    if_match: str | None,
    changes: Sequence[edits.Edit],
    *,
    scene_id: str | None = None,
) -> PlanAnswer:
    """PATCH /ai-video/{videoId}/plan, and the choice of a take: the next revision, priced; nothing is bought.

    Raises PreconditionMissing, PlanChanged, which names what has changed, AlreadyProcessing, InvalidEdit, or
    SceneNotFound where the address names a scene, `scene_id`, that the plan has not.
    """
    record = services.own_film_to_change(user, video_id)
    data = runnable(record)
    current = open_plan(services.bucket, record, data)
    if scene_id is not None:
        require_scene(current.plan, scene_id)
    if not if_match:
        raise PreconditionMissing("If-Match: send the ETag of the plan that you edit.")
    require_match(services.bucket, record, data, if_match)
    _require_what_edits_name(services, user, record, data, changes)
    data = with_own_takes(current.plan, data)
    bench = bench_of(current, data, pictures_for(services, record, data, changes))
    new = apply_edits(current, changes, bench)
    new_corrections = revisions.corrections(current.plan, changes, bench)
    corrections_name = corrections.store(services.bucket, record, new.plan.words_source, new_corrections)
    # Takes that an edit takes out of the plan stay in the record.
    takes = with_own_takes(new.plan, data).takes
    limits.require_room_for(takes)
    store(services.bucket, record, data, new)
    revision = {"revision": new.plan.revision, "plan_name": new.name, "takes": takes}
    next_data = data.model_copy(update=revision | revisions.still_made(data, current.plan, new.plan))
    title = new.plan.title if new.plan.title != current.plan.title else record.title
    changes_of_record = {"ai_generation_data": next_data, "title": title, "corrections": corrections_name}
    next_record = record.model_copy(update=changes_of_record)
    if not services.table.revise(record, data, next_record, now_text()):
        raise PlanChanged("The plan was changed, or a run was started, at this very moment.")
    return _answer(services, next_record, next_data, new)


def require_match(bucket: Bucket, record: VideoRecord, data: GenerationData, if_match: str | None) -> None:
    """Raise PlanChanged, which names what has changed, when the tag is not that of the current revision."""
    names = [_name_in(tag) for tag in (if_match or "").split(",") if tag.strip()]
    if names and not {"*", data.plan_name} & {*names}:
        raise PlanChanged(_what_changed(bucket, record, data, names[0]))


def require_scene(plan: Plan, scene_id: str) -> None:
    """Raise SceneNotFound when the plan has no such scene."""
    scene_ids = [scene.id for scene in plan.scenes]
    if scene_id not in scene_ids:
        raise SceneNotFound(f"There is no scene {scene_id}; the plan has {', '.join(scene_ids)}.")


def find_plan(bucket: Bucket, record: VideoRecord, data: GenerationData) -> OpenPlan | None:
    """Return the current revision of the generation's plan, or None when nothing was planned, or it is gone."""
    try:
        return open_plan(bucket, record, data)
    except PlanMissing:
        return None


def open_plan(bucket: Bucket, record: VideoRecord, data: GenerationData) -> OpenPlan:
    """Return the current revision of the generation's plan; raise PlanMissing."""
    ids = record.video_id, data.generation_id
    try:
        plan = Plan.model_validate_json(bucket.read_text(media_keys.plan(*ids, data.plan_name)))
    except RecordingUnreadable as error:
        raise PlanMissing("This video has no plan yet.") from error

    def material() -> Material:
        recording_material = Material.model_validate_json(bucket.read_text(media_keys.material(*ids)))
        return corrections.corrected_material(recording_material, corrections.load(bucket, record), plan.words_source)

    return OpenPlan(data.plan_name, plan, material)


def pictures_for(
    services: Services, record: VideoRecord, data: GenerationData, changes: Sequence[edits.Edit]
) -> dict[Wish, ScenePicture]:
    """Return the own pictures that the edits name; raises InvalidEdit."""
    shelf = PictureShelf(services.bucket, record.user_id, record.video_id, data.generation_id)
    return shelf.find(pictures.wishes_of(changes))


def bench_of(current: OpenPlan, data: GenerationData, own: dict[Wish, ScenePicture] | None = None) -> Bench:
    """Return what edits of the revision are made with, `own` pictures among it."""
    stock = orders.stock_of(data)
    scenes = current.plan.scenes
    takes_by_scene: dict[tuple[str, TakeKind], str] = {
        (scene.id, kind): orders.take_to_show(current.plan, scene, kind, stock)
        for scene in scenes
        for kind in TAKE_KINDS
    }
    return Bench(current.material(), data.takes, takes_by_scene, own or {})


def apply_edits(current: OpenPlan, changes: Sequence[edits.Edit], bench: Bench) -> OpenPlan:
    """Return the next revision, which is not stored yet; raise InvalidEdit."""
    plan = revisions.revise(current.plan, changes, bench)
    return replace(current, plan=plan, name=revisions.name_of(plan))


def store(bucket: Bucket, record: VideoRecord, data: GenerationData, revision: OpenPlan) -> None:
    """Write the revision, which nothing refers to yet."""
    key = media_keys.plan(record.video_id, data.generation_id, revision.name)
    bucket.write_text(key, revision.plan.model_dump_json())


def require_plan(record: VideoRecord) -> GenerationData:
    """Return the generation of the record's plan; raise PlanMissing."""
    data = record.ai_generation_data
    if data is None or data.is_deleted:
        raise PlanMissing("This video has no plan yet.")
    return data


def _require_what_edits_name(
    services: Services, user: User, record: VideoRecord, data: GenerationData, changes: Sequence[edits.Edit]
) -> None:
    own_fonts = OwnFonts(services.bucket, record.video_id, data.generation_id)
    for change in changes:
        if isinstance(change, edits.ChangeCaptions):
            require_offered(services, change.language)
            fonts.place(services, user, change.font, own_fonts)
        if isinstance(change, edits.ChangeMusic):
            music.require_ready(services, user, change.music)


def _answer(
    services: Services, record: VideoRecord, data: GenerationData, revision: OpenPlan, around: float | None = None
) -> PlanAnswer:
    data = with_own_takes(revision.plan, data)
    ids = record.video_id, data.generation_id
    keys = {name: media_keys.take(*ids, name, take.kind) for name, take in data.takes.items()}
    captions = captions_of(services, revision.plan)
    if captions.own_face:
        font_id = revision.plan.options.caption_style.font
        keys[font_id] = media_keys.own_font(*ids, font_id)
    links = {name: services.result_link(record, f"s3://{services.bucket.name}/{key}") for name, key in keys.items()}
    cuts = view.cuts(revision.plan, revision.material(), around)
    plan_shown = view.view(captions, record, data, cuts, links)
    return PlanAnswer(PlanShown(plan=plan_shown), _tag(record, revision.name, around))


def _tag(record: VideoRecord, plan_name: str, around: float | None = None) -> str:
    """Return the plan's entity tag, which begins with the revision's name: If-Match is about that alone."""
    tag = wire.entity_tag([record], datetime.now(UTC), LINK_SECONDS).strip('"')
    place = "" if around is None else f".{around:g}"
    return f'"{plan_name}.{tag}{place}"'


def _name_in(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"').partition(".")[0]


def _what_changed(bucket: Bucket, record: VideoRecord, data: GenerationData, name: str) -> str:
    stale_data = data.model_copy(update={"plan_name": name})
    stale = find_plan(bucket, record, stale_data) if name[:4].isdecimal() else None
    current = find_plan(bucket, record, data)
    fields = revisions.differences(stale.plan, current.plan) if stale and current else []
    what = f" It differs in {', '.join(fields)}." if fields else ""
    return f"The plan is at revision {data.revision} by now.{what} Read it again, and make the change on that."
