"""A small stack with every resource type of the real one, for the tests of the local cloud."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.local.stack_api import API

DEFINITION = {
    "QueryLanguage": "JSONata",
    "StartAt": "Run",
    "States": {
        "Run": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${EchoFunctionArn}", "Payload": "{% $states.input %}"},
            "Output": "{% $states.result.Payload %}",
            "TimeoutSeconds": 60,
            "Catch": [
                {"ErrorEquals": ["BudgetExceeded"], "Output": "{% $states.errorOutput %}", "Next": "Poor"},
                {"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput %}", "Next": "Other"},
            ],
            "End": True,
        },
        "Poor": {"Type": "Pass", "Output": {"poor": "{% $states.input %}"}, "End": True},
        "Other": {"Type": "Pass", "Output": {"other": "{% $states.input %}"}, "End": True},
    },
}

ROLE = {
    "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
}


def function(handler: str, **props: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": handler,
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"S3Bucket": "assets", "S3Key": "code.zip"},
            "Environment": {"Variables": {"TABLE_NAME": {"Ref": "Table"}, "SPEED": {"Ref": "Speed"}}},
            "Layers": [{"Ref": "Layer"}],
            "Timeout": 30,
            "MemorySize": 512,
            **props,
        },
        "DependsOn": ["Policy"],
    }


STORAGE: dict[str, Any] = {
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "video_id", "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": "video_id", "AttributeType": "S"},
                {"AttributeName": "user_id", "AttributeType": "S"},
            ],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by_user",
                    "KeySchema": [{"AttributeName": "user_id", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    },
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "CorsConfiguration": {
                "CorsRules": [
                    {
                        "AllowedMethods": ["PUT", "POST"],
                        "AllowedOrigins": ["*"],
                        "AllowedHeaders": ["*"],
                        "ExposedHeaders": ["ETag"],
                        "MaxAge": 3000,
                    }
                ]
            },
            "LifecycleConfiguration": {
                "Rules": [{"Id": "temp", "Prefix": "ai-temp/", "Status": "Enabled", "ExpirationInDays": 7}]
            },
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        },
    },
    "BucketPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Statement": []}},
    },
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}},
    "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"AutoVerifiedAttributes": ["email"]}},
    "PoolClient": {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "UserPoolId": {"Ref": "Pool"},
            "GenerateSecret": False,
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        },
    },
}

COMPUTE: dict[str, Any] = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": ROLE},
    "Policy": {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "read",
            "Roles": [{"Ref": "Role"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "secretsmanager:GetSecretValue",
                        "Resource": {"Ref": "Secret"},
                    }
                ],
            },
        },
    },
    "Layer": {
        "Type": "AWS::Lambda::LayerVersion",
        "Properties": {"Content": {"S3Bucket": "assets", "S3Key": "layer.zip"}},
    },
    "EchoFunction": function("tests.local.handlers.echo.handler", FunctionName="echo"),
    "ApiFunction": function("tests.local.handlers.echo.api", FunctionName="api"),
    "Allow": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {"FunctionName": {"Ref": "ApiFunction"}, "Action": "lambda:InvokeFunction"},
    },
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 14}},
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": json.dumps(DEFINITION),
            "DefinitionSubstitutions": {"EchoFunctionArn": {"Fn::GetAtt": ["EchoFunction", "Arn"]}},
        },
    },
}

OBSERVING: dict[str, Any] = {
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "Namespace": "AWS/States",
            "MetricName": "ExecutionsFailed",
            "Period": 300,
            "Statistic": "Sum",
            "AlarmActions": [{"Ref": "Topic"}],
        },
    },
    "Dashboard": {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardBody": {"Fn::Join": ["", ['{"alarm":"', {"Fn::GetAtt": ["Alarm", "Arn"]}, '"}']]}},
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "State": "ENABLED",
            "EventPattern": {"source": ["aws.states"], "detail": {"status": ["FAILED"]}},
            "Targets": [{"Id": "Target0", "Arn": {"Ref": "Topic"}}],
        },
    },
    "Access": {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": {}},
    "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
    "Metadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2"}},
    "Empty": {"Type": "Custom::S3AutoDeleteObjects", "Properties": {"ServiceToken": "x"}},
}

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Speed": {"Type": "String", "Default": "slow"},
        "BootstrapVersion": {
            "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": "/cdk-bootstrap/hnb659fds/version",
        },
    },
    "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
    "Resources": {**STORAGE, **COMPUTE, **API, **OBSERVING},
    "Outputs": {
        "ApiUrl": {
            "Value": {
                "Fn::Join": ["", ["https://", {"Ref": "Api"}, ".execute-api.", {"Ref": "AWS::URLSuffix"}, "/v1/"]]
            }
        },
        "MachineArn": {"Value": {"Ref": "Machine"}},
        "PoolId": {"Value": {"Ref": "Pool"}},
        "ProviderUrl": {"Value": {"Fn::GetAtt": ["Pool", "ProviderURL"]}},
        "SiteDomain": {"Value": {"Fn::GetAtt": ["Site", "DomainName"]}},
    },
}


def template() -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(TEMPLATE)
