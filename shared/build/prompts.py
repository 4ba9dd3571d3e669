"""A scene's whole prompt: what it shows, what all scenes share, the style, the frame, within the model's limit.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.contracts import PROMPT_LIMIT, Options
from shared.film.plan import Look, Plan, PlannedScene
from shared.models import video_models
from shared.models.video_models import ModelSpec

# Characters of each part of the look.
LOOK_LIMIT = 200
STYLES = {
    "realistic": "Style: realistic, natural light, true colours, shot on a handheld 35 mm camera.",
    "cinematic": "Style: cinematic, dramatic light, shallow depth of field, slow deliberate camera, film grain.",
    "animated": "Style: animated, clean shapes, saturated colours, expressive motion, family film look.",
    "artistic": "Style: artistic, painterly brush strokes, textured paper, soft edges, muted palette.",
}
FRAMING = {
    "9:16": "Vertical 9:16 frame, the subject in the upper two thirds.",
    "16:9": "Wide 16:9 frame, the subject in the upper two thirds.",
}


def compose(prompt: str, look: Look, options: Options, model: ModelSpec) -> str:
    """Return the whole prompt, at most PROMPT_LIMIT characters: the scene's own part is cut where it must be."""
    clean = "" if model.negative_prompt else f" {video_models.CLEAN_PICTURE}"
    frame = f"{look_text(look)} {STYLES[options.style]} {FRAMING[options.aspect_ratio]}{clean}"
    return f"{prompt[: PROMPT_LIMIT - len(frame) - 1]} {frame}"


def recompose(plan: Plan, scene: PlannedScene) -> PlannedScene:
    """Return the scene with the whole prompt that it has by the plan's look, style and model."""
    model = video_models.model(plan.model_of(scene))
    whole = compose(scene.prompt, plan.look, plan.options, model)
    return scene.model_copy(update={"vertex_ai_prompt": whole, "visual_style": plan.options.style})


def look_text(look: Look) -> str:
    """Return the look as a part of a prompt."""
    labels = {"People": look.people, "Place": look.place, "Palette": look.palette}
    parts = {name: text.strip().rstrip(".")[:LOOK_LIMIT] for name, text in labels.items()}
    return " ".join(f"{name}: {text}." for name, text in parts.items() if text)
