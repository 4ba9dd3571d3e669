"""Speak the protocol of Gemini's image models: a picture is drawn while its request waits.

Touches nothing; the shop that it is given sells the pictures and draws them. Forms of refusals are those of
google-genai's types; the sizes of pictures are those of public reports.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from typing import Any, cast

from functions.draw_scene.animatic.spec import FPS, ClipSpec
from local.emulators.faults import Fault
from local.emulators.google import wire
from local.emulators.google.omni_rules import check_picture
from local.emulators.google.shop import Shop
from local.emulators.google.veo_rules import RefusedError, check_labels, is_blocked
from local.emulators.ledger import PICTURE, Entry
from local.emulators.messages import EmulatorReply, EmulatorRequest, HangUpError

MODEL = "gemini-3.1-flash-image"
MOST_REFERENCES = 14
# Tokens of a picture, and its sides in pixels at 9:16.
SIZES = {"512": (747, (384, 688)), "1K": (1_120, (768, 1_376)), "2K": (1_680, (1_536, 2_752))}
# The moment of a drawing, and what may go wrong then besides refusals.
DRAW = "draw"
WITHHELD = "filter"
WORDS_ONLY = "empty"
NOTHING = "empty_reply"
_ROUTE = re.compile(
    r"/v1(?:beta1)?/projects/[^/]+/locations/(?P<location>[^/]+)/publishers/google/models/(?P<model>[^/:]+)"
    r":generateContent"
)


@dataclass(frozen=True)
class PictureOrder:
    """A picture to draw, as a clip of one frame, its tokens, and the video that its labels name."""

    spec: ClipSpec
    tokens: int
    video: str


def knows(request: EmulatorRequest) -> bool:
    """Return whether the request is one of this protocol."""
    return request.method == "POST" and _ROUTE.fullmatch(request.path) is not None


def answer(shop: Shop, request: EmulatorRequest) -> EmulatorReply:
    """Return what Vertex AI replies. Raises RefusedError, ValueError for a bad body, HangUpError for no reply."""
    route = _ROUTE.fullmatch(request.path)
    if not route or route["location"] != "global" or route["model"] != MODEL:
        return wire.not_found("Publisher Model was not found or your project does not have access to it.")
    order = _read(request.json())
    spec = order.spec
    fault = shop.due(DRAW, spec.prompt)
    if fault and fault.kind not in (WITHHELD, WORDS_ONLY, NOTHING, "hang_up_after", "block"):
        raise RefusedError(shop.refusal_of(fault, MODEL))
    if (fault and fault.kind == "block") or (not fault and is_blocked(spec.prompt)):
        return EmulatorReply(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    return _draw(shop, order, fault)


def _draw(shop: Shop, order: PictureOrder, fault: Fault | None) -> EmulatorReply:
    shop.require_quota(MODEL)
    is_charged = not fault or fault.kind == "hang_up_after"
    spec = order.spec
    sale = Entry(PICTURE, MODEL, spec.prompt, is_charged, "", output_tokens=order.tokens, scene=spec.scene)
    shop.enter(replace(sale, video=order.video))
    if fault and fault.kind == "hang_up_after":
        raise HangUpError
    if fault:
        return EmulatorReply(200, _ENDS[fault.kind])
    data = base64.b64encode(shop.pool.draw(spec)).decode()
    parts = [{"text": "A quiet frame.", "thought": True}, {"inlineData": {"mimeType": "image/png", "data": data}}]
    usage = {
        "promptTokenCount": 300,
        "candidatesTokenCount": order.tokens,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": order.tokens}],
    }
    return EmulatorReply(200, {"candidates": [_candidate("STOP", parts)], "usageMetadata": usage})


def _candidate(reason: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"content": {"role": "model", "parts": parts}} if parts else {}
    return {**content, "finishReason": reason, "index": 0}


_ENDS: dict[str, dict[str, Any]] = {
    WITHHELD: {"candidates": [_candidate("IMAGE_SAFETY", [])]},
    WORDS_ONLY: {"candidates": [_candidate("STOP", [{"text": "I can't draw this."}])]},
    NOTHING: {},
}


def _read(body: dict[str, Any]) -> PictureOrder:
    """Return what to draw. Raises RefusedError when a rule is broken."""
    contents: list[dict[str, Any]] = body.get("contents") or []
    turns = [cast("list[dict[str, Any]]", turn.get("parts") or []) for turn in contents]
    parts = [part for turn in turns for part in turn]
    prompt = " ".join(str(part["text"]) for part in parts if "text" in part).strip()
    pictures: list[dict[str, Any]] = [part["inlineData"] for part in parts if "inlineData" in part]
    _require(bool(prompt), "contents: a text is required.")
    _require(len(pictures) <= MOST_REFERENCES, f"contents: at most {MOST_REFERENCES} images are supported.")
    for picture in pictures:
        check_picture(picture.get("data"), picture.get("mimeType") or picture.get("mime_type"))
    config: dict[str, Any] = body.get("generationConfig") or {}
    _require(config.get("responseModalities") in (["IMAGE"], ["TEXT", "IMAGE"]), "responseModalities: IMAGE is needed.")
    image: dict[str, Any] = config.get("imageConfig") or {}
    ratio = image.get("aspectRatio", "9:16")
    _require(ratio in ("9:16", "16:9"), f"aspectRatio: this stand-in draws no {ratio}.")
    _require(image.get("imageSize", "1K") in SIZES, f"imageSize: {image.get('imageSize')!r} is not supported.")
    labels: dict[str, Any] = body.get("labels") or {}
    check_labels(labels)
    tokens, (short, long) = SIZES[image.get("imageSize", "1K")]
    width, height = (short, long) if ratio == "9:16" else (long, short)
    scene = int(labels.get("scene") or 0)
    spec = ClipSpec(prompt, 1 / FPS, width, height, scene, seed=config.get("seed", 0))
    return PictureOrder(spec, tokens, str(labels.get("video_id") or ""))


def _require(right: bool, message: str) -> None:
    if not right:
        raise RefusedError(wire.invalid(message))
