"""Another format of a video: a video of its own with a copy of the plan and of every take, of which nothing is bought.

Touches the table, the bucket and the state machine through the services. It is an edit of the copied plan, and a run.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from functions.api import core
from functions.api.build import limits, plans, runs
from functions.api.build.next_run import runnable
from functions.api.build.plans import OpenPlan
from functions.api.build.run_order import RunHeaders
from functions.api.build.translation import require_offered, translation_to_buy
from functions.api.core import User
from functions.api.images import fonts, music
from functions.api.moments import copies
from functions.api.moments.heard import Hearing
from functions.api.presets import brand, presets
from functions.api.services import Services, now_text
from shared import media_keys
from shared.build import edits, orders, revisions
from shared.choices.words import CaptionLanguage
from shared.contracts import ExecutionInput, Options
from shared.film.plan import Plan
from shared.http import webhook_url
from shared.http.plan_responses import RunStarted
from shared.http.presets.models import Preset
from shared.http.refusals import NotFinished
from shared.http.requests import Choices, StartRun, StartVariant
from shared.http.responses import VariantPriced, VideoList
from shared.video.own_font import OwnFonts
from shared.video.record import GenerationData, VideoRecord, new_generation

_JSON = "application/json"


def start(
    services: Services, user: User, video_id: str, body: StartVariant, *, key: str | None, headers: RunHeaders
) -> RunStarted:
    """POST /ai-video/{videoId}/variants: make the video in another format; raises NotFinished while it lacks clips.

    A preset brings its captions, music, logo, intro and outro; what of it is gone is refused. An idempotency `key`
    names the variant, so that what an earlier call with it has begun is gone on with. Whatever is refused, one start
    too many in this hour among it, is refused before anything is written.
    """
    wish = _wish(services, user, video_id, body)
    # Before anything is written; the run itself looks once more, and buys for no more than was told.
    usd = _price(services, wish).usd
    limits.require_within(body.max_usd, usd)
    new_id = _video_id(wish.record, body, key)
    if not _is_begun(services, new_id, headers):
        services.pace.count(user[0])
    _Copying(services, user, wish, new_id, core.generation_id(new_id, key)).make()
    return runs.start(services, user, new_id, StartRun(goal="video", max_usd=usd), headers, is_counted=True)


def _is_begun(services: Services, video_id: str, headers: RunHeaders) -> bool:
    """Return whether an earlier call with the same key has begun the variant's run."""
    record = services.table.get(video_id) if headers.call else None
    data = record.ai_generation_data if record else None
    return data is not None and data.run_call == headers.call


def price(services: Services, user: User, video_id: str, body: StartVariant) -> VariantPriced:
    """POST /ai-video/{videoId}/variants/estimate: what `start` would buy; it raises the same, and writes nothing."""
    return _price(services, _wish(services, user, video_id, body))


def listing(services: Services, user: User, video_id: str) -> VideoList:
    """GET /ai-video/{videoId}/variants: the formats that were made of the video and are still there, newest first."""
    record = services.own(user, video_id)
    variants = services.table.made_of(record, lambda each: each.variant_of == video_id)
    views = [services.view(services.repair_if_dead(variant)) for variant in variants]
    return VideoList(videos=[core.short(view) for view in views])


@dataclass(frozen=True)
class _Wish:
    """A finished video, its generation and its plan, and in what its other format differs from it."""

    record: VideoRecord
    data: GenerationData
    current: OpenPlan
    body: StartVariant
    preset: Preset

    @property
    def language(self) -> CaptionLanguage:
        """What its captions are translated into."""
        language = self.preset.caption_language if self.body.caption_language is None else self.body.caption_language
        return self.current.plan.options.caption_language if language is None else language

    def edits(self) -> list[edits.Edit]:
        """Return the edits of the plan that make it the other format's."""
        preset = self.preset
        style = preset.caption_style.model_dump(exclude_unset=True) if preset.caption_style else {}
        captions = edits.ChangeCaptions(op="captions", captions=preset.captions, language=self.language, **style)
        bed = [] if preset.music is None else [edits.ChangeMusic(op="music", music=preset.music)]
        return [edits.ChangeFormat(op="format", aspect_ratio=self.body.aspect_ratio), captions, *bed]

    def next_revision_of(self, plan: Plan) -> Plan:
        """Return the next revision of a plan, this one's or its copy."""
        copy = OpenPlan(self.current.name, plan, self.current.material)
        return plans.apply_edits(copy, self.edits(), plans.bench_of(copy, self.data)).plan


def _wish(services: Services, user: User, video_id: str, body: StartVariant) -> _Wish:
    record = services.own_film(user, video_id)
    data = runnable(record)
    current = plans.open_plan(services.bucket, record, data)
    _require_clips(current.plan, data)
    require_offered(services, body.caption_language)
    webhook_url.require_allowed(body.webhook_url, services.webhook_allowed_origins)
    preset = presets.named_by(services, user, Choices(preset=body.preset))
    music.require_ready(services, user, preset.music or "")
    fonts.require_ready(services, user, _font(preset))
    return _Wish(record, data, current, body, preset)


