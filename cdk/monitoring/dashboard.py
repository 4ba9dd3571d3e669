"""The dashboard: how the executions end, how long each step takes, what is bought and what is refused.

Defines one CloudWatch dashboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cw
from constructs import Construct

from cdk.functions import STAGES
from cdk.monitoring.metrics import CALLED_BY_EVENTS, Watched, custom, sum_over
from shared.observability import metric_names as names

FIVE_MINUTES = Duration.minutes(5)
DAY = Duration.days(1)
WIDTH = 12


def add_dashboard(scope: Construct, targets: Watched, alarms: Sequence[cw.Alarm]) -> cw.Dashboard:
    """Return the dashboard; a dashboard's name is one for all Regions, so the Region is in it."""
    stack = Stack.of(scope)
    status = cw.AlarmStatusWidget(title="Alarms", width=24, alarms=cast("list[Any]", alarms))
    rows = [[status], _executions(targets), _steps(targets), _purchases()]
    rows += [_refusals(targets), _notifications(targets), _api(targets)]
    return cw.Dashboard(
        scope,
        "Dashboard",
        dashboard_name=f"{stack.stack_name}-{stack.region}",
        widgets=[cast("Sequence[cw.IWidget]", row) for row in rows if row],
        default_interval=DAY,
    )


def _executions(targets: Watched) -> list[cw.ConcreteWidget]:
    machine = targets.machine
    ends = [machine.metric_started, machine.metric_succeeded, machine.metric_failed]
    ends += [machine.metric_timed_out, machine.metric_aborted]
    times = [machine.metric_time(statistic=statistic, label=statistic) for statistic in ("Average", "p95", "Maximum")]
    return [
        _graph("Executions by result", [end(period=FIVE_MINUTES) for end in ends]),
        _graph("Duration of an execution (ms)", times),
    ]


def _steps(targets: Watched) -> list[cw.ConcreteWidget]:
    durations = [custom(names.STAGE_SECONDS, FIVE_MINUTES, "p95", spec.stage) for spec in STAGES]
    whole = [
        function.metric_duration(statistic="p95", label=stage, period=FIVE_MINUTES)
        for stage, function in targets.functions.items()
    ]
    return [
        _graph("A step's own work, p95 (s)", durations),
        _graph("A function's duration, p95 (ms)", whole),
    ]


def _purchases() -> list[cw.ConcreteWidget]:
    seconds = names.VEO_SECONDS_BOUGHT
    usd = names.USD_SPENT
    return [
        _graph("Seconds of video bought, per day", [custom(seconds, DAY)]),
        _graph("USD spent, per day", [custom(usd, DAY)]),
    ]


def _refusals(targets: Watched) -> list[cw.ConcreteWidget]:
    throttles = cast("cw.Metric", sum_over("Throttles", targets.functions.values(), FIVE_MINUTES))
    return [
        _graph("Throttles", [custom(names.PROVIDER_THROTTLES, FIVE_MINUTES), throttles]),
        _graph("Scenes withheld by the safety filter", [custom(names.SCENES_FILTERED, FIVE_MINUTES)]),
    ]


def _notifications(targets: Watched) -> list[cw.ConcreteWidget]:
    waiting = targets.dead_letters.metric_approximate_number_of_messages_visible(
        period=FIVE_MINUTES, statistic="Maximum", label="Undelivered"
    )
    errors = [
        targets.functions[stage].metric_errors(period=FIVE_MINUTES, statistic="Sum", label=stage)
        for stage in ("settle", *CALLED_BY_EVENTS)
        if stage in targets.functions
    ]
    return [
        _graph("Events not delivered", [waiting]),
        _graph("Errors of the functions told", errors),
    ]


def _api(targets: Watched) -> list[cw.ConcreteWidget]:
    if targets.api is None:
        return []
    counts = [targets.api.metric_count, targets.api.metric_client_error, targets.api.metric_server_error]
    return [
        _graph("API: requests and errors", [count(statistic="Sum", period=FIVE_MINUTES) for count in counts]),
        _graph("API: latency, p95 (ms)", [targets.api.metric_latency(statistic="p95", period=FIVE_MINUTES)]),
    ]


def _graph(title: str, metrics: Sequence[cw.Metric]) -> cw.ConcreteWidget:
    return cw.GraphWidget(title=title, width=WIDTH, left=[cast("cw.IMetric", metric) for metric in metrics])
