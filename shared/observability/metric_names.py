"""The custom metrics: the names that the functions write and that the dashboard and the alarms read.

Pure data; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "Reelwright"
# Every metric carries the dimension `service`, whose value is this.
SERVICE = "reelwright"
# The dimension that StageSeconds carries besides: the stage's name in the state machine's contracts.
STAGE = "stage"


@dataclass(frozen=True)
class Metric:
    """One custom metric: its CloudWatch unit, what one value of it says, and its dimensions besides `service`."""

    name: str
    unit: str
    what: str
    dimensions: tuple[str, ...] = ()


VEO_SECONDS_BOUGHT = Metric("VeoSecondsBought", "Count", "seconds of video that one delivered clip was sold as")
USD_SPENT = Metric("UsdSpent", "Count", "US dollars that one request to a provider costs, by our own price list")
SCENES_FILTERED = Metric("ScenesFiltered", "Count", "a scene whose clip the provider's safety filter withheld")
PROVIDER_THROTTLES = Metric("ProviderThrottles", "Count", "a request that a provider refused because of its rate")
STAGE_SECONDS = Metric("StageSeconds", "Seconds", "how long one run of a stage's code took", (STAGE,))
# Only a deployment with a certificate has it.
VIDEOS_UNSIGNED = Metric("VideosUnsigned", "Count", "a video that the deployment's certificate could not sign")

METRICS = (VEO_SECONDS_BOUGHT, USD_SPENT, SCENES_FILTERED, PROVIDER_THROTTLES, STAGE_SECONDS, VIDEOS_UNSIGNED)
