"""The site: private, behind CloudFront, with a policy that names what the page may reach, and only when it is built."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk.app import NO_BUNDLING, build, default_context
from cdk.config import ConfigError
from shared.http import site
from tests.infra.conftest import ROOT, Template, text
from tests.infra.test_beside import beside

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def distribution(template: Template) -> dict[str, Any]:
    return template.only("AWS::CloudFront::Distribution")["DistributionConfig"]


def policy(template: Template) -> dict[str, list[str]]:
    """Return the Content-Security-Policy by directive."""
    headers = template.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    value = text(headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    value = re.sub(r"part 4 of .*? split at -", "<id>", value)
    return {name: sources for name, *sources in (directive.split() for directive in value.split("; "))}


def test_only_this_distribution_reads_the_private_bucket(template: Template) -> None:
    assert set(template.properties_of("SiteBucket")["PublicAccessBlockConfiguration"].values()) == {True}
    statements = template.properties_of("SiteBucketPolicy")["PolicyDocument"]["Statement"]
    (read,) = [statement for statement in statements if statement["Effect"] == "Allow"]
    assert (read["Principal"], read["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert text(read["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith(":distribution/<Site>")
    (origin,) = distribution(template)["Origins"]
    assert "OriginAccessControlId" in origin
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_every_path_is_the_page_and_comes_by_tls(template: Template) -> None:
    config = distribution(template)
    assert config["DefaultRootObject"] == "index.html"
    pages = {
        error["ErrorCode"]: (error["ResponseCode"], error["ResponsePagePath"])
        for error in config["CustomErrorResponses"]
    }
    assert pages == {403: (200, "/index.html"), 404: (200, "/index.html")}
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"


def test_the_headers_keep_the_page_to_itself(template: Template) -> None:
    security = template.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"][
        "SecurityHeadersConfig"
    ]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ContentTypeOptions"]["Override"] is True
    assert security["FrameOptions"]["FrameOption"] == "DENY"
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    behaviour = distribution(template)["DefaultCacheBehavior"]
    assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SiteHeaders"}


def test_the_cloud_sends_the_headers_that_the_page_is_tried_under(template: Template) -> None:
    config = template.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    custom = {row["Header"]: row["Value"] for row in config["CustomHeadersConfig"]["Items"]}
    local = site.headers("https://api", "https://sign-in", ["https://media"])
    security = ("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options")
    assert custom == {name: value for name, value in local.items() if name not in security}
    theirs = [row.split()[0] for row in local["Content-Security-Policy"].split("; ")]
    assert list(policy(template)) == theirs


def test_what_cloudfront_names_once_in_an_account_has_the_regions_name(template: Template) -> None:
    headers = template.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]["Name"]
    access = template.only("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]["Name"]
    assert text(headers) == text(access) == "Reelwright-<Region>"


def test_the_content_policy_names_the_api_the_bucket_and_the_sign_in_and_nothing_else(template: Template) -> None:
    directives = policy(template)
    bucket = ["https://reelwright-media-<id>.s3.<Region>.<URLSuffix>", "https://reelwright-media-<id>.s3.<URLSuffix>"]
    api = "https://<RestApi>.execute-api.<Region>.<URLSuffix>"
    assert directives["connect-src"] == ["'self'", api, "https://cognito-idp.<Region>.<URLSuffix>", *bucket]
    assert directives["img-src"] == ["'self'", *bucket]
    assert directives["media-src"] == [*bucket, "blob:"]
    assert directives["style-src"] == ["'self'"]
    assert directives["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert directives["default-src"] == directives["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in str(directives).replace("'wasm-unsafe-eval'", "")


def test_the_bucket_has_the_name_that_the_policy_gives_it(template: Template) -> None:
    # Were it a reference, bucket and site would need each other first.
    assert text(template.properties_of("MediaBucket")["BucketName"]).startswith("reelwright-media-part 4 of ")
    assert "MediaBucket" not in str(template.properties_of("SiteHeaders"))
    theirs = policy(beside(("bucket",)))
    assert "https://their-media.s3.<Region>.<URLSuffix>" in theirs["connect-src"]


def test_the_page_is_told_where_everything_is(template: Template) -> None:
    site_files = copies(template)["SiteFiles"]
    markers = [text(value) for source in site_files["SourceMarkers"] for value in source.values()]
    assert [marker.strip('"') for marker in markers] == [
        "https://<RestApi>.execute-api.<Region>.<URLSuffix>/v1",
        "<Region>",
        "<UserPool>",
        "<UserPoolClient>",
    ]
    assert site_files["DestinationBucketName"] == {"Ref": "SiteBucket"}
    assert site_files["DistributionId"] == {"Ref": "Site"}


def copies(template: Template) -> dict[str, dict[str, Any]]:
    """Return what is copied to the site, by the construct's name."""
    return {name[: len("SiteFiles")]: copy for name, copy in template.of_type("Custom::CDKBucketDeployment").items()}


