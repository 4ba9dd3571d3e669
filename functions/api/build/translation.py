"""The captions of a plan in another language: whether that is on offer here, and what a run buys of it.

Touches the bucket through the services; money is USD.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.api.services import Services
from shared.budget import pricing
from shared.build.translation_question import size_of
from shared.build.translations import Translations
from shared.captions.face import Face
from shared.errors import InvalidRequest
from shared.film.plan import Plan
from shared.http.plan_responses import Purchase
from shared.video.own_font import OwnFonts


@dataclass(frozen=True)
class Captions:
    """A plan as it is spoken and as its captions are, so far as they are translated, and what a run buys.

    `own_face` is that of the font that they are drawn in, where it is the user's own."""

    spoken_plan: Plan
    plan: Plan
    buys: tuple[Purchase, ...] = ()
    own_face: Face | None = None

    @property
    def usd(self) -> float:
        """The most that it can cost."""
        return sum(purchase.usd for purchase in self.buys)


def require_offered(services: Services, language: str | None) -> None:
    """Raise InvalidRequest for captions in another language where nothing here can translate."""
    if language and not services.translates:
        raise InvalidRequest(
            "captionLanguage: a stand-in plans here, and knows no languages; leave it empty, or serve --live openai."
        )


def captions_of(services: Services, plan: Plan) -> Captions:
    """Return the captions of the plan; those that are not translated yet are as they are spoken."""
    own_face = OwnFonts(services.bucket, plan.video_id, plan.generation_id).face_of(plan)
    translations = Translations(services.bucket)
    missing = translations.missing(plan)
    if missing is None:
        return Captions(plan, translations.with_captions(plan), (), own_face)
    if not missing.lines:
        return Captions(plan, plan, (), own_face)
    model = services.planner_model
    usd = pricing.translation_ceiling(model, size_of(missing.question))
    purchase = Purchase(scene="", kind="translation", model=model, seconds=0, usd=usd)
    return Captions(plan, plan, (purchase,), own_face)


def translation_to_buy(services: Services, plan: Plan | None) -> tuple[Purchase, ...]:
    """Return what a run by the plan buys of its captions; raise InvalidRequest where nothing here can translate."""
    buys = captions_of(services, plan).buys if plan else ()
    require_offered(services, plan.options.caption_language if plan and buys else None)
    return buys
