"""What an operator watches: alarms that notify a topic, and one dashboard.

Defines CloudWatch alarms, a dashboard and an SNS topic; its metrics are those of `shared.observability.metric_names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cw
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cdk.config import DeployConfig
from cdk.monitoring.dashboard import add_dashboard
from cdk.monitoring.metrics import Watched, custom, sum_over, waited_for
from shared.observability import metric_names

DAY = Duration.days(1)
QUARTER = Duration.minutes(15)


@dataclass(frozen=True)
class Watch:
    """One alarm: the metric over one period, from which value on it rings, and what it then says."""

    metric: cw.IMetric
    threshold: float
    says: str


def add_observability(scope: Construct, targets: Watched, config: DeployConfig) -> cw.Dashboard:
    """Return the dashboard; the alarms publish to a topic, to which `config` may subscribe an e-mail address."""
    topic = _topic(scope, config)
    alarms = [_alarm(scope, name, watch, topic) for name, watch in _watches(targets, config).items()]
    return add_dashboard(scope, targets, alarms)


def _watches(targets: Watched, config: DeployConfig) -> dict[str, Watch]:
    machine = targets.machine
    limit = float(config.daily_spend_alarm_usd)
    watches = {
        "GenerationsFailing": Watch(
            machine.metric_failed(period=QUARTER), 3, "Three generations failed within a quarter of an hour."
        ),
        "GenerationTimedOut": Watch(
            machine.metric_timed_out(period=QUARTER), 1, "A generation was still running at the machine's time limit."
        ),
        # The metric is written when an execution ends; one that never ends rings GenerationTimedOut.
        "GenerationTooOld": Watch(
            machine.metric_time(period=QUARTER, statistic="Maximum"),
            Duration.hours(1).to_milliseconds(),
            "A generation took longer than an hour.",
        ),
        "ProvidersThrottling": Watch(
            custom(metric_names.PROVIDER_THROTTLES, QUARTER),
            20,
            "OpenAI or Google refused many requests because of their rate.",
        ),
        "FunctionsThrottled": Watch(
            sum_over("Throttles", waited_for(targets.functions), QUARTER),
            1,
            "AWS refused to start a function: the account's limit of concurrent executions is reached.",
        ),
        "DailySpend": Watch(
            custom(metric_names.USD_SPENT, DAY), limit, f"Within a day {limit:g} USD were spent at the providers."
        ),
    }
    if config.signing_secret_arn:
        refusals = custom(metric_names.VIDEOS_UNSIGNED, QUARTER)
        watches["VideosUnsigned"] = Watch(refusals, 1, "The certificate of the deployment could not sign a video.")
    watches |= _unheard(targets)
    if targets.api:
        errors = targets.api.metric_server_error(period=Duration.minutes(5), statistic="Sum")
        watches["ApiErrors"] = Watch(errors, 5, "The API answered with a server error five times in five minutes.")
    return watches


def _unheard(targets: Watched) -> dict[str, Watch]:
    waiting = targets.dead_letters.metric_approximate_number_of_messages_visible(period=QUARTER, statistic="Maximum")
    # It repairs what an execution left behind; Lambda calls it again twice before the queue has the event.
    errors = targets.functions["settle"].metric_errors(period=QUARTER, statistic="Sum")
    return {
        "EventsUndelivered": Watch(waiting, 1, "An event of a job's end waits in the queue of what was not delivered."),
        "SettleFailing": Watch(errors, 1, "The function that settles the record of an ended job failed."),
    }


def _alarm(scope: Construct, name: str, watch: Watch, topic: sns.Topic) -> cw.Alarm:
    alarm = cw.Alarm(
        scope,
        name,
        metric=watch.metric,
        threshold=watch.threshold,
        evaluation_periods=1,
        comparison_operator=cw.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        # Nothing is measured while nothing runs.
        treat_missing_data=cw.TreatMissingData.NOT_BREACHING,
        alarm_description=watch.says,
    )
    alarm.add_alarm_action(cast("cw.IAlarmAction", actions.SnsAction(cast("sns.ITopic", topic))))
    return alarm


def _topic(scope: Construct, config: DeployConfig) -> sns.Topic:
    topic = sns.Topic(scope, "Alerts", enforce_ssl=True, display_name=Stack.of(scope).stack_name)
    # A policy of our own replaces the one by which every service of the account may publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[cast("iam.IPrincipal", iam.ServicePrincipal("cloudwatch.amazonaws.com"))],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    if config.alert_email:
        topic.add_subscription(cast("sns.ITopicSubscription", subscriptions.EmailSubscription(config.alert_email)))
    return topic
