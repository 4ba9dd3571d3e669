"""The base of what the REST API answers: camelCase on the wire around the record's own names.

Touches nothing.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ApiReply(BaseModel):
    """The base of every reply."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)
