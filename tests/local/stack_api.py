"""The REST API of the small stack: guarded and open methods, answers for browsers, and a stage."""

from __future__ import annotations

from typing import Any

CORS = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
    "gatewayresponse.header.Access-Control-Allow-Headers": "'*'",
}


def method(verb: str, resource: Any, **props: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "HttpMethod": verb,
            "ResourceId": resource,
            "RestApiId": {"Ref": "Api"},
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "AWS_PROXY",
                "IntegrationHttpMethod": "POST",
                "Uri": {
                    "Fn::Join": [
                        "",
                        [
                            "arn:",
                            {"Ref": "AWS::Partition"},
                            ":apigateway:us-east-1:lambda:path/2015-03-31/functions/",
                            {"Fn::GetAtt": ["ApiFunction", "Arn"]},
                            "/invocations",
                        ],
                    ]
                },
            },
            **props,
        },
    }


def preflight(resource: Any) -> dict[str, Any]:
    answer = {
        "StatusCode": "204",
        "ResponseParameters": {
            "method.response.header.Access-Control-Allow-Origin": "'*'",
            "method.response.header.Access-Control-Allow-Methods": "'OPTIONS,GET'",
        },
    }
    integration = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": "{ statusCode: 200 }"},
        "IntegrationResponses": [answer],
    }
    return method("OPTIONS", resource, Integration=integration)


GUARDED = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Authorizer"}}


def resource(parent: Any, part: str) -> dict[str, Any]:
    return {
        "Type": "AWS::ApiGateway::Resource",
        "Properties": {"ParentId": parent, "PathPart": part, "RestApiId": {"Ref": "Api"}},
    }


ROOT = {"Fn::GetAtt": ["Api", "RootResourceId"]}

API: dict[str, Any] = {
    "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}},
    "ApiAccount": {"Type": "AWS::ApiGateway::Account", "Properties": {}},
    "Videos": resource(ROOT, "videos"),
    "Video": resource({"Ref": "Videos"}, "{videoId}"),
    "Authorizer": {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "Name": "pool",
            "Type": "COGNITO_USER_POOLS",
            "RestApiId": {"Ref": "Api"},
            "ProviderARNs": [{"Fn::GetAtt": ["Pool", "Arn"]}],
            "IdentitySource": "method.request.header.Authorization",
        },
    },
    "Validator": {
        "Type": "AWS::ApiGateway::RequestValidator",
        "Properties": {"RestApiId": {"Ref": "Api"}, "ValidateRequestBody": True},
    },
    "Body": {
        "Type": "AWS::ApiGateway::Model",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ContentType": "application/json",
            "Schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    },
    "Error4": {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResponseType": "DEFAULT_4XX",
            "ResponseParameters": CORS,
        },
    },
    "GetRoot": method("GET", ROOT),
    "PostVideos": method(
        "POST",
        {"Ref": "Videos"},
        **GUARDED,
        RequestValidatorId={"Ref": "Validator"},
        RequestModels={"application/json": {"Ref": "Body"}},
    ),
    "OptionsVideos": preflight({"Ref": "Videos"}),
    "GetVideo": method("GET", {"Ref": "Video"}, **GUARDED),
    "Deployment": {
        "Type": "AWS::ApiGateway::Deployment",
        "Properties": {"RestApiId": {"Ref": "Api"}},
        "DependsOn": ["GetRoot", "PostVideos", "OptionsVideos", "GetVideo"],
    },
    "Stage": {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "StageName": "v1",
            "DeploymentId": {"Ref": "Deployment"},
        },
    },
}
