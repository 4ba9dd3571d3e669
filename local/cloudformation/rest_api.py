"""Make the parts of a REST API that moto lacks or makes wrongly, so that AWS's own tools can list them.

Touches moto's in-memory API Gateway; the requests themselves are served by `local.apigateway.gateway`.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# moto ships no types for its internals, which this module calls.

from __future__ import annotations

from collections.abc import Mapping

from moto.apigateway.models import apigateway_backends

from local.cloudformation.kinds import Kind, Place, Props, Resource


def _authorizer(name: str, props: Props, place: Place) -> Resource:
    authorizer = place.of(apigateway_backends).create_authorizer(
        props["RestApiId"],
        props.get("Name", name),
        props["Type"],
        provider_arns=props.get("ProviderARNs"),
        identity_source=props.get("IdentitySource"),
    )
    return Resource(authorizer.id, {"AuthorizerId": authorizer.id})


def _method(name: str, props: Props, place: Place) -> Resource:
    # moto's own needs an IntegrationHttpMethod, which the MOCK integration of a CORS preflight does not have.
    backend = place.of(apigateway_backends)
    where = (props["RestApiId"], props["ResourceId"], props["HttpMethod"])
    backend.put_method(*where, props.get("AuthorizationType"), authorizer_id=props.get("AuthorizerId"))
    integration = props.get("Integration", {})
    backend.put_integration(
        *where,
        integration.get("Type"),
        integration.get("Uri"),
        integration.get("IntegrationHttpMethod", "POST"),
        request_templates=integration.get("RequestTemplates"),
    )
    return Resource(name)


def _deployment(_: str, props: Props, place: Place) -> Resource:
    # moto's own has no physical id.
    api = place.of(apigateway_backends).get_rest_api(props["RestApiId"])
    api_deployment = api.create_deployment(props.get("StageName"), props.get("Description", ""), {})
    return Resource(api_deployment.id, {"DeploymentId": api_deployment.id})


def _stage(_: str, props: Props, place: Place) -> Resource:
    place.of(apigateway_backends).create_stage(
        props["RestApiId"],
        props["StageName"],
        props["DeploymentId"],
        tracing_enabled=props.get("TracingEnabled"),
    )
    return Resource(props["StageName"])


KINDS: Mapping[str, Kind] = {
    "AWS::ApiGateway::Authorizer": Kind(_authorizer),
    "AWS::ApiGateway::Method": Kind(_method),
    "AWS::ApiGateway::Deployment": Kind(_deployment),
    "AWS::ApiGateway::Stage": Kind(_stage),
}
