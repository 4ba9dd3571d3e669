"""Read a REST API's routes, preflights, error headers and body schemas from a CloudFormation template.

Touches nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Template = Mapping[str, Any]
_FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version")


@dataclass(frozen=True)
class Mock:
    """What a MOCK integration answers; it is how CDK makes a CORS preflight."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class GatewayRoute:
    """One method of one resource.

    `pool` is the logical id of the user pool whose tokens it wants, `schema` the JSON schema of its body.
    """

    method: str
    resource: str
    function: str | None
    mock: Mock | None
    pool: str | None
    schema: Mapping[str, Any] | None
    pattern: re.Pattern[str] = field(repr=False)

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the path parameters when the request is for this route."""
        match = self.pattern.fullmatch(path) if self.method in (method, "ANY") else None
        return {name: unquote(value) for name, value in match.groupdict().items()} if match else None


@dataclass(frozen=True)
class GatewayResponse:
    """How API Gateway answers by itself: headers, another status if one is set, the body's template."""

    headers: Mapping[str, str]
    status: int | None = None
    template: str = '{"message": $context.error.messageString}'

    def body(self, kind: str, message: str, request_id: str) -> str:
        """Return the body, with the template's variables filled in."""
        values = {
            "$context.error.messageString": json.dumps(message),
            "$context.error.responseType": kind,
            "$context.requestId": request_id,
        }
        return re.sub(r"\$context\.[A-Za-z.]*[A-Za-z]", lambda match: values.get(match[0], ""), self.template)


@dataclass(frozen=True)
class Api:
    """A whole REST API; `responses` are by gateway response type."""

    stage: str
    routes: tuple[GatewayRoute, ...]
    responses: Mapping[str, GatewayResponse]
    clients: frozenset[str]

    def find(self, method: str, path: str) -> tuple[GatewayRoute, dict[str, str]] | None:
        """Return the route for a request and its path parameters; a literal path wins over one with parameters."""
        for route in self.routes:
            parameters = route.match(method, path)
            if parameters is not None:
                return route, parameters
        return None

    def response_of(self, kind: str, status: int) -> GatewayResponse:
        """Return the gateway response such as `UNAUTHORIZED`, by its own description or by the default of its class."""
        return self.responses.get(kind) or self.responses.get(f"DEFAULT_{status // 100}XX") or GatewayResponse({})


def read_api(template: Template, resolve: Mapping[str, str]) -> Api:
    """Return the API that a template describes; `resolve` maps logical ids to physical ones.

    Raises KeyError when a part of it is missing.
    """
    resources: Mapping[str, Any] = template["Resources"]
    routes = [_route(resources, props) for _, props in _of_type(resources, "AWS::ApiGateway::Method")]
    stages = [props["StageName"] for _, props in _of_type(resources, "AWS::ApiGateway::Stage")]
    clients = [name for name, _ in _of_type(resources, "AWS::Cognito::UserPoolClient")]
    return Api(
        stage=stages[0] if stages else "",
        routes=tuple(sorted(routes, key=lambda route: (route.resource.count("{"), route.method == "ANY"))),
        responses={
            props["ResponseType"]: _gateway_response(props)
            for _, props in _of_type(resources, "AWS::ApiGateway::GatewayResponse")
        },
        clients=frozenset(resolve[name] for name in clients),
    )


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return [(name, entry.get("Properties", {})) for name, entry in resources.items() if entry["Type"] == kind]


def _route(resources: Mapping[str, Any], props: Mapping[str, Any]) -> GatewayRoute:
    resource = _path(resources, props["ResourceId"]) or "/"
    integration = props.get("Integration", {})
    is_mock = integration.get("Type") == "MOCK"
    return GatewayRoute(
        method=props["HttpMethod"],
        resource=resource,
        function=None if is_mock else _resource_name(resources, integration.get("Uri"), _FUNCTION_TYPES),
        mock=_mock(integration) if is_mock else None,
        pool=_pool(resources, props),
        schema=_schema(resources, props),
        pattern=_pattern(resource),
    )


def _path(resources: Mapping[str, Any], resource_id: Mapping[str, Any]) -> str:
    if "Ref" not in resource_id:
        return ""  # Fn::GetAtt RootResourceId
    props = resources[resource_id["Ref"]]["Properties"]
    return f"{_path(resources, props['ParentId'])}/{props['PathPart']}"


def _pattern(resource: str) -> re.Pattern[str]:
    greedy = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", resource.replace(".", r"\."))
    # API Gateway overlooks a slash at the end of a path.
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", greedy) + "/?")


def _resource_name(resources: Mapping[str, Any], value: object, types: tuple[str, ...]) -> str | None:
    # The one resource of these types that an expression (Ref, GetAtt, Join or Sub) names.
    words = re.findall(r"\w+", json.dumps(value))
    return next((word for word in words if word in resources and resources[word]["Type"] in types), None)


def _pool(resources: Mapping[str, Any], props: Mapping[str, Any]) -> str | None:
    if props.get("AuthorizationType") != "COGNITO_USER_POOLS":
        return None
    authorizer = resources[props["AuthorizerId"]["Ref"]]["Properties"]
    return _resource_name(resources, authorizer["ProviderARNs"], ("AWS::Cognito::UserPool",))


def _schema(resources: Mapping[str, Any], props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    validator = resources.get(props.get("RequestValidatorId", {}).get("Ref", ""), {}).get("Properties", {})
    model = props.get("RequestModels", {}).get("application/json", {}).get("Ref")
    if not validator.get("ValidateRequestBody") or model not in resources:
        return None
    return resources[model]["Properties"]["Schema"]


def _gateway_response(props: Mapping[str, Any]) -> GatewayResponse:
    headers = _headers(props.get("ResponseParameters", {}))
    status = props.get("StatusCode")
    template = props.get("ResponseTemplates", {}).get("application/json", GatewayResponse.template)
    return GatewayResponse(headers, int(status) if status else None, template)


def _mock(integration: Mapping[str, Any]) -> Mock:
    answer = integration["IntegrationResponses"][0]
    return Mock(int(answer["StatusCode"]), _headers(answer.get("ResponseParameters", {})))


def _headers(parameters: Mapping[str, Any]) -> dict[str, str]:
    # {"gatewayresponse.header.X": "'value'"}; a value that is worked out at deployment is of no use on a laptop.
    return {
        name.partition(".header.")[2]: value.strip("'") for name, value in parameters.items() if isinstance(value, str)
    }
