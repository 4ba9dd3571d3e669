"""Know which interactions Vertex AI would accept for a video, and turn an accepted one into an order for a clip.

Touches nothing. Lengths, ratios, resolutions and the number of pictures are those that resellers of the model publish
(civitai, read 2026-11-26); the forms of fields and refusals those of Google's samples and of public reports
(googleapis/js-genai#1808).
"""

from __future__ import annotations

import re
from typing import Any, cast

from functions.draw_scene.animatic.spec import ClipSpec
from local.emulators.google import picture_files
from local.emulators.google.veo_rules import AcceptedOrder, RefusedError, check_labels
from local.emulators.messages import EmulatorReply

MODEL = "gemini-omni-1.2-flash"
# The shorter side of the picture, in pixels.
RESOLUTIONS = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}
RATIOS = ("16:9", "9:16")
SHORTEST = 3
LONGEST = 15
MOST_PICTURES = 6
PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic")
FROM_A_PICTURE = "image_to_video"
TASKS = {"text_to_video": 0, FROM_A_PICTURE: 1, "reference_to_video": MOST_PICTURES}
# What may stand in a request; the switches of how it is waited for are no part of the order.
FIELDS = frozenset(
    {"model", "input", "response_format", "generation_config", "labels", "background", "store", "stream"}
)
_TAG = re.compile(r"<(?:FIRST_FRAME|IMAGE_REF_\d)>")
_SECONDS = re.compile(r"(\d{1,2})s")


def invalid(message: str, code: str = "invalid_request", status: int = 400) -> EmulatorReply:
    """Return the reply to a request that breaks the rules of interactions."""
    return EmulatorReply(status, {"error": {"message": message, "code": code}})


def read_order(body: dict[str, Any]) -> AcceptedOrder:
    """Return the order in the body of an interaction. Raises RefusedError when a rule is broken."""
    for name in body:
        _require(name in FIELDS, f"Unknown name {name!r}: Cannot find field.")
    model = body.get("model")
    if model != MODEL:
        raise RefusedError(invalid(f"Model {model!r} was not found.", "model_not_found", 404))
    _require(not body.get("background") or body.get("store", True), "background=true requires store=true.")
    prompt, pictures = _input(body.get("input"))
    task = _checked_task(body, len(pictures))
    first_frame = pictures[0] if task == FROM_A_PICTURE else ""
    clip = _video_format(body.get("response_format"))
    seconds = _seconds(clip.get("duration"))
    labels: dict[str, Any] = body.get("labels") or {}
    check_labels(labels)
    width, height = _size(clip)
    scene, scenes = (int(labels.get(name) or 0) for name in ("scene", "scenes"))
    config: dict[str, Any] = body.get("generation_config") or {}
    spec = ClipSpec(prompt, seconds, width, height, scene, scenes, config.get("seed", 0))
    return AcceptedOrder(spec, 1, labels.get("video_id", ""), first_frame)


def _input(value: object) -> tuple[str, list[str]]:
    """Return the prompt, and the pictures that come with it, in Base64."""
    if isinstance(value, str):
        parts: list[dict[str, Any]] = [{"type": "text", "text": value}]
    else:
        turns = cast("list[dict[str, Any]]", value if isinstance(value, list) else [])
        parts = [part for turn in turns for part in (turn.get("content", []) if "content" in turn else [turn])]
    texts = [part.get("text", "") for part in parts if part.get("type") == "text"]
    pictures = [part for part in parts if part.get("type") == "image"]
    _require(len(texts) + len(pictures) == len(parts), "input: only text and images are supported here.")
    # What a picture is for may be said in the text, by tags that nobody is to see.
    prompt = _TAG.sub("", " ".join(texts)).strip()
    _require(bool(prompt), "input: a text is required.")
    _require(len(pictures) <= MOST_PICTURES, f"input: at most {MOST_PICTURES} images are supported.")
    for picture in pictures:
        check_picture(picture.get("data"), picture.get("mime_type"))
    return prompt, [picture["data"] for picture in pictures]


def check_picture(data: object, media_type: object) -> None:
    """Raises RefusedError for a picture that is not one inline file of a type that is taken."""
    _require(media_type in PICTURE_TYPES, f"image: the type {media_type!r} is not supported.")
    wrong = picture_files.fault(data, str(media_type))
    _require(not wrong, f"image: {wrong}")


def _checked_task(body: dict[str, Any], pictures: int) -> str:
    config: dict[str, Any] = body.get("generation_config") or {}
    video: dict[str, Any] = config.get("video_config") or {}
    task = video.get("task", "text_to_video")
    _require(task in TASKS, f"video_config.task: {task!r} is not supported here.")
    least = min(1, TASKS[task])
    _require(least <= pictures <= TASKS[task], f"video_config.task: {task} does not take {pictures} images.")
    return task


def _video_format(value: object) -> dict[str, Any]:
    formats = cast("list[dict[str, Any]]", value if isinstance(value, list) else [value])
    _require(len(formats) == 1 and bool(formats[0]), "response_format: one is expected.")
    clip = formats[0]
    _require(clip.get("type") == "video", "response_format: this stand-in makes videos only.")
    _require("delivery" not in clip and "gcs_uri" not in clip, "response_format: this stand-in has no Cloud Storage.")
    return clip


def _seconds(duration: object) -> float:
    match = _SECONDS.fullmatch(duration) if isinstance(duration, str) else None
    seconds = int(match[1]) if match else 0
    _require(
        SHORTEST <= seconds <= LONGEST, f"duration must be a text from '{SHORTEST}s' to '{LONGEST}s', not {duration!r}."
    )
    return float(seconds)


def _size(clip: dict[str, Any]) -> tuple[int, int]:
    resolution = clip.get("resolution", "720p")
    ratio = clip.get("aspect_ratio", "16:9")
    _require(resolution in RESOLUTIONS, f"resolution {resolution!r} is not supported.")
    _require(ratio in RATIOS, f"aspect_ratio {ratio!r} is not supported.")
    short = RESOLUTIONS[resolution]
    long = short * 16 // 9
    return (long, short) if ratio == "16:9" else (short, long)


def _require(right: bool, message: str) -> None:
    if not right:
        raise RefusedError(invalid(message))
