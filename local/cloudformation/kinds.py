"""Describe how one CloudFormation resource type is made, in the shape that moto's parser calls.

Touches nothing itself; the functions it is given touch moto's backends.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# moto ships no types for its internals, which this module's classes stand in for.

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

Props = dict[str, Any]


class Place(NamedTuple):
    """The account and region that a stack is created in."""

    account: str
    region: str

    def of(self, backends: Any) -> Any:
        """Return the backend of a service at this place; services without regions keep theirs under `aws`."""
        regions = backends[self.account]
        return regions[self.region] if self.region in regions else regions["aws"]


@dataclass
class Resource:
    """A resource that exists: what `Ref` and `Fn::GetAtt` answer."""

    physical_resource_id: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])

    def get_cfn_attribute(self, name: str) -> str:
        """Return the value of `Fn::GetAtt`. Raises moto's template error when there is no such attribute."""
        if name not in self.attributes:
            raise UnformattedGetAttTemplateException
        return self.attributes[name]

    def is_created(self) -> bool:
        """Return whether it can be used; nothing here takes time."""
        return True


def _leave_unchanged(resource: Resource, props: Props, place: Place) -> None:  # noqa: ARG001 - the shape is fixed
    return None


@dataclass(frozen=True)
class Kind:
    """A type that moto lacks: how to create it and, where an update matters, how to change it.

    Deleting a stack leaves these resources: the whole cloud is thrown away at its end.
    """

    create: Callable[[str, Props, Place], Resource]
    change: Callable[[Resource, Props, Place], None] = _leave_unchanged

    def has_cfn_attr(self, _: str) -> bool:
        """Return whether outputs may name the attribute; the resource itself is asked when it exists."""
        return True

    def create_from_cloudformation_json(
        self, resource_name: str, cloudformation_json: Props, account_id: str, region_name: str, **_: Any
    ) -> Resource:
        """Return a new resource of this type."""
        props = cloudformation_json.get("Properties", {})
        return self.create(resource_name, props, Place(account_id, region_name))

    def update_from_cloudformation_json(
        self,
        original_resource: Resource,
        new_resource_name: str,  # noqa: ARG002 - moto passes it by name
        cloudformation_json: Props,
        account_id: str,
        region_name: str,
    ) -> Resource:
        """Return the same resource, brought to its new properties."""
        props = cloudformation_json.get("Properties", {})
        self.change(original_resource, props, Place(account_id, region_name))
        return original_resource

    def delete_from_cloudformation_json(self, *_: Any) -> None:
        """Leave the resource alone."""


def _same(props: Props) -> Props:
    return props


@dataclass(frozen=True)
class Extended:
    """A type that moto makes incompletely: its own class, with a step before and a step after."""

    base: Any
    after: Callable[[Any, Props, Place], None]
    before: Callable[[Props], Props] = _same

    def __getattr__(self, name: str) -> Any:
        # Everything but creation and update is moto's.
        return getattr(self.base, name)

    def create_from_cloudformation_json(
        self, resource_name: str, cloudformation_json: Props, account_id: str, region_name: str, **extra: Any
    ) -> Any:
        """Return moto's resource, completed."""
        props = self.before(cloudformation_json.get("Properties", {}))
        document = {**cloudformation_json, "Properties": props}
        resource = self.base.create_from_cloudformation_json(resource_name, document, account_id, region_name, **extra)
        self.after(resource, props, Place(account_id, region_name))
        return resource

    def update_from_cloudformation_json(
        self,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Props,
        account_id: str,
        region_name: str,
    ) -> Any:
        """Return moto's update, completed; the old resource where moto has no update for the type."""
        props = self.before(cloudformation_json.get("Properties", {}))
        update = self.base.update_from_cloudformation_json
        resource = original_resource
        if not hasattr(update, "__isabstractmethod__"):
            document = {**cloudformation_json, "Properties": props}
            resource = update(original_resource, new_resource_name, document, account_id, region_name)
        self.after(resource, props, Place(account_id, region_name))
        return resource
