"""The routes of presets.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from functions.api import wire
from functions.api.documented import Documented
from functions.api.presets import presets
from functions.api.routing import PRIVATE, Routing
from shared.brand.choices import PRESET_NAME_PATTERN
from shared.http.presets.models import Preset, PresetList, PresetShown
from shared.http.refusals import FontNotFound, ImageNotFound, MusicNotFound, PresetNotFound, TooManyPresets

PresetName = Annotated[str, Path(alias="presetName", pattern=PRESET_NAME_PATTERN)]


class PresetRoutes(Routing):
    """The routes; their order and paths are in `preset_table`."""

    def put_preset(self, preset_name: PresetName, body: Preset) -> Response[str]:
        """Store defaults for generations under a name, in place of what it named before.

        `preset` of POST /ai-video begins with them; what the request says itself wins.
        """
        return wire.answer(200, presets.put(self.services, self.user(), preset_name, body))

    def list_presets(self) -> Response[str]:
        """List all of the caller's presets."""
        return wire.answer(200, presets.listing(self.services, self.user()), {"Cache-Control": PRIVATE})

    def show_preset(self, preset_name: PresetName) -> Response[str]:
        """Show one preset."""
        reply = presets.show(self.services, self.user(), preset_name)
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})

    def delete_preset(self, preset_name: PresetName) -> Response[str]:
        """Delete a preset; videos that were begun with it stay as they are."""
        return wire.answer(200, presets.delete(self.services, self.user(), preset_name))


def preset_table(routes: PresetRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    path = "/presets/<presetName>"
    missing = (PresetNotFound,)
    return (
        Documented("GET", "/presets", routes.list_presets, "The presets", PresetList),
        Documented("GET", path, routes.show_preset, "The preset", PresetShown, errors=missing),
        Documented(
            "PUT",
            path,
            routes.put_preset,
            "The preset",
            PresetShown,
            errors=(FontNotFound, ImageNotFound, MusicNotFound, TooManyPresets),
        ),
        Documented("DELETE", path, routes.delete_preset, "Deleted", PresetShown, errors=missing),
    )
