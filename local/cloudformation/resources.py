"""Make each resource type of the stack that moto lacks or makes wrongly, one small function a type.

Touches moto's in-memory backends of the services concerned.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# moto ships no types for its internals, which this module calls.

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.cognitoidp.models import cognitoidp_backends
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.s3.models import FakeBucket, s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.clients import ACCOUNT
from local.cloudformation import names as naming
from local.cloudformation import rest_api
from local.cloudformation.kinds import Extended, Kind, Place, Props, Resource


def _secret(name: str, props: Props, place: Place) -> Resource:
    length = props.get("GenerateSecretString", {}).get("PasswordLength", 32)
    source = naming.source()
    made_up = "".join(source.choice(string.ascii_letters + string.digits) for _ in range(length))
    value = props.get("SecretString") or made_up
    secret: Mapping[str, str] = json.loads(
        place.of(secretsmanager_backends).create_secret(
            props.get("Name", name), value, None, props.get("Description"), [], None, None, [], False
        )
    )
    return Resource(secret["ARN"], {"Id": secret["ARN"]})


def _without(props: Props, *names: str) -> Props:
    return {name: value for name, value in props.items() if name not in names}


def _user_pool(name: str, props: Props, place: Place) -> Resource:
    settings = _without(props, "UserPoolName", "UserPoolTags")
    pool = place.of(cognitoidp_backends).create_user_pool(props.get("UserPoolName", name), settings)
    provider = f"cognito-idp.{place.region}.amazonaws.com/{pool.id}"
    names = {"Arn": pool.arn, "UserPoolId": pool.id, "ProviderName": provider}
    return Resource(pool.id, {**names, "ProviderURL": f"https://{provider}"})


def _user_pool_client(name: str, props: Props, place: Place) -> Resource:
    settings = {"ClientName": name, **_without(props, "UserPoolId", "GenerateSecret")}
    client = place.of(cognitoidp_backends).create_user_pool_client(
        props["UserPoolId"], props.get("GenerateSecret", False), settings
    )
    return Resource(client.id, {"ClientId": client.id})


_ALARM_DEFAULTS: Props = {
    "Namespace": None,
    "MetricName": None,
    "Period": None,
    "Threshold": None,
    "Statistic": None,
    "Dimensions": [],
    "AlarmActions": [],
    "TreatMissingData": None,
}
_ALARM_ARGUMENTS = {
    "Namespace": "namespace",
    "MetricName": "metric_name",
    "Period": "period",
    "Threshold": "threshold",
    "Statistic": "statistic",
    "Dimensions": "dimensions",
    "AlarmActions": "alarm_actions",
    "TreatMissingData": "treat_missing_data",
    "ComparisonOperator": "comparison_operator",
    "EvaluationPeriods": "evaluation_periods",
}


def _alarm(name: str, props: Props, place: Place) -> Resource:
    properties = {**_ALARM_DEFAULTS, **props}
    alarm = place.of(cloudwatch_backends).put_metric_alarm(
        name=props.get("AlarmName", name),
        description=props.get("AlarmDescription"),
        **{argument: properties[prop] for prop, argument in _ALARM_ARGUMENTS.items()},
    )
    return Resource(alarm.name, {"Arn": alarm.alarm_arn})


def _definition(props: Props, place: Place) -> str:
    if "DefinitionS3Location" in props:
        at = props["DefinitionS3Location"]
        text: str = place.of(s3_backends).get_object(at["Bucket"], at["Key"]).value.decode()
    else:
        text = props.get("DefinitionString") or json.dumps(props["Definition"])
    for name, value in props.get("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", str(value))
    return text


def _state_machine(name: str, props: Props, place: Place) -> Resource:
    # moto's own goes to the backend that does not execute, and ignores the substitutions.
    machine = place.of(stepfunctions_parser_backends).create_state_machine(
        props.get("StateMachineName", name),
        _definition(props, place),
        props["RoleArn"],
        [],
        sm_type=props.get("StateMachineType"),
    )
    return Resource(machine.arn, {"Arn": machine.arn, "Name": machine.name})


def _change_state_machine(resource: Resource, props: Props, place: Place) -> None:
    place.of(stepfunctions_parser_backends).update_state_machine(
        resource.physical_resource_id, definition=_definition(props, place), role_arn=props["RoleArn"]
    )


_CORS_NAMES = {
    "AllowedMethods": "AllowedMethod",
    "AllowedOrigins": "AllowedOrigin",
    "AllowedHeaders": "AllowedHeader",
    "ExposedHeaders": "ExposeHeader",
}
_LIFECYCLE_DEFAULTS: Props = {"Status": "Enabled", "Prefix": ""}


def _configure_bucket(bucket: Any, props: Props, _: Place) -> None:
    rules = props.get("CorsConfiguration", {}).get("CorsRules", [])
    if rules:
        bucket.set_cors([{new: rule[old] for old, new in _CORS_NAMES.items() if old in rule} for rule in rules])
    # Without it moto would keep one version only, and a deletion would have nothing to leave behind.
    bucket.versioning_status = props.get("VersioningConfiguration", {}).get("Status")
    expiring = [
        {**_LIFECYCLE_DEFAULTS, "ID": rule.get("Id"), **_lifecycle_rule(rule)}
        for rule in props.get("LifecycleConfiguration", {}).get("Rules", [])
    ]
    if expiring:
        bucket.set_lifecycle(expiring)


def _lifecycle_rule(rule: Props) -> Props:
    # The rest of a lifecycle rule (transitions, unfinished uploads) has no effect on a laptop.
    prefix = {name: rule[name] for name in ("Prefix", "Status") if name in rule}
    days = {"Expiration": {"Days": rule["ExpirationInDays"]}} if "ExpirationInDays" in rule else {}
    return {**prefix, **days}


def _configure_table(table: Any, props: Props, place: Place) -> None:
    backend = place.of(dynamodb_backends)
    if "TimeToLiveSpecification" in props and not table.ttl.get("AttributeName"):
        backend.update_time_to_live(table.name, props["TimeToLiveSpecification"])
    if "PointInTimeRecoverySpecification" in props:
        backend.update_continuous_backups(table.name, props["PointInTimeRecoverySpecification"])


def _layer(name: str, _: Props, place: Place) -> Resource:
    # moto's own has no physical id, and wants the archive that only a real deployment uploads.
    content = {"Content": {"ZipFile": ""}, "LayerName": name}
    layer = place.of(lambda_backends).publish_layer_version(content)
    return Resource(layer.arn, {"LayerVersionArn": layer.arn})


def _code(props: Props) -> Props:
    # The committed template names archives that nobody uploaded: those functions are imported from disk.
    if props["Code"].get("S3Bucket") in s3_backends[ACCOUNT]["aws"].buckets:
        return props
    return {**props, "Code": {"ZipFile": ""}}


def _configure_function(function: Any, props: Props, _: Place) -> None:
    # moto keeps the old variables when an update leaves none.
    function.environment_vars = props.get("Environment", {}).get("Variables", {})


def _null(name: str, _: Props, __: Place) -> Resource:
    return Resource(name, {"Id": name, "Arn": name, "DomainName": "localhost", "Ref": name})


KINDS: Mapping[str, Kind | Extended] = {
    "AWS::SecretsManager::Secret": Kind(_secret),
    "AWS::Cognito::UserPool": Kind(_user_pool),
    "AWS::Cognito::UserPoolClient": Kind(_user_pool_client),
    "AWS::CloudWatch::Alarm": Kind(_alarm),
    "AWS::StepFunctions::StateMachine": Kind(_state_machine, _change_state_machine),
    "AWS::S3::Bucket": Extended(FakeBucket, _configure_bucket),
    "AWS::DynamoDB::Table": Extended(Table, _configure_table),
    "AWS::Lambda::Function": Extended(LambdaFunction, _configure_function, _code),
    "AWS::Lambda::LayerVersion": Kind(_layer),
    **rest_api.KINDS,
}

NULL = Kind(_null)

# Types without an effect on a laptop, and why.
NULL_TYPES: Mapping[str, str] = {
    "AWS::ApiGateway::Account": "says where API Gateway logs",
    "AWS::ApiGateway::GatewayResponse": "the gateway reads it from the template",
    "AWS::ApiGateway::Model": "the gateway reads it from the template",
    "AWS::ApiGateway::RequestValidator": "the gateway reads it from the template",
    "AWS::ApiGateway::UsagePlan": "no limits are enforced",
    "AWS::CDK::Metadata": "CDK's own bookkeeping",
    "AWS::CloudFront::CachePolicy": "the web page is served by the command line",
    "AWS::CloudFront::Distribution": "the web page is served by the command line",
    "AWS::CloudFront::Function": "the web page is served by the command line",
    "AWS::CloudFront::OriginAccessControl": "the web page is served by the command line",
    "AWS::CloudFront::ResponseHeadersPolicy": "the web page is served by the command line",
    "AWS::CloudWatch::CompositeAlarm": "no metrics are written",
    "AWS::Lambda::EventInvokeConfig": "the event bus repeats a call twice, sooner",
    "AWS::Lambda::Permission": "no permission is enforced",
    "AWS::Logs::MetricFilter": "no metrics are written",
    "AWS::S3::BucketPolicy": "no permission is enforced",
    "AWS::SNS::Subscription": "no mail leaves the laptop",
    "AWS::SNS::TopicPolicy": "no permission is enforced",
    "AWS::SQS::QueuePolicy": "no permission is enforced",
    "AWS::WAFv2::WebACL": "only the laptop can call",
    "AWS::WAFv2::WebACLAssociation": "only the laptop can call",
}

# Custom resources run a Lambda of CDK's own during a deployment: emptying a bucket, copying the web page.
NULL_PREFIXES = ("Custom::", "AWS::CloudFormation::CustomResource")
