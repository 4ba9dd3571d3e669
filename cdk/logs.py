"""The log groups: one name scheme, one retention.

Defines CloudWatch log groups in the stack.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.config import RETENTION, DeployConfig


def add_log_group(scope: Construct, construct_id: str, name: str, config: DeployConfig) -> logs.LogGroup:
    """Return a log group called `name`, kept as long as `config` says.

    It goes when the stack goes: a name that stays behind would stop the next deployment.
    """
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=logs.RetentionDays[RETENTION[config.log_retention_days]],
        removal_policy=RemovalPolicy.DESTROY,
    )
