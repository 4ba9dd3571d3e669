"""Fonts of a user's own that captions are drawn in: each lies with its generation, so that deleting it breaks nothing.

Touches the bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.brand import own_keys
from shared.captions.face import Face
from shared.captions.own_face import FACE
from shared.choices.captions import is_own_font
from shared.film.plan import Plan


@dataclass(frozen=True)
class OwnFonts:
    """The own fonts of one generation; every method raises what Bucket raises."""

    bucket: Bucket
    video_id: str
    generation_id: str

    def holds(self, font_id: str) -> bool:
        """Return whether the font lies with the generation."""
        return self.bucket.holds(self._face(font_id))

    def place(self, user_id: str, font_id: str) -> None:
        """Copy a font that was checked to the generation."""
        shelf = own_keys.font_shelf(user_id)
        files = {own_keys.FONT_FILE: self._font(font_id), own_keys.FACE_FILE: self._face(font_id)}
        # The face last: what has it has the font.
        for name, target in files.items():
            source = own_keys.image_file(shelf, font_id, name)
            self.bucket.copy(source, target, self.bucket.media_type(source))

    def take_over(self, other: OwnFonts, font_id: str) -> None:
        """Copy the font that another generation has, if it has it."""
        if is_own_font(font_id) and other.holds(font_id):
            keys = {other._font(font_id): self._font(font_id), other._face(font_id): self._face(font_id)}
            for source, target in keys.items():
                self.bucket.copy(source, target, self.bucket.media_type(source))

    def face_of(self, plan: Plan) -> Face | None:
        """Return the face of the own font that the plan's captions are drawn in, if they are."""
        font_id = plan.options.caption_style.font
        if not is_own_font(font_id) or not self.holds(font_id):
            return None
        return FACE.validate_json(self.bucket.read_text(self._face(font_id)))

    def fetch(self, plan: Plan, file: Path) -> None:
        """Lay the own font that the plan's captions are drawn in into the file."""
        self.bucket.download(self._font(plan.options.caption_style.font), file)

    def _font(self, font_id: str) -> str:
        return media_keys.own_font(self.video_id, self.generation_id, font_id)

    def _face(self, font_id: str) -> str:
        return media_keys.own_face(self.video_id, self.generation_id, font_id)
