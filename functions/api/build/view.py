"""A plan as the API shows it: scenes with their takes, where it may be cut, and what a run to each goal would buy.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from functions.api.build import offers
from functions.api.build.next_run import made_goal, needs
from functions.api.build.translation import Captions
from functions.api.progress import seconds_after_plan, turns_of
from shared.build import orders
from shared.build.tiling import longest_scene, text_between
from shared.captions import burnt_captions
from shared.captions.names import color_of
from shared.choices.captions import number_of
from shared.choices.words import VideoGoal
from shared.film.material import Material
from shared.film.plan import Plan, PlannedScene
from shared.http.plan_responses import (
    CoverShown,
    CutShown,
    ExcerptShown,
    LookShown,
    NextGoal,
    OtherTake,
    PictureShown,
    PlanView,
    PostShown,
    PublishShown,
    Purchase,
    SceneShown,
    SpeakerShown,
    TakeShown,
    WordShown,
)
from shared.http.views import Link
from shared.publishing.platforms import posts
from shared.video.record import GenerationData, VideoRecord
from shared.video.take import TAKE_KINDS, Take, TakeKind

GOALS: tuple[VideoGoal, ...] = ("draft", "stills", "video")
# Seconds before and after the excerpt in which places to cut are shown, or before and after one that begins where the
# caller says: all places of a long recording would be megabytes.
SURROUNDINGS = 60.0


def view(
    captions: Captions, record: VideoRecord, data: GenerationData, cuts: list[CutShown], links: Mapping[str, Link]
) -> PlanView:
    """Return the plan of the record's generation as its owner sees it; `links` play the takes, by id,
    and fetch the own font that its captions are drawn in."""
    plan = captions.spoken_plan
    reached_goal = made_goal(record, data)
    seconds = plan.frames / plan.frame_rate
    return PlanView(
        video_id=plan.video_id,
        generation_id=plan.generation_id,
        revision=plan.revision,
        model=plan.model,
        style=plan.options.style,
        captions=plan.options.captions,
        caption_style=plan.options.caption_style,
        caption_language=plan.options.caption_language,
        continuity=plan.options.continuity,
        music=plan.options.music,
        aspect_ratio=plan.shape,
        resolution=plan.options.resolution,
        language_code=plan.language_code,
        title=record.title,
        theme=plan.overall_theme,
        excerpt=ExcerptShown(start=plan.excerpt_start, end=plan.excerpt_end),
        seconds=round(seconds, 3),
        look=LookShown(**plan.look.model_dump()),
        publish=_publish(plan),
        cover=_cover(captions),
        scenes=[_scene(plan, scene, data, links) for scene in plan.scenes],
        other_takes=_other_takes(plan, data, links),
        words=[WordShown(**word.model_dump(exclude={"ends_sentence"})) for word in plan.words],
        speakers=_speakers(plan),
        caption_document=burnt_captions.document(captions.plan, 0, seconds, own_face=captions.own_face)[0],
        caption_font=links.get(plan.options.caption_style.font),
        cuts=cuts,
        next=[_nothing(goal) if goal == reached_goal else _next(captions, goal, data) for goal in GOALS],
    )


def _publish(plan: Plan) -> PublishShown:
    texts = [PostShown(platform=each.platform, title=each.title, text=each.text) for each in posts(plan.publish)]
    return PublishShown(**plan.publish.model_dump(exclude={"hashtags"}), hashtags=[*plan.publish.hashtags], posts=texts)


def _cover(captions: Captions) -> CoverShown:
    plan = captions.spoken_plan
    document = burnt_captions.cover_document(plan, 0, plan.frames / plan.frame_rate, own_face=captions.own_face)
    return CoverShown(at=plan.cover.at, text=plan.cover.text, document=document)


def _speakers(plan: Plan) -> list[SpeakerShown]:
    labels = sorted({word.speaker for word in plan.words if word.speaker}, key=number_of)
    return [SpeakerShown(label=each, name=plan.speakers.get(each, ""), color=color_of(each)) for each in labels]


def purchases(missing: Sequence[orders.Need]) -> list[Purchase]:
    """Return what is missing as the API shows it."""
    return [
        Purchase(scene=need.scene.id, kind=need.kind, model=need.model, seconds=need.seconds, usd=need.usd)
        for need in missing
    ]


def _scene(plan: Plan, scene: PlannedScene, data: GenerationData, links: Mapping[str, Link]) -> SceneShown:
    need = orders.need(plan, scene, "clip")
    own = scene.picture
    return SceneShown(
        id=scene.id,
        sequence=scene.sequence,
        start=scene.start_time,
        end=scene.end_time,
        text=scene.audio_text,
        description=scene.scene_description,
        prompt=scene.prompt_shown,
        model=plan.model_of(scene),
        take=scene.take or scene.still,
        takes=[take for kind in TAKE_KINDS for take in _takes(plan, scene, kind, data, links)],
        clip_seconds=need.seconds,
        usd=need.usd,
        still_usd=orders.need(plan, scene, "still").usd,
        longest_seconds=longest_scene(plan, scene),
        held_seconds=_held_seconds(plan, scene, data),
        models=offers.models(plan, scene),
        picture=PictureShown(image_id=own.image_id, use=own.use) if own else None,
        picture_uses=offers.picture_uses(plan, scene),
    )


def _held_seconds(plan: Plan, scene: PlannedScene, data: GenerationData) -> float:
    """Return the seconds of the scene for which its clip has no picture of its own, and its last frame is held."""
    stock = orders.stock_of(data)
    name = orders.take_to_show(plan, scene, "clip", stock)
    if not name or stock.takes[name].kind == "still" or orders.covers(stock.takes[name], scene, plan):
        return 0.0
    return round(scene.frames / plan.frame_rate - stock.takes[name].seconds, 3)


def _takes(
    plan: Plan, scene: PlannedScene, kind: TakeKind, data: GenerationData, links: Mapping[str, Link]
) -> list[TakeShown]:
    current = orders.take_to_show(plan, scene, kind, orders.stock_of(data))
    names = orders.takes_of(scene, kind, data.takes)
    return [_take(name, data.takes[name], links[name], is_shown=name == current) for name in names]


def _take(name: str, take: Take, link: Link, *, is_shown: bool) -> TakeShown:
    return TakeShown(
        id=name,
        kind=take.kind,
        model=take.model,
        seconds=take.seconds,
        usd=take.usd,
        created_at=take.created_at,
        image_id=take.image_id,
        is_shown=is_shown,
        link=link,
    )


def _other_takes(plan: Plan, data: GenerationData, links: Mapping[str, Link]) -> list[OtherTake]:
    """Return the takes of scenes that the plan has no more, newest first: they were paid for."""
    scene_ids = {scene.id for scene in plan.scenes}
    takes = {name: take for name, take in data.takes.items() if take.scene not in scene_ids}
    names = sorted(takes, key=lambda name: takes[name].created_at, reverse=True)
    return [
        OtherTake(scene=takes[name].scene, **_take(name, takes[name], links[name], is_shown=False).model_dump())
        for name in names
    ]


def cuts(plan: Plan, material: Material, around: float | None = None) -> list[CutShown]:
    """Return the places to cut near the plan's excerpt, or near one that would begin `around` seconds instead."""
    start = plan.excerpt_start if around is None else around
    first = start - SURROUNDINGS
    last = start + plan.excerpt_end - plan.excerpt_start + SURROUNDINGS
    near = [cut for cut in material.cuts if first <= cut.time <= last]
    ends = [cut.time for cut in near[1:]] + [near[-1].time] if near else []
    return [
        CutShown(
            time=cut.time,
            clean=cut.clean,
            ends_sentence=cut.ends_sentence,
            text=text_between(material.words, cut.time, end),
        )
        for cut, end in zip(near, ends, strict=True)
    ]


def _nothing(goal: VideoGoal) -> NextGoal:
    return NextGoal(goal=goal, is_made=True, buys=[], usd=0, seconds=0)


def _next(captions: Captions, goal: VideoGoal, data: GenerationData) -> NextGoal:
    plan = captions.spoken_plan
    missing = needs(data, plan, goal)
    turns = turns_of(len(missing), plan.options.continuity) if goal == "video" else 0
    return NextGoal(
        goal=goal,
        is_made=False,
        buys=[*purchases(missing), *captions.buys],
        usd=round(orders.price(missing) + captions.usd, 6),
        seconds=round(seconds_after_plan(turns)),
    )
