"""The optional web ACL in front of the API: AWS's common rules and a limit on each caller's rate.

Defines one WAF web ACL and its association with the API's stage.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_wafv2 as waf
from constructs import Construct

# Requests of one IP address within five minutes; the page polls every few seconds.
REQUESTS_PER_ADDRESS = 2000
# Counted only, not refused: a batch of 25 requests is larger than the 8 KB that the rule allows.
COUNTED = ("SizeRestrictions_BODY",)


def add_firewall(scope: Construct, stage_arn: str) -> waf.CfnWebACL:
    """Return a web ACL that guards the API stage `stage_arn`."""
    acl = waf.CfnWebACL(
        scope,
        "WebAcl",
        scope="REGIONAL",
        default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=_visible("WebAcl"),
        rules=[_common(), _rate()],
    )
    waf.CfnWebACLAssociation(scope, "WebAclAssociation", resource_arn=stage_arn, web_acl_arn=acl.attr_arn)
    return acl


def _common() -> waf.CfnWebACL.RuleProperty:
    overrides: list[Any] = [
        waf.CfnWebACL.RuleActionOverrideProperty(name=name, action_to_use=waf.CfnWebACL.RuleActionProperty(count={}))
        for name in COUNTED
    ]
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name="AWSManagedRulesCommonRuleSet", rule_action_overrides=overrides
    )
    return waf.CfnWebACL.RuleProperty(
        name="CommonRules",
        priority=0,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        visibility_config=_visible("CommonRules"),
    )


def _rate() -> waf.CfnWebACL.RuleProperty:
    limit = waf.CfnWebACL.RateBasedStatementProperty(limit=REQUESTS_PER_ADDRESS, aggregate_key_type="IP")
    return waf.CfnWebACL.RuleProperty(
        name="RateOfAnAddress",
        priority=1,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        statement=waf.CfnWebACL.StatementProperty(rate_based_statement=limit),
        visibility_config=_visible("RateOfAnAddress"),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Sampled requests would hold tokens.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, sampled_requests_enabled=False, metric_name=name
    )
