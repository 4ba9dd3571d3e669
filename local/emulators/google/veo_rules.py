"""Know which Veo requests Vertex AI would accept, and turn an accepted one into an order for clips.

Touches nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from functions.draw_scene.animatic.spec import FPS, ClipSpec
from local.emulators.google import picture_files, wire
from local.emulators.messages import EmulatorReply

MODELS = {
    "veo-3.1-generate-001": ("720p", "1080p", "4k"),
    "veo-3.1-fast-generate-001": ("720p", "1080p", "4k"),
    "veo-3.1-lite-generate-001": ("720p", "1080p"),
}
# Lite refuses it whatever its value is (eight public reports, with the id of the Gemini API).
WITHOUT_NEGATIVE_PROMPT = frozenset({"veo-3.1-lite-generate-001"})
# Reference pictures, and the model that takes none (vertex-ai-creative-studio); each forces the longest clip.
MAX_REFERENCES = 3
WITHOUT_REFERENCES = frozenset({"veo-3.1-lite-generate-001"})
PICTURE_TYPES = ("image/png", "image/jpeg")
RETIRED = ("veo-2.0-", "veo-3.0-")
# The shorter side of the picture, in pixels.
RESOLUTIONS = {"720p": 720, "1080p": 1080, "4k": 2160}
MAX_SAMPLES = 4

# Each parameter with the values it may have; a parameter that is left out is always right.
ALLOWED: dict[str, tuple[object, ...]] = {
    "durationSeconds": (4, 6, 8),
    "aspectRatio": ("16:9", "9:16"),
    "sampleCount": tuple(range(1, MAX_SAMPLES + 1)),
    "fps": (FPS,),
    "personGeneration": ("dont_allow", "allow_adult", "allow_all"),
    "compressionQuality": ("OPTIMIZED", "LOSSLESS", "optimized", "lossless"),
    # Every 3.x model insists on it.
    "enhancePrompt": (True,),
}
# Parameters whose value may be anything.
FREE = frozenset({"resolution", "seed", "negativePrompt", "generateAudio", "resizeMode"})
DEFAULT_SECONDS = 8
# A person of an age under eighteen, whom "allow_adult" and less keep out: ages are what provokes the check of a prompt.
_MINOR = re.compile(
    r"\b(1?[0-7]|[89]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven)teen)"
    r"[- ]years?[- ]old\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_-]{0,63}")


class RefusedError(Exception):
    """The request breaks a rule; `reply` is what Vertex AI says to it."""

    def __init__(self, reply: EmulatorReply) -> None:
        super().__init__(str(reply.body))
        self.reply = reply


@dataclass(frozen=True)
class AcceptedOrder:
    """One accepted request: the clip wanted, how many of it, and the label that names its video.

    `first_frame` is the picture that the clip begins with, in Base64.
    """

    spec: ClipSpec
    samples: int
    video: str = ""
    first_frame: str = ""


def check_model(model: str) -> None:
    """Raises RefusedError for a model that does not exist or no longer does."""
    if model.startswith(RETIRED):
        raise RefusedError(wire.not_found(retired_message(model)))
    if model not in MODELS:
        message = f"Publisher Model `publishers/google/models/{model}` was not found or your project has no access."
        raise RefusedError(wire.not_found(message))


def retired_message(model: str) -> str:
    """Return what Vertex AI says of a model it has switched off."""
    return f"Publisher Model `publishers/google/models/{model}` is no longer available. Please use a newer model."


def is_blocked(prompt: str) -> bool:
    """Return whether the safety check withholds the prompt itself: it tells somebody's age, and that is a child's."""
    return bool(_MINOR.search(prompt))


def read_order(model: str, body: dict[str, Any], permissive: bool = False) -> AcceptedOrder:
    """Return the order in a request's body. Raises RefusedError with a 400 when a rule is broken.

    A `permissive` service takes a negative prompt for every model.
    """
    prompt = _prompt(body)
    parameters: dict[str, Any] = body.get("parameters") or {}
    negative = not permissive and "negativePrompt" in parameters and model in WITHOUT_NEGATIVE_PROMPT
    _require(not negative, "`negativePrompt` isn't supported by this model. Please remove it or use another model.")
    _check_parameters(parameters)
    instance: dict[str, Any] = body["instances"][0]
    _check_pictures(model, instance, parameters.get("durationSeconds", DEFAULT_SECONDS))
    resolution = parameters.get("resolution", "720p")
    _require(resolution in MODELS[model], f"resolution {resolution!r} is not supported by {model}")
    labels: dict[str, Any] = body.get("labels") or {}
    check_labels(labels)
    short = RESOLUTIONS[resolution]
    size = (short * 16 // 9, short)
    width, height = size if parameters.get("aspectRatio", "16:9") == "16:9" else (size[1], size[0])
    scene, scenes = (_number(labels.get(name)) for name in ("scene", "scenes"))
    seconds = float(parameters.get("durationSeconds", DEFAULT_SECONDS))
    spec = ClipSpec(prompt, seconds, width, height, scene, scenes, parameters.get("seed", 0))
    image: dict[str, Any] = instance.get("image") or {}
    first_frame: str = image.get("bytesBase64Encoded", "")
    return AcceptedOrder(spec, parameters.get("sampleCount", 1), labels.get("video_id", ""), first_frame)


def _require(right: bool, message: str) -> None:
    if not right:
        raise RefusedError(wire.invalid(message))


def _prompt(body: dict[str, Any]) -> str:
    instances: list[dict[str, Any]] = body.get("instances") or []
    _require(len(instances) == 1, "exactly one instance is expected")
    prompt: Any = instances[0].get("prompt")
    _require(isinstance(prompt, str) and bool(prompt.strip()), "instances[0].prompt must not be empty")
    return prompt


def _check_pictures(model: str, instance: dict[str, Any], seconds: object) -> None:
    """Raises RefusedError for pictures that the model does not take, together or at this length."""
    strange = set(instance) - {"prompt", "image", "referenceImages"}
    _require(not strange, f"instances[0]: {', '.join(sorted(strange))} is unknown or not supported here")
    references: list[dict[str, Any]] = instance.get("referenceImages") or []
    _require(not (references and "image" in instance), "`image` and `referenceImages` exclude each other.")
    _require(not references or model not in WITHOUT_REFERENCES, "`referenceImages` isn't supported by this model.")
    _require(len(references) <= MAX_REFERENCES, f"at most {MAX_REFERENCES} reference images are supported")
    _require(not references or seconds == DEFAULT_SECONDS, "durationSeconds must be 8 with reference images")
    _require(
        all(str(each.get("referenceType")).lower() == "asset" for each in references), "referenceType must be asset"
    )
    pictures: list[dict[str, Any]] = [each.get("image") or {} for each in references]
    if "image" in instance:
        pictures.append(instance["image"])
    for picture in pictures:
        _require(picture.get("mimeType") in PICTURE_TYPES, "image: only image/png and image/jpeg are supported")
        _require(bool(picture.get("bytesBase64Encoded")), "image: bytesBase64Encoded is missing")
        wrong = picture_files.fault(picture["bytesBase64Encoded"], picture["mimeType"])
        _require(not wrong, f"image: {wrong}")


def _check_parameters(parameters: dict[str, Any]) -> None:
    for name, value in parameters.items():
        _require(name in ALLOWED or name in FREE, f"parameter {name!r} is unknown or not supported here")
        choices = ALLOWED.get(name)
        _require(not choices or value in choices, f"{name} must be one of {choices}, not {value!r}")


def check_labels(labels: dict[str, Any]) -> None:
    """Raises RefusedError for labels that Google does not take."""
    for text in (part for pair in labels.items() for part in pair):
        _require(
            isinstance(text, str) and bool(_LABEL.fullmatch(text)),
            f"label {text!r} may hold at most 63 lower-case letters, digits, '_' and '-'",
        )


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() else 0
