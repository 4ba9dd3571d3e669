"""Speak Veo's protocol: an order is a long-running prediction, read by the name of its operation.

Touches nothing; the shop that it is given sells the clips and makes them.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from local.emulators.google import wire
from local.emulators.google.shop import Shop
from local.emulators.google.veo_rules import check_model, read_order
from local.emulators.messages import EmulatorReply, EmulatorRequest

# The moment at which the service's rules are applied.
RULES = "rules"
_RESOURCE = re.compile(
    r"/v1(?:beta1)?/(?P<name>projects/[^/]+/locations/[^/]+/publishers/google/models/(?P<model>[^/:]+))"
    r":(?P<verb>predictLongRunning|fetchPredictOperation)"
)


def knows(request: EmulatorRequest) -> bool:
    """Return whether the request is one of this protocol."""
    return request.method == "POST" and _RESOURCE.fullmatch(request.path) is not None


def answer(shop: Shop, request: EmulatorRequest) -> EmulatorReply:
    """Return what Veo replies. Raises RefusedError, ValueError for a body that is no JSON, HangUpError for no reply."""
    resource = _RESOURCE.fullmatch(request.path)
    if not resource:
        return wire.not_found("The requested URL was not found on this server.")
    body = request.json()
    if resource["verb"] == "predictLongRunning":
        return _submit(shop, resource["name"], resource["model"], body)
    return _poll(shop, resource["name"], body)


def _submit(shop: Shop, resource: str, model: str, body: dict[str, Any]) -> EmulatorReply:
    check_model(model)
    permissive = shop.due(RULES, model) is not None
    order = read_order(model, body, permissive)
    name = f"{resource}/operations/{uuid.uuid4()}"
    is_named = shop.sell(name, model, order, permissive=permissive)
    return EmulatorReply(200, {"name": name} if is_named else {})


def _poll(shop: Shop, resource: str, body: dict[str, Any]) -> EmulatorReply:
    name = str(body.get("operationName", ""))
    operation = shop.pool.find(name) if name.startswith(f"{resource}/operations/") else None
    if not operation:
        return wire.not_found(f"The operation {name!r} was not found.")
    result = shop.look(operation)
    return EmulatorReply(200, {"name": name} if result is None else {"name": name, "done": True, **result})
