"""Teach moto's CloudFormation the resource types of the stack that it lacks or makes wrongly.

Touches moto's table of resource types and its Step Functions interpreter, in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# moto ships no types for its internals, which this package extends.

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.core.config import default_user_config

from local.cloudformation import interpreter, waits
from local.cloudformation.resources import KINDS, NULL, NULL_PREFIXES, NULL_TYPES

_moto_class: Callable[[str], Any] = parsing.resource_class_from_type
_moto_template: Callable[[str], dict[str, Any]] = Stack.parse_template


def kind_of(resource_type: str) -> Any:
    """Return what makes resources of a CloudFormation type.

    Returns our own maker, moto's class, or the no-op for the types of `NULL_TYPES`. Raises moto's ValidationError,
    which reaches the caller of create_stack, for any other type.
    """
    if resource_type in KINDS:
        return KINDS[resource_type]
    if resource_type in NULL_TYPES or resource_type.startswith(NULL_PREFIXES):
        return NULL
    if resource_type not in parsing.get_model_map():
        raise ValidationError(message=f"the local cloud does not know the resource type {resource_type}")
    return _moto_class(resource_type)


def template_of(template: str) -> dict[str, Any]:
    """Return what a template in JSON or YAML says; raises what moto does for what is neither."""
    try:
        return json.loads(template)
    except ValueError:
        return _moto_template(template)


def install(client: interpreter.ClientFactory, share: float = 1.0) -> None:
    """Plug everything into moto; calling it again only replaces `client` and `share`.

    `client` makes the boto3 client of a service, by which state machines call the moto server; `share` is how much they
    wait of what they would in the cloud.
    """
    parsing.resource_class_from_type = kind_of
    # moto reads JSON as YAML until it cannot go on, which takes a sixth of the time in which a cloud starts.
    Stack.parse_template = staticmethod(template_of)
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    interpreter.install(client)
    waits.install(share)
