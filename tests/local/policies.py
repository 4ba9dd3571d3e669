"""The policies of the deployed roles, read back from the local cloud with every reference resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from local.cloud import EmbeddedCloud
from local.http.keys import STATE_MACHINES
from tests.local.recorder import Call


@dataclass(frozen=True)
class Permission:
    """One action that one role may do on one resource; `conditions` are pairs of a condition key and patterns."""

    role: str
    action: str
    resource: str
    conditions: tuple[tuple[str, tuple[str, ...]], ...]

    def allows(self, call: Call) -> bool:
        """Return whether a call of this role's is what the permission is for."""
        values = dict(call.context)
        is_met = all(
            any(fnmatchcase(values.get(key, ""), pattern) for pattern in patterns) for key, patterns in self.conditions
        )
        return is_met and fnmatchcase(call.action, self.action) and fnmatchcase(call.resource, self.resource)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def permissions(cloud: EmbeddedCloud) -> list[Permission]:
    """Return every permission of the stack's roles, which are named by their logical ids."""
    roles = [name for name, kind in types(cloud).items() if kind == "AWS::IAM::Role"]
    return [permission for role in roles for permission in _of_role(cloud, role)]


def roles_by_caller(cloud: EmbeddedCloud) -> dict[str, str]:
    """Return the logical id of the role by the access key id of whoever has it: a function, or the state machines."""
    functions = [name for name, kind in types(cloud).items() if kind == "AWS::Lambda::Function"]
    return {cloud.resources[name]: f"{name}Role" for name in functions} | {STATE_MACHINES: "PipelineRole"}


def types(cloud: EmbeddedCloud) -> dict[str, str]:
    """Return the type of each resource of the stack by its logical id."""
    rows = cloud.client("cloudformation").describe_stack_resources(StackName="Reelwright")["StackResources"]
    return {row["LogicalResourceId"]: row["ResourceType"] for row in rows}


def _of_role(cloud: EmbeddedCloud, role: str) -> Iterator[Permission]:
    iam = cloud.client("iam")
    name = cloud.resources[role]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow"
            tests = statement.get("Condition", {})
            assert tests.keys() <= {"StringEquals", "StringLike", "ForAllValues:StringLike"}
            conditions = tuple((key, tuple(many(value))) for keys in tests.values() for key, value in keys.items())
            for action in many(statement["Action"]):
                for resource in many(statement["Resource"]):
                    yield Permission(role, action, resource, conditions)