def _price(services: Services, wish: _Wish) -> VariantPriced:
    buys = translation_to_buy(services, wish.next_revision_of(wish.current.plan))
    return VariantPriced(buys=[*buys], usd=round(sum(purchase.usd for purchase in buys), 6))


def _require_clips(plan: Plan, data: GenerationData) -> None:
    stock = orders.stock_of(data)
    missing = [scene.id for scene in plan.scenes if not orders.take_to_show(plan, scene, "clip", stock)]
    if missing:
        raise NotFinished(f"Make the video first: there is no clip yet of {', '.join(missing)}.")


def _video_id(record: VideoRecord, body: StartVariant, key: str | None) -> str:
    if key is None:
        return secrets.token_hex(8)
    return hashlib.sha256(f"{record.video_id} {key} {body.model_dump_json()}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Copying:
    """A generation that is copied to a video of its own: what is there already is left as it is."""

    services: Services
    user: User
    wish: _Wish
    video_id: str
    generation_id: str

    @property
    def _old_ids(self) -> tuple[str, str]:
        return self.wish.record.video_id, self.wish.data.generation_id

    def make(self) -> None:
        """Write the video's record, its files, and last its generation, which waits for its first run."""
        parent = self.wish.record
        title = f"{self.wish.current.plan.title or parent.title} ({self.wish.body.aspect_ratio})"[:200]
        record = copies.record_of(parent, self.video_id, title, variant_of=parent.video_id)
        self.services.table.put(record)
        copies.with_recording(self.services, parent, record)
        self._copy_files()
        self._store(self._plan())

    def _copy_files(self) -> None:
        bucket = self.services.bucket
        target = media_keys.takes(self.video_id, self.generation_id)
        for key in bucket.sizes(media_keys.takes(*self._old_ids)):
            bucket.copy(key, target + key.rpartition("/")[2], bucket.media_type(key))
        bucket.copy(media_keys.material(*self._old_ids), media_keys.material(self.video_id, self.generation_id), _JSON)
        own_fonts = OwnFonts(bucket, self.video_id, self.generation_id)
        own_fonts.take_over(OwnFonts(bucket, *self._old_ids), self.wish.current.plan.options.caption_style.font)
        fonts.place(self.services, self.user, _font(self.wish.preset), own_fonts)
        self._copy_translations()

    def _copy_translations(self) -> None:
        """Copy what was bought of them, so that no line is bought twice."""
        bucket = self.services.bucket
        parent = self.wish.record.video_id
        language = self.wish.language
        for key in bucket.sizes(media_keys.translation(parent, language, "")) if language else ():
            bucket.copy(key, key.replace(parent, self.video_id, 1), _JSON)

    def _plan(self) -> Plan:
        """Return the next revision of the copied plan; what it was planned for is paid for."""
        services = self.services
        plan = self.wish.current.plan
        is_heard = Hearing(*self._old_ids, plan.options).share(services, self.video_id, self.generation_id)
        own_brand = brand.place(services, self.user, self.wish.preset, self.video_id, self.generation_id)
        choices = {"is_heard": True if is_heard else None, "budget_usd": None, "preset": self.wish.body.preset}
        options = plan.options.model_copy(update=choices | ({"brand": own_brand} if own_brand else {}))
        changes = {"video_id": self.video_id, "generation_id": self.generation_id, "options": options}
        return self.wish.next_revision_of(plan.model_copy(update={**changes, "planning_cost_usd": 0, "title": ""}))

    def _store(self, plan: Plan) -> None:
        services = self.services
        options = Options.model_validate(plan.options.model_dump())
        data = new_generation(self.generation_id, plan.model, options, now_text())
        stock = orders.stock_of(self.wish.data)
        takes = {name: take.model_copy(update={"usd": 0}) for name, take in stock.takes.items()}
        name = revisions.name_of(plan)
        services.bucket.write_text(media_keys.plan(self.video_id, self.generation_id, name), plan.model_dump_json())
        # As if a run had ended before: the first one of its own finds what is there, as any later one does.
        arn = services.machine.execution_arn(self._request(options, name), data.run)
        # What was withheld is not asked for again: the scene shows what it showed.
        copies_of = {"takes": takes, "withheld": sorted(stock.withheld)}
        changes = {**copies_of, "plan_name": name, "revision": plan.revision, "execution_arn": arn}
        changes["webhook_url"] = self.wish.body.webhook_url or ""
        services.table.adopt(self.video_id, data.model_copy(update=changes), now_text())

    def _request(self, options: Options, plan_name: str) -> ExecutionInput:
        record = self.wish.record.model_copy(update={"video_id": self.video_id})
        request = core.execution_input(record, self.services.bucket.name, self.generation_id, options)
        return request.model_copy(update={"plan_name": plan_name})


def _font(preset: Preset) -> str | None:
    return preset.caption_style.font if preset.caption_style else None