def test_a_file_is_kept_as_long_as_where_the_page_is_tried(template: Template) -> None:
    rules = {name: copy["SystemMetadata"]["cache-control"] for name, copy in copies(template).items()}
    assert rules == {"SiteAssets"[:9]: site.caching("/assets/app-1a2b.js"), "SiteFiles": site.caching("/index.html")}


def test_the_page_is_copied_after_its_rights_and_goes_with_the_stack(template: Template) -> None:
    for name in template.of_type("Custom::CDKBucketDeployment"):
        assert {"SiteFilesRole", "SiteFilesRoleDefaultPolicy"} <= set(template.resources[name]["DependsOn"])
        assert template.properties_of(name)["RetainOnDelete"] is False
    assert template.resources["SiteBucket"]["DeletionPolicy"] == "Delete"


def test_without_another_origin_the_site_is_the_one_that_may_call() -> None:
    stack = beside((), siteOrigin="https://a.example.com")
    assert stack.functions()["Api"]["Environment"]["Variables"]["ALLOWED_ORIGINS"] == "https://a.example.com"
    app = beside((), siteOrigin="")
    assert text(app.functions()["Api"]["Environment"]["Variables"]["ALLOWED_ORIGINS"]) == "https://<Site.DomainName>"
    (rule,) = app.properties_of("MediaBucket")["CorsConfiguration"]["CorsRules"]
    assert [text(origin) for origin in rule["AllowedOrigins"]] == ["https://<Site.DomainName>"]


def test_with_neither_site_nor_origin_no_browser_may_call() -> None:
    stack = beside((), siteOrigin="", site="off")
    assert stack.functions()["Api"]["Environment"]["Variables"]["ALLOWED_ORIGINS"] == ""
    assert "CorsConfiguration" not in stack.properties_of("MediaBucket")
    assert "OPTIONS" not in {method["HttpMethod"] for method in stack.of_type("AWS::ApiGateway::Method").values()}
    assert not re.search("localhost|Allow-Origin", json.dumps(stack.body))


def test_make_deploy_builds_the_page_first() -> None:
    process = subprocess.run(["make", "-nB", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert process.stdout.index("run --silent build") < process.stdout.index("-m cdk.preflight deploy")


def test_an_own_domain_comes_with_its_certificate() -> None:
    stack = beside((), siteOrigin="https://video.example.com", siteCertificateArn=CERTIFICATE)
    assert distribution(stack)["Aliases"] == ["video.example.com"]
    viewer = distribution(stack)["ViewerCertificate"]
    assert (viewer["AcmCertificateArn"], viewer["MinimumProtocolVersion"]) == (CERTIFICATE, "TLSv1.2_2021")
    assert stack.body["Outputs"]["SiteUrl"]["Value"] == "https://video.example.com"


def test_the_stack_is_whole_without_the_site(template: Template) -> None:
    stack = beside((), site="off")
    absent_names = {name for name in template.resources if name.startswith(("Site", "CustomCDKBucketDeployment"))}
    assert set(stack.resources) == set(template.resources) - absent_names
    assert "SiteUrl" not in stack.body["Outputs"]


@pytest.mark.parametrize(("site", "there"), [("auto", False), ("off", False), ("auto", True)])
def test_it_is_on_when_it_is_built(tmp_path: Path, page: Path, site: str, there: bool) -> None:
    folder = page if there else tmp_path / "missing"
    app = build({**default_context(), **NO_BUNDLING, "site": site}, tmp_path / "out", page=folder)
    template_body = app.synth().get_stack_by_name("Reelwright").template
    assert ("SiteBucket" in template_body["Resources"]) == there


def test_a_page_that_is_not_built_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The context key site is on, but the page is not built"):
        build({**default_context(), **NO_BUNDLING, "site": "on"}, tmp_path / "out", page=tmp_path)
