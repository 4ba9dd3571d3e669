"""Compose one storyboard picture out of its prompt: style, place and hour, then every layer in order.

Touches memory only.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from PIL import Image

from functions.draw_scene.animatic import sky
from functions.draw_scene.animatic.card import Card, heading
from functions.draw_scene.animatic.ground import Scenery, paint_ground
from functions.draw_scene.animatic.motifs import MOTIFS, card_text, hour_of, motif_of
from functions.draw_scene.animatic.paint import Canvas, Layer, rgb
from functions.draw_scene.animatic.room import paint_room
from functions.draw_scene.animatic.spec import ClipSpec
from functions.draw_scene.animatic.styles import STYLES, style_of
from functions.draw_scene.animatic.veil import dust, shade

# Pictures are painted at this size and scaled by ffmpeg when more is asked for: flat shapes lose nothing.
CANVASES = {False: Canvas(720, 1280), True: Canvas(1280, 720)}
NIGHT = 2


@dataclass(frozen=True)
class Composition:
    """A still background, the layers over it in order, and the card."""

    canvas: Canvas
    background: Image.Image
    layers: list[Layer]
    card: Card


def compose(spec: ClipSpec) -> Composition:
    """Return the picture of a prompt; the same spec gives the same picture."""
    rng = random.Random(_seed(spec))
    name = style_of(spec.prompt)
    style = STYLES[name]
    place = motif_of(spec.prompt, spec.scene, rng)
    motif = MOTIFS[place]
    hour = hour_of(spec.prompt, place, spec.scene, rng)
    palette = style.palettes[hour]
    colours = [rgb(colour) for colour in palette.sky]
    light = rgb(palette.light)
    canvas = CANVASES[spec.landscape]
    night = hour == NIGHT
    orb = sky.orb_place(canvas, night and not style.flat, rng)
    background = sky.paint_sky(canvas, style, sky.Sky(colours, light, orb, night), rng)
    far, middle, near, nearest = (rgb(colour) for colour in palette.land)
    scenery = Scenery(canvas, style, colours[-1], light, (far, middle, near, nearest), orb[0], night, rng)
    layers = [] if night else [sky.clouds(canvas, style, light, rng)]
    layers += paint_ground(scenery, motif)
    layers += [paint_room(scenery, spec.scene)] if motif.interior else []
    layers += [dust(canvas, style, rgb(palette.dust), motif.rising_dust or night, rng), shade(canvas, style)]
    tags = heading(spec.scene, spec.scenes), f"{name.upper()} PREVIEW"
    card = Card(*tags, card_text(spec.prompt), style.font, style.letters, palette.light, style.bar)
    return Composition(canvas, background, layers, card)


def _seed(spec: ClipSpec) -> int:
    return int(hashlib.sha256(f"{spec.seed}|{spec.scene}|{spec.prompt}".encode()).hexdigest()[:8], 16)
