"""What the OpenAPI document says beyond the routes and their types: words for properties, times, tags, the webhook.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.http import properties
from shared.http.webhook import VideoEndedHook

Json = dict[str, Any]
SCHEMAS = "#/components/schemas/{model}"
TAGS = (
    ("Recordings", "Recordings, and the records of the videos that are made of them."),
    ("Generations", "Making a video: estimate, start, watch, cancel, resume."),
    ("Pictures", "Pictures and clips of the caller's own."),
    ("Fonts", "Fonts of the caller's own, in which captions are drawn."),
    ("Music", "Music of the caller's own, which lies under a voice."),
    ("Presets", "Defaults for generations, by names of the caller's own."),
    ("Settings", "What the caller has chosen for themselves."),
    ("Captions", "The finished video's captions."),
    ("Document", "This document."),
)
_TAG_OF = {
    "/videos": "Recordings",
    "/ai-video": "Generations",
    "/images": "Pictures",
    "/fonts": "Fonts",
    "/music": "Music",
    "/presets": "Presets",
    "/settings": "Settings",
    "/openapi.json": "Document",
}
_SIGNATURE = {"webhook-id": "The end's id.", "webhook-timestamp": "Unix seconds.", "webhook-signature": "`v1,` …"}
_END = (
    "Sent to the `webhookUrl` of a generation when it ends, signed after Standard Webhooks. An answer of 2xx is a "
    "delivery, 410 ends it; anything else is tried again, three times in all."
)


def complete(document: Json) -> Json:
    """Return the document with everything that the routes' types do not say."""
    schema = VideoEndedHook.model_json_schema(ref_template=SCHEMAS, mode="serialization")
    schemas: Json = document["components"]["schemas"]
    schemas.update(schema.pop("$defs"))
    schemas["VideoEndedHook"] = schema
    for name, model in schemas.items():
        for key, value in model.get("properties", {}).items():
            model["properties"][key] = _property(name, key, value)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            operation["tags"] = [_tag(path)]
    tags = [{"name": name, "description": words} for name, words in TAGS]
    return document | {"tags": tags, "webhooks": {"videoEnded": {"post": _webhook()}}}


def _tag(path: str) -> str:
    if "/captions." in path:
        return "Captions"
    return next(tag for start, tag in _TAG_OF.items() if path.startswith(start))


def _property(schema: str, name: str, value: Json) -> Json:
    words = properties.of(schema, name)
    if words is None:
        raise KeyError(f"shared/http/properties.py says nothing of {schema}.{name}.")
    text, example = words
    words_added = {**value, "description": text}
    if value.get("format") == "date-time":
        # An absent time is left out, and an empty text is none.
        words_added.pop("default", None)
    return words_added if example is None else {**words_added, "examples": [example]}


def _webhook() -> Mapping[str, Any]:
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": text}
        for name, text in _SIGNATURE.items()
    ]
    content = {"application/json": {"schema": {"$ref": SCHEMAS.format(model="VideoEndedHook")}}}
    return {
        "operationId": "video_ended",
        "summary": "A generation has ended",
        "description": _END,
        "tags": ["Generations"],
        "parameters": parameters,
        "requestBody": {"required": True, "content": content},
        "responses": {"2XX": {"description": "Delivered."}, "410": {"description": "Tell no more of this one."}},
    }
