"""Speak the protocol of interactions: an order is answered with its clip, or in the background read by its id.

Touches nothing; the shop that it is given sells the clips and makes them.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from local.emulators.google import omni_rules, wire
from local.emulators.google.omni_rules import MODEL
from local.emulators.google.operation_pool import Operation
from local.emulators.google.shop import Shop
from local.emulators.messages import EmulatorReply, EmulatorRequest

# The moment at which it is decided how an order is waited for, and what may go wrong then.
FORM = "form"
NO_BACKGROUND = "no_background"
# The moment at which it is decided that an interaction stops before its clip is whole.
ENDS = "ends"
# Tokens of a second of video, by the shorter side of the picture in pixels: 5,792 at 720p (litellm 1.110.2).
TOKENS = {360: 1_738, 720: 5_792, 1080: 8_688, 2160: 17_376}
# Seconds between two looks at a clip that is waited for.
MOMENT = 0.02
_ROUTE = re.compile(
    r"/v1(?:beta1)?/projects/[^/]+/locations/(?P<location>[^/]+)/interactions(?:/(?P<id>[^/:]+)(?P<verb>/cancel)?)?"
)


def knows(request: EmulatorRequest) -> bool:
    """Return whether the request is one of this protocol."""
    return _ROUTE.fullmatch(request.path) is not None


def answer(shop: Shop, request: EmulatorRequest) -> EmulatorReply:
    """Return what Vertex AI replies. Raises RefusedError, ValueError for a bad body, HangUpError for no reply."""
    route = _ROUTE.fullmatch(request.path)
    if not route or route["location"] != "global":
        return wire.not_found("The requested URL was not found on this server.")
    if request.method == "POST" and not route["id"]:
        return _create(shop, request.json())
    if request.method == "GET" and route["id"] and not route["verb"]:
        return _get(shop, route["id"])
    return wire.failure(wire.GoogleError(501, "UNIMPLEMENTED", "This stand-in has no such method."))


def _create(shop: Shop, body: dict[str, Any]) -> EmulatorReply:
    order = omni_rules.read_order(body)
    is_background = bool(body.get("background"))
    if is_background and shop.due(FORM, order.spec.prompt):
        return omni_rules.invalid("background: Background interactions are not supported for this model.")
    name = f"v1_{uuid.uuid4().hex}"
    if not shop.sell(name, MODEL, order, further=ENDS):
        return EmulatorReply(200, {})
    operation = shop.pool.find(name)
    if not operation or is_background:
        return EmulatorReply(200, {"id": name, "status": "in_progress", "object": "interaction", "model": MODEL})
    while not operation.has_ended:
        shop.pause(MOMENT)
    return EmulatorReply(200, _document(operation, shop.result(operation)))


def _get(shop: Shop, name: str) -> EmulatorReply:
    operation = shop.pool.find(name)
    if not operation:
        return omni_rules.invalid(f"Interaction {name!r} was not found. (404)", "not_found", 404)
    result = shop.look(operation)
    if result is None:
        return EmulatorReply(200, {"id": name, "status": "in_progress", "object": "interaction", "model": MODEL})
    return EmulatorReply(200, _document(operation, result))


def _document(operation: Operation, result: dict[str, Any]) -> dict[str, Any]:
    """Return an interaction that has ended; `result` is the end of the operation in Veo's words."""
    whole: dict[str, Any] = {"id": operation.name, "object": "interaction", "model": MODEL}
    if "error" in result:
        return whole | {"status": "failed", "steps": [{"type": "model_output", "error": result["error"]}]}
    if partial := result.get("partial"):
        return whole | {"status": partial, "steps": [{"type": "thought"}], "usage": _usage(operation)}
    response: dict[str, Any] = result["response"]
    if reasons := response.get("raiMediaFilteredReasons"):
        return whole | {"status": "failed", "errors": [{"code": "content_filtered", "message": reasons[0]}]}
    videos: list[dict[str, str]] = response.get("videos") or []
    content = [{"type": "video", "data": each["bytesBase64Encoded"], "mime_type": "video/mp4"} for each in videos]
    refusal = [{"type": "text", "text": "I can't make this video."}]
    steps = [{"type": "thought"}, {"type": "model_output", "content": content or refusal}]
    return whole | {"status": "completed", "steps": steps, "usage": _usage(operation)}


def _usage(operation: Operation) -> dict[str, Any]:
    spec = operation.spec
    tokens = round(TOKENS[min(spec.width, spec.height)] * spec.seconds)
    modality = [{"modality": "video", "tokens": tokens}]
    return {"total_input_tokens": 400, "total_output_tokens": tokens, "output_tokens_by_modality": modality}
