"""Own fonts: create, list, show, delete, and laid with a generation whose captions are drawn in one.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

from functions.api.core import User
from functions.api.images.shelf import OwnShelf, ShelfKind, status_of
from functions.api.services import Services
from shared.brand import own_keys
from shared.choices.captions import is_own_font
from shared.http import media_types
from shared.http.image_responses import FontCreated, FontList, FontShown, FontView
from shared.http.refusals import FontNotFound
from shared.http.requests import NewFont
from shared.video.own_font import OwnFonts
from shared.video.own_image import LARGEST_FONT, OwnImage

KIND = ShelfKind("font", media_types.FONTS, FontNotFound)


def create(services: Services, user: User, body: NewFont) -> FontCreated:
    """POST /fonts: write the record and return it with a form for the upload."""
    font, form = _shelf(services, user).begin(body, LARGEST_FONT)
    return FontCreated(font=_view(font), upload=form)


def listing(services: Services, user: User, limit: int, after: str | None) -> FontList:
    """GET /fonts: the caller's own, newest first."""
    page, following = _shelf(services, user).page(limit, after)
    return FontList(fonts=[_view(font) for font in page], next=following)


def show(services: Services, user: User, font_id: str) -> FontShown:
    """GET /fonts/{fontId}: the font, whose check is asked for when its file has arrived."""
    return FontShown(font=_view(_shelf(services, user).show(font_id)))


def delete(services: Services, user: User, font_id: str) -> FontShown:
    """DELETE /fonts/{fontId}: the font; videos whose captions are drawn in it have copies of their own."""
    _shelf(services, user).delete(font_id)
    return FontShown(font=FontView(font_id=font_id, status="deleted"))


def require_ready(services: Services, user: User, font: str | None) -> None:
    """Raise FontNotFound where captions are to be drawn in an own font that the caller has not, or not checked."""
    if not font or not is_own_font(font):
        return
    record = _shelf(services, user).records.read(font)
    if record is None or record.image.status != "ready":
        raise FontNotFound(
            "captionStyle.font: there is no such font, or it is not ready; ask GET /fonts/{fontId} until it is."
        )


def place(services: Services, user: User, font: str | None, fonts: OwnFonts) -> None:
    """Lay the font with the generation, unless it is there or none of the caller's own; raises FontNotFound."""
    if font and is_own_font(font) and not fonts.holds(font):
        require_ready(services, user, font)
        fonts.place(user[0], font)


def _shelf(services: Services, user: User) -> OwnShelf:
    return OwnShelf(services, own_keys.font_shelf(user[0]), KIND)


def _view(font: OwnImage) -> FontView:
    facts = font.model_dump(include=set(FontView.model_fields) - {"status"})
    return FontView(**facts, font_id=font.image_id, status=status_of(font))
