"""The REST API: every route is the code's, wants a token, and refuses in a way that a browser can read."""

from __future__ import annotations

import json
from typing import Any

from cdk.api import REFUSALS
from cdk.config import LOCAL_ORIGIN
from shared.http import routes
from shared.http.problems import Problem
from shared.http.refusals import InternalError
from shared.http.routes import REQUEST_HEADERS, ROUTES
from tests.infra.conftest import ROOT, Template, text

ORIGIN = "Access-Control-Allow-Origin"


def methods(template: Template) -> dict[str, dict[str, Any]]:
    methods_of_template = template.of_type("AWS::ApiGateway::Method").values()
    return {f"{method['HttpMethod']} {path(template, method['ResourceId'])}": method for method in methods_of_template}


def path(template: Template, resource_id: dict[str, str]) -> str:
    if "Ref" not in resource_id:
        return ""
    resource = template.resources[resource_id["Ref"]]["Properties"]
    return f"{path(template, resource['ParentId'])}/{resource['PathPart']}"


def test_the_routes_are_those_of_the_function(template: Template) -> None:
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    operations = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    routes_of_gateway = {name for name in methods(template) if not name.startswith(("OPTIONS ", "ANY ", "HEAD "))}
    assert routes_of_gateway == {f"{route.method} {route.path}" for route in ROUTES} == operations


def test_a_wrong_method_reaches_the_function_which_names_the_right_ones(template: Template) -> None:
    gateway_methods = methods(template)
    assert {name for name in gateway_methods if name.startswith("ANY ")} == {f"ANY {route.path}" for route in ROUTES}


def test_every_route_wants_an_id_token_and_goes_to_the_function(template: Template) -> None:
    for name, method in methods(template).items():
        if name.startswith("OPTIONS "):
            continue
        public = name in {f"{method} {route.path}" for route in ROUTES if route.public for method in ("GET", "HEAD")}
        assert method["AuthorizationType"] == ("NONE" if public else "COGNITO_USER_POOLS"), name
        # With scopes the authorizer would want an access token, which has no e-mail address.
        assert "AuthorizationScopes" not in method
        assert method["Integration"]["Type"] == "AWS_PROXY"
        assert "<Api>" in text(method["Integration"]["Uri"])
    assert template.only("AWS::ApiGateway::Authorizer")["ProviderARNs"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]


def test_every_path_answers_a_preflight_for_the_page(template: Template) -> None:
    gateway_methods = methods(template)
    for name, method in gateway_methods.items():
        preflight = gateway_methods["OPTIONS " + name.split(" ", 1)[1]]
        assert preflight["AuthorizationType"] == "NONE"
        (answer,) = preflight["Integration"]["IntegrationResponses"]
        headers = answer["ResponseParameters"]
        assert headers[f"method.response.header.{ORIGIN}"] == f"'{LOCAL_ORIGIN}'"
        allow_methods = headers["method.response.header.Access-Control-Allow-Methods"]
        assert method["HttpMethod"] == "ANY" or method["HttpMethod"] in allow_methods
        assert allow_methods == f"'{','.join([*routes.methods(ROUTES, name.split(' ', 1)[1]), 'OPTIONS'])}'"
        assert headers["method.response.header.Access-Control-Allow-Headers"] == f"'{','.join(REQUEST_HEADERS)}'"


def test_a_body_must_be_a_json_object(template: Template) -> None:
    gateway_methods = methods(template)
    names_with_validator = {name for name, method in gateway_methods.items() if "RequestValidatorId" in method}
    assert names_with_validator == {f"{route.method} {route.path}" for route in ROUTES if route.body}
    assert {gateway_methods[name]["RequestModels"]["application/json"]["Ref"] for name in names_with_validator} == {
        "RestApiJsonObject"
    }
    assert template.only("AWS::ApiGateway::Model")["Schema"]["type"] == "object"
    assert template.only("AWS::ApiGateway::RequestValidator")["ValidateRequestBody"] is True


def test_what_api_gateway_refuses_can_be_read_by_the_page(template: Template) -> None:
    responses = {r["ResponseType"]: r for r in template.of_type("AWS::ApiGateway::GatewayResponse").values()}
    assert set(responses) == {refusal.type for refusal in REFUSALS}
    for response in responses.values():
        assert response["ResponseParameters"][f"gatewayresponse.header.{ORIGIN}"] == f"'{LOCAL_ORIGIN}'"
        body = response["ResponseTemplates"]["application/json"]
        answer = body.replace("$context.error.messageString", '"words"')
        assert not Problem.model_validate_json(answer).charged
    assert responses["THROTTLED"]["ResponseParameters"]["gatewayresponse.header.Retry-After"] == "'5'"
    expose_headers = responses["THROTTLED"]["ResponseParameters"][
        "gatewayresponse.header.Access-Control-Expose-Headers"
    ]
    assert expose_headers == "'Retry-After'"


def test_a_refusal_of_api_gateway_has_the_status_of_the_functions_own() -> None:
    for refusal in REFUSALS:
        # What the function could not answer is 502 or 504 there, and 500 here.
        assert refusal.status in (None, refusal.error.status) or refusal.error is InternalError


def test_the_page_is_the_same_everywhere(template: Template) -> None:
    assert template.functions()["Api"]["Environment"]["Variables"]["ALLOWED_ORIGINS"] == LOCAL_ORIGIN


def test_the_stage_is_throttled_logged_and_traced(template: Template) -> None:
    stage = template.only("AWS::ApiGateway::Stage")
    settings, *of_public = stage["MethodSettings"]
    names = {f"{each['HttpMethod']} {each['ResourcePath'].replace('~1', '/').removeprefix('/')}" for each in of_public}
    assert names == {f"{route.method} {route.path}" for route in ROUTES if route.public}
    assert {(each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"]) for each in of_public} == {(10, 30)}
    assert {each["LoggingLevel"] for each in of_public} == {"ERROR"}
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (50, 100)
    assert settings["LoggingLevel"] == "ERROR"
    assert settings["DataTraceEnabled"] is False
    assert stage["TracingEnabled"] is True
    assert "RestApiLogs" in str(stage["AccessLogSetting"]["DestinationArn"])
    log_format = json.loads(stage["AccessLogSetting"]["Format"])
    assert log_format["user"] == "$context.authorizer.claims.sub"
    # The path that was asked for holds ids, and a query may hold a cursor.
    assert "$context.path" not in log_format.values()
    # Without this role API Gateway cannot log in an account that never had one.
    assert template.only("AWS::ApiGateway::Account")["CloudWatchRoleArn"]


def test_users_are_invited_and_can_sign_in_without_a_secret(template: Template) -> None:
    pool = template.only("AWS::Cognito::UserPool")
    client = template.only("AWS::Cognito::UserPoolClient")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["AliasAttributes"] == ["email"]
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert client["GenerateSecret"] is False
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_the_outputs_name_what_an_operator_needs(template: Template) -> None:
    assert set(template.body["Outputs"]) == {
        "ApiUrl",
        "BucketName",
        "DashboardUrl",
        "SecretArn",
        "SiteUrl",
        "StateMachineArn",
        "StateMachineConsoleUrl",
        "WebhookSecretArn",
        "TableName",
        "UserPoolClientId",
        "UserPoolId",
    }
