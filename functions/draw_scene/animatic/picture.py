"""Compose one storyboard picture out of its prompt: style, place and hour, then every layer in order.

Touches memory, and the files of the fonts.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace

from PIL import Image

from functions.draw_scene.animatic import sky
from functions.draw_scene.animatic.card import Card, heading
from functions.draw_scene.animatic.closeness import enlarge, enlarge_still, pass_by, viewpoint
from functions.draw_scene.animatic.figures import figures, hair_in, people_in
from functions.draw_scene.animatic.ground import Scenery, paint_ground
from functions.draw_scene.animatic.lettering import LARGEST, face_for, has_letters
from functions.draw_scene.animatic.marks import marks
from functions.draw_scene.animatic.motifs import MOTIFS, card_text, hour_of, motif_of, own_words
from functions.draw_scene.animatic.paint import Canvas, Layer, mix, rgb
from functions.draw_scene.animatic.room import paint_room
from functions.draw_scene.animatic.spec import ClipSpec, Sketch
from functions.draw_scene.animatic.styles import STYLES, Palette, Style, style_of
from functions.draw_scene.animatic.veil import dust, shade
from shared.film.camerawork import Move

# Pictures are painted at this size and scaled by ffmpeg when more is asked for: flat shapes lose nothing.
CANVASES = {False: Canvas(720, 1280), True: Canvas(1280, 720)}
NIGHT = 2
# The largest letters of a draft's description, in pixels.
SMALL = 34
# How much of the light a draft's shade takes behind them.
DARKER = 0.8


@dataclass(frozen=True)
class Composition:
    """A still background, the layers over it in order, and the card; `move` is how a camera passes all of it."""

    canvas: Canvas
    background: Image.Image
    layers: list[Layer]
    card: Card
    move: Move | None = None


@dataclass(frozen=True)
class Prospect:
    """A place before anything lies over it: its sky, and its layers from far to near."""

    background: Image.Image
    clouds: list[Layer]
    land: list[Layer]
    room: list[Layer]


@dataclass(frozen=True)
class Setting:
    """What a prompt asks for: the name of the style, the motif's, and the hour (0 and 1 by day, 2 by night)."""

    style_name: str
    place: str
    hour: int

    @property
    def style(self) -> Style:
        """The style itself."""
        return STYLES[self.style_name]

    @property
    def palette(self) -> Palette:
        """The colours of the hour."""
        return self.style.palettes[self.hour]

    @property
    def night(self) -> bool:
        """True when it is dark."""
        return self.hour == NIGHT


def compose(spec: ClipSpec) -> Composition:
    """Return the picture of a prompt; the same spec gives the same picture."""
    rng = random.Random(_seed(spec))
    setting = _setting(spec, rng)
    canvas = CANVASES[spec.landscape]
    prospect = _prospect(spec, setting, canvas, rng)
    layers = [*prospect.clouds, *prospect.land, *prospect.room, *_veil(setting, setting.style, canvas, rng)]
    style = setting.style
    tags = heading(spec.scene, spec.scenes), f"{setting.style_name.upper()} PREVIEW"
    card = Card(*tags, card_text(spec.prompt), style.font, style.letters, setting.palette.light, style.bar)
    return Composition(canvas, prospect.background, layers, card)


def compose_draft(spec: ClipSpec, sketch: Sketch) -> Composition:
    """Return the picture of a prompt as a draft shows it: as near as the shot is, with how the camera moves."""
    rng = random.Random(_seed(spec))
    camerawork = sketch.camerawork
    setting = _setting(spec, rng, sketch.style)
    # The camera would move bars, too; and light pictures need more shade for letters.
    veil_style = replace(setting.style, bar=0, scrim=DARKER)
    canvas = CANVASES[spec.landscape]
    prospect = _prospect(spec, setting, canvas, rng)
    view = viewpoint(canvas, camerawork.framing, rng.uniform(0.3, 0.7), indoors=bool(prospect.room))
    land = [pass_by(layer, camerawork.move, spec.frames) for layer in prospect.land]
    near = [enlarge(layer, view) for layer in (*prospect.clouds, *land, *prospect.room)]
    card = _draft_card(spec, sketch, setting)
    people = _people(spec, sketch, setting, canvas)
    layers = [*near, *people, *_veil(setting, veil_style, canvas, rng)]
    return Composition(canvas, enlarge_still(prospect.background, view), layers, card, camerawork.move)


def _people(spec: ClipSpec, sketch: Sketch, setting: Setting, canvas: Canvas) -> list[Layer]:
    """Return who is in the scene; drawn by chance of their own, so that they change nothing else of the picture."""
    rng = random.Random(_seed(spec))
    words = f"{sketch.description} {own_words(spec.prompt)}"
    hair = rng.sample(hair_in(words), people_in(words))
    dark = mix(rgb(setting.palette.land[-1]), (0, 0, 0), 0.45)
    return figures(canvas, sketch.camerawork.framing, hair, (dark, rgb(setting.palette.light)), rng)


def _draft_card(spec: ClipSpec, sketch: Sketch, setting: Setting) -> Card:
    move = sketch.camerawork.move
    body = _legible(card_text(sketch.description), card_text(spec.prompt))
    face = face_for(body, setting.style)
    return Card(
        left=heading(spec.scene, spec.scenes),
        right=f"{sketch.camerawork.label}  ·  {move.upper()}",
        body=body,
        font=face.font,
        letters=face.letters,
        accent=setting.palette.light,
        bar=0,
        largest=SMALL,
        marks=tuple(marks(move, CANVASES[spec.landscape])),
        pale="18",
    )


def _legible(*texts: str) -> str:
    """Return the first text that says something and whose letters a bundled font has, or nothing."""
    return next((text for text in texts if text and has_letters(LARGEST.font, text)), "")


def _setting(spec: ClipSpec, rng: random.Random, style_name: str = "") -> Setting:
    place = motif_of(spec.prompt, spec.scene, rng)
    return Setting(style_name or style_of(spec.prompt), place, hour_of(spec.prompt, place, spec.scene, rng))


def _prospect(spec: ClipSpec, setting: Setting, canvas: Canvas, rng: random.Random) -> Prospect:
    style = setting.style
    palette = setting.palette
    colours = [rgb(colour) for colour in palette.sky]
    light = rgb(palette.light)
    orb = sky.orb_place(canvas, setting.night and not style.flat, rng)
    background = sky.paint_sky(canvas, style, sky.Sky(colours, light, orb, setting.night), rng)
    far, middle, near, nearest = (rgb(colour) for colour in palette.land)
    scenery = Scenery(canvas, style, colours[-1], light, (far, middle, near, nearest), orb[0], setting.night, rng)
    clouds = [] if setting.night else [sky.clouds(canvas, style, light, rng)]
    motif = MOTIFS[setting.place]
    land = paint_ground(scenery, motif)
    return Prospect(background, clouds, land, [paint_room(scenery, spec.scene)] if motif.interior else [])


def _veil(setting: Setting, style: Style, canvas: Canvas, rng: random.Random) -> list[Layer]:
    rising = MOTIFS[setting.place].rising_dust or setting.night
    return [dust(canvas, style, rgb(setting.palette.dust), rising, rng), shade(canvas, style)]


def _seed(spec: ClipSpec) -> int:
    return int(hashlib.sha256(f"{spec.seed}|{spec.scene}|{spec.prompt}".encode()).hexdigest()[:8], 16)
