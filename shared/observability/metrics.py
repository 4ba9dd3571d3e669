"""One custom metric at a time, written as a log line in CloudWatch's embedded metric format.

Touches standard output, from which CloudWatch Logs makes the metric; the line carries the logger's ids as well.
"""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from shared.observability.log import logger
from shared.observability.metric_names import NAMESPACE, SERVICE, Metric

# Ids are properties of the line, never dimensions: a dimension's every value is a metric of its own, and billed.
IDS = ("video_id", "generation_id", "execution")


def emit(metric: Metric, value: float, **dimensions: str) -> None:
    """Write one value of `metric`, in its unit; `dimensions` are exactly those that the metric's row names.

    Raises ValueError when they are not, because CloudWatch would make a metric that nobody reads.
    """
    if set(dimensions) != set(metric.dimensions):
        raise ValueError(f"{metric.name} has the dimensions {metric.dimensions}, not {tuple(dimensions)}.")
    labels = {"service": SERVICE, **dimensions}
    keys = logger().get_current_keys()
    with single_metric(metric.name, MetricUnit(metric.unit), value, 60, NAMESPACE, labels) as line:
        for name in IDS:
            if name in keys:
                line.add_metadata(name, keys[name])
