"""The optional web ACL: it guards the API's stage when asked for, whoever's API it is."""

from __future__ import annotations

import pytest

from cdk.config import DeployConfig
from tests.infra.conftest import Template, text
from tests.infra.test_beside import beside


def test_there_is_none_unless_asked_for(template: Template) -> None:
    assert template.of_type("AWS::WAFv2::WebACL") == {}
    assert DeployConfig.from_context({"webAcl": True}) == DeployConfig(web_acl=True)


@pytest.mark.parametrize(
    ("existing", "stage"),
    [
        ((), "restapis/<RestApi>/stages/<RestApiDeploymentStagev1>"),
        (("api",), "restapis/a1b2c3d4e5/stages/<RestApiStage>"),
    ],
)
def test_it_guards_the_stage_with_awss_rules_and_a_rate(existing: tuple[str, ...], stage: str) -> None:
    stack = beside(existing, webAcl="true")
    acl = stack.only("AWS::WAFv2::WebACL")
    association = stack.only("AWS::WAFv2::WebACLAssociation")
    assert text(association["ResourceArn"]) == f"arn:<Partition>:apigateway:<Region>::/{stage}"
    assert association["WebACLArn"] == {"Fn::GetAtt": ["WebAcl", "Arn"]}
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})
    common, rate = (rule["Statement"] for rule in sorted(acl["Rules"], key=lambda rule: rule["Priority"]))
    assert common["ManagedRuleGroupStatement"]["Name"] == "AWSManagedRulesCommonRuleSet"
    assert rate["RateBasedStatement"] == {"AggregateKeyType": "IP", "Limit": 2000}
    assert acl["Rules"][1]["Action"] == {"Block": {}}


def test_a_batch_of_requests_is_not_refused_for_its_size() -> None:
    group = beside((), webAcl="true").only("AWS::WAFv2::WebACL")["Rules"][0]["Statement"]["ManagedRuleGroupStatement"]
    assert group["RuleActionOverrides"] == [{"ActionToUse": {"Count": {}}, "Name": "SizeRestrictions_BODY"}]


def test_requests_with_their_tokens_are_not_sampled() -> None:
    acl = beside((), webAcl="true").only("AWS::WAFv2::WebACL")
    visible = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert {config["SampledRequestsEnabled"] for config in visible} == {False}
