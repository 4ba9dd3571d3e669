"""The CloudWatch metrics of a deployment, as the alarms and the dashboard read them.

Defines no resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigw
from aws_cdk import aws_cloudwatch as cw
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from cdk.config import DeployConfig
from shared.observability import metric_names
from shared.observability.metric_names import Metric

# Stages whose functions nothing but events call.
CALLED_BY_EVENTS = ("webhook", "mail", "check_image")


@dataclass(frozen=True)
class Watched:
    """What is watched; `functions` are by stage, `api` is None when the API is not ours alone."""

    machine: sfn.StateMachine
    functions: Mapping[str, lambda_.Function]
    dead_letters: sqs.Queue
    api: apigw.RestApiBase | None


def own_api(config: DeployConfig) -> bool:
    """Return whether the API is this stack's: the metrics of another mix its routes with ours."""
    return not config.rest_api_id


def custom(metric: Metric, period: Duration, statistic: str = "Sum", stage: str = "") -> cw.Metric:
    """Return a metric that the functions write; `stage` is given for a metric with that dimension."""
    dimensions = {"service": metric_names.SERVICE, **({metric_names.STAGE: stage} if stage else {})}
    return cw.Metric(
        namespace=metric_names.NAMESPACE,
        metric_name=metric.name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=period,
        # An alarm with a label would have to be an expression.
        label=stage or None,
    )


def waited_for(functions: Mapping[str, lambda_.Function]) -> list[lambda_.Function]:
    """Return the functions whose start something waits for, of all by their stages.

    An alarm adds up ten metrics at most; what is called by events only is started by Lambda itself as soon as it can.
    """
    return [function for stage, function in functions.items() if stage not in CALLED_BY_EVENTS]


def sum_over(name: str, functions: Iterable[lambda_.Function], period: Duration) -> cw.MathExpression:
    """Return the sum of a metric of Lambda's, such as Throttles, over all functions."""
    each = {
        f"m{number}": cast("cw.IMetric", function.metric(name, period=period, statistic="Sum"))
        for number, function in enumerate(functions)
    }
    return cw.MathExpression(expression=f"SUM([{','.join(each)}])", using_metrics=each, period=period, label=name)
