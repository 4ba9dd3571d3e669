"""Rules with a schedule, on moto's own rules: they fire at their rate, and take no event besides."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.events.models import events_backends  # pyright: ignore[reportMissingTypeStubs]

from functions.settle import core
from local.clients import ACCOUNT, REGION
from local.cloud import TEMPLATE
from local.moto_plugins.event_bus import matches
from local.moto_plugins.schedules import Schedules, seconds
from shared.video.tombstones import PERIOD


def put(name: str, **rule: str) -> Any:
    events: Any = boto3.client("events", region_name=REGION)  # pyright: ignore[reportUnknownMemberType]
    events.put_rule(Name=name, **rule)
    return events_backends[ACCOUNT][REGION].event_buses["default"].rules[name]


@mock_aws
def test_a_rule_fires_once_in_each_period() -> None:
    events = list[tuple[str, Any]]()
    schedules = Schedules(lambda rule, event: events.append((rule.name, core.parse(event))))
    put("ten", ScheduleExpression="rate(10 minutes)")
    put("hour", ScheduleExpression="rate(1 hour)")
    put("off", ScheduleExpression="rate(1 minute)", State="DISABLED")
    put("pattern", EventPattern=json.dumps({"source": ["reelwright"]}))
    for now in range(0, 3601, 60):
        schedules.fire(1_800_000_000 + now)
    assert [name for name, _ in events] == ["ten"] * 5 + ["ten", "hour"]
    assert {type(event) for _, event in events} == {core.Tick}


@mock_aws
def test_a_rule_with_a_schedule_alone_takes_no_event() -> None:
    event: dict[str, Any] = {"source": "reelwright", "detail-type": "Video Completed", "detail": {}}
    ours = json.dumps({"source": ["reelwright"]})
    assert not matches(put("schedule", ScheduleExpression="rate(10 minutes)"), event)
    assert matches(put("pattern", EventPattern=ours), event)
    assert matches(put("both", EventPattern=ours, ScheduleExpression="rate(10 minutes)"), event)
    assert not matches(put("off", EventPattern=ours, State="DISABLED"), event)


@pytest.mark.parametrize(
    ("expression", "period"),
    [("rate(1 minute)", 60), ("rate(2 hours)", 7200), ("rate(1 day)", 86_400), ("", 0), ("cron(0 10 * * ? *)", 0)],
)
def test_a_rate_is_read(expression: str, period: int) -> None:
    assert seconds(expression) == period


def test_every_schedule_of_the_stack_is_one_that_fires_here() -> None:
    resources = json.loads(TEMPLATE.read_text(encoding="utf-8"))["Resources"].values()
    expressions = [
        row["Properties"]["ScheduleExpression"] for row in resources if "ScheduleExpression" in row["Properties"]
    ]
    assert [seconds(expression) for expression in expressions] == [PERIOD]
