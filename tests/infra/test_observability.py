"""What an operator watches: every custom metric is shown, and every alarm reaches somebody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk.functions import STAGES
from shared.observability.metric_names import METRICS, NAMESPACE, STAGE_SECONDS, VIDEOS_UNSIGNED
from tests.infra.conftest import ROOT, Template, text
from tests.infra.test_beside import beside

ALARM = "AWS::CloudWatch::Alarm"


def metric_rows(template: Template) -> list[list[Any]]:
    """Return every metric row of the dashboard."""
    body = json.loads(text(template.only("AWS::CloudWatch::Dashboard")["DashboardBody"]))
    return [row for widget in body["widgets"] for row in widget["properties"].get("metrics", [])]


def test_every_custom_metric_is_shown_with_its_dimensions(template: Template) -> None:
    rows = [row for row in metric_rows(template) if row[0] == NAMESPACE]
    # Of what cannot be signed an alarm tells, where anything is.
    assert {row[1] for row in rows} == {metric.name for metric in METRICS if metric != VIDEOS_UNSIGNED}
    assert all(row[2:4] == ["service", "reelwright"] or row[4:6] == ["service", "reelwright"] for row in rows)
    stages = {row[row.index("stage") + 1] for row in rows if row[1] == STAGE_SECONDS.name}
    assert stages == {spec.stage for spec in STAGES}


def test_executions_are_shown_by_result(template: Template) -> None:
    rows = {row[1] for row in metric_rows(template) if row[0] == "AWS/States"}
    ends = {"ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}
    assert rows == {*ends, "ExecutionTime"}


def test_the_alarms_are_those_of_the_handbook_and_on_the_dashboard(template: Template) -> None:
    alarms = template.of_type(ALARM)
    assert set(alarms) == {
        "ApiErrors",
        "DailySpend",
        "EventsUndelivered",
        "FunctionsThrottled",
        "GenerationTimedOut",
        "GenerationTooOld",
        "GenerationsFailing",
        "ProvidersThrottling",
        "SettleFailing",
    }
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in alarms if f"| `{name}` |" not in handbook] == []
    body = text(template.only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    assert [name for name in alarms if f"<{name}>" not in body] == []


def test_every_alarm_tells_the_topic_and_is_silent_while_nothing_runs(template: Template) -> None:
    for name, alarm in template.of_type(ALARM).items():
        assert alarm["AlarmActions"] == [{"Ref": "Alerts"}], name
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["AlarmDescription"].endswith(".")


def test_the_throttle_alarm_counts_every_function_that_is_waited_for(template: Template) -> None:
    queries = template.of_type(ALARM)["FunctionsThrottled"]["Metrics"]
    functions_in_alarm = {
        dimension["Value"]["Ref"]
        for query in queries
        if "MetricStat" in query
        for dimension in query["MetricStat"]["Metric"]["Dimensions"]
    }
    assert functions_in_alarm == set(template.functions()) - {"Webhook", "Mail", "CheckImage"}


@pytest.mark.parametrize(
    ("name", "metric", "dimension"),
    [
        (
            "EventsUndelivered",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"),
            {"Name": "QueueName", "Value": {"Fn::GetAtt": ["Undelivered", "QueueName"]}},
        ),
        ("SettleFailing", ("AWS/Lambda", "Errors", "Sum"), {"Name": "FunctionName", "Value": {"Ref": "Settle"}}),
    ],
)
def test_one_end_that_nobody_heard_of_rings(
    template: Template, name: str, metric: tuple[str, str, str], dimension: dict[str, Any]
) -> None:
    alarm = template.of_type(ALARM)[name]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == metric
    assert (alarm["Threshold"], alarm["Dimensions"]) == (1, [dimension])


def test_ends_that_nobody_heard_of_are_shown(template: Template) -> None:
    rows = {tuple(str(part) for part in row[:2]) for row in metric_rows(template)}
    assert {("AWS/SQS", "ApproximateNumberOfMessagesVisible"), ("AWS/Lambda", "Errors")} <= rows


def test_cloudwatch_may_publish_for_this_account_and_only_by_tls(template: Template) -> None:
    deny, allow = sorted(
        template.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"],
        key=lambda statement: statement["Effect"] == "Allow",
    )
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert (allow["Action"], allow["Resource"]) == ("sns:Publish", {"Ref": "Alerts"})
    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_named_address_is_told_and_nobody_else(template: Template) -> None:
    assert template.of_type("AWS::SNS::Subscription") == {}
    subscription = beside((), alertEmail="ops@example.com").only("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.com")
    assert subscription["TopicArn"] == {"Ref": "Alerts"}


@pytest.mark.parametrize(("context", "threshold"), [({}, 100), ({"dailySpendAlarmUsd": "12.5"}, 12.5)])
def test_the_days_spending_limit_is_the_operators(context: dict[str, str], threshold: float) -> None:
    alarm = beside((), **context).of_type(ALARM)["DailySpend"]
    assert (alarm["MetricName"], alarm["Namespace"], alarm["Statistic"]) == ("UsdSpent", NAMESPACE, "Sum")
    assert (alarm["Period"], alarm["Threshold"]) == (86_400, threshold)


def test_the_metrics_of_another_systems_api_ring_nothing() -> None:
    stack = beside(("api",))
    assert "ApiErrors" not in stack.of_type(ALARM)
    assert not [row for row in metric_rows(stack) if row[0] == "AWS/ApiGateway"]
