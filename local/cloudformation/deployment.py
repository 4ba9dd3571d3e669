"""Say what CloudFormation is told to deploy.

Touches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def arguments(name: str, template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of CreateStack and UpdateStack for a stack of that name."""
    return {
        "StackName": name,
        "TemplateBody": json.dumps({**template, "Parameters": _parameters_used(template)}),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    }


def _parameters_used(template: Mapping[str, Any]) -> dict[str, Any]:
    # CDK's check of the bootstrap version reads an SSM parameter that no laptop has.
    parameters: Mapping[str, Any] = template.get("Parameters", {})
    return {name: entry for name, entry in parameters.items() if name != "BootstrapVersion"}
