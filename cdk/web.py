"""The site: the built web page behind CloudFront, with security headers and the addresses that the page needs.

Reads web/dist; defines a private bucket, a distribution and what copies the page into the bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from aws_cdk import Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from cdk.config import ConfigError, DeployConfig
from cdk.logs import add_log_group
from shared.http import site as http

INDEX = "index.html"
YEAR = Duration.days(365)
# The headers that CloudFront has names of its own for.
_SECURITY = frozenset({"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"})


@dataclass(frozen=True)
class Site:
    """The distribution that serves the page, what it serves, and its address."""

    bucket: s3.Bucket
    distribution: cloudfront.Distribution
    url: str


def is_wanted(config: DeployConfig, page: Path) -> bool:
    """Return whether the stack has the site; raise ConfigError when it is asked for and not built."""
    exists = (page / INDEX).is_file()
    if config.site == "on" and not exists:
        raise ConfigError(f"The context key site is on, but the page is not built: {page / INDEX} does not exist.")
    return exists and config.site != "off"


def add_site(scope: Construct, headers: Mapping[str, str], config: DeployConfig) -> Site:
    """Return the site, still empty; `headers` are sent with every file of it."""
    # What is in it can be built again, and goes with the stack.
    bucket = s3.Bucket(
        scope,
        "SiteBucket",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        encryption=s3.BucketEncryption.S3_MANAGED,
        removal_policy=RemovalPolicy.DESTROY,
    )
    distribution = _distribution(scope, bucket, _headers(scope, headers), config)
    url = config.site_origin if config.site_certificate_arn else f"https://{distribution.domain_name}"
    return Site(bucket, distribution, url)


def _headers(scope: Construct, headers: Mapping[str, str]) -> cloudfront.ResponseHeadersPolicy:
    # CloudFront takes what it has no name of its own for as a custom header.
    others = [name for name in headers if name not in _SECURITY]
    security = cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=headers["Content-Security-Policy"], override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption.DENY, override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy(headers["Referrer-Policy"].upper().replace("-", "_")),
            override=True,
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=YEAR, include_subdomains=True, override=True
        ),
    )
    custom = [
        cloudfront.ResponseCustomHeader(header=name, value=headers[name], override=True) for name in sorted(others)
    ]
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "SiteHeaders",
        response_headers_policy_name=_account_name(scope),
        security_headers_behavior=security,
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=custom),
    )


def _distribution(
    scope: Construct, bucket: s3.Bucket, headers: cloudfront.ResponseHeadersPolicy, config: DeployConfig
) -> cloudfront.Distribution:
    # The page finds its own way from the path, so a path without a file is the page too.
    page = [
        cloudfront.ErrorResponse(
            http_status=status, response_http_status=200, response_page_path=f"/{INDEX}", ttl=Duration.seconds(10)
        )
        for status in (403, 404)
    ]
    access = cloudfront.S3OriginAccessControl(scope, "SiteAccess", origin_access_control_name=_account_name(scope))
    return cloudfront.Distribution(
        scope,
        "Site",
        default_root_object=INDEX,
        default_behavior=cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(
                _as_interface(bucket), origin_access_control=access
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            response_headers_policy=headers,
            compress=True,
        ),
        error_responses=page,
        **_own_domain(scope, config),
    )


def _account_name(scope: Construct) -> str:
    # CDK's own names are the same in every Region, but CloudFront has one of each name in an account. A name has at
    # most 64 characters, a Region's at most 15 of them.
    return f"{Names.unique_resource_name(scope, max_length=48, separator='-')}-{Stack.of(scope).region}"


def _as_interface(bucket: s3.Bucket) -> s3.IBucket:
    return cast("s3.IBucket", bucket)


def _own_domain(scope: Construct, config: DeployConfig) -> dict[str, Any]:
    if not config.site_certificate_arn:
        return {}
    return {
        "domain_names": [config.site_origin.removeprefix("https://")],
        "certificate": acm.Certificate.from_certificate_arn(scope, "SiteCertificate", config.site_certificate_arn),
        "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    }


def fill(scope: Construct, site: Site, page: Path, addresses: Mapping[str, str], config: DeployConfig) -> None:
    """Copy the page from the folder `page`, and `addresses` as config.json, into the site's bucket."""
    files = assets.Asset(scope, "SitePage", path=str(page))
    name = f"/aws/lambda/{Stack.of(scope).stack_name}/SiteFiles"
    log_group = add_log_group(scope, "SiteFilesLogs", name, config)
    role = _copier(scope, site, files, log_group)
    page_files = deployment.Source.bucket(files.bucket, files.s3_object_key)
    configuration = deployment.Source.json_data(http.CONFIG.removeprefix("/"), dict(addresses))

    def copy(
        name: str, sources: list[deployment.ISource], caching: str, **patterns: Any
    ) -> deployment.BucketDeployment:
        copies = deployment.BucketDeployment(
            scope,
            name,
            sources=sources,
            destination_bucket=_as_interface(site.bucket),
            distribution=cast("Any", site.distribution),
            cache_control=[deployment.CacheControl.from_string(caching)],
            # The bucket is emptied with the stack, so that it can be deleted.
            retain_on_delete=False,
            log_group=cast("Any", log_group),
            # CDK's own grants are wider than what its code calls, so the role takes none.
            role=role.without_policy_updates(),
            memory_limit=512,
            **patterns,
        )
        copies.node.add_dependency(role)
        return copies

    hashed_files = f"{http.HASHED.removeprefix('/')}*"
    first = copy("SiteAssets", [page_files], http.FOREVER, exclude=["*"], include=[hashed_files])
    # The page names the hashed files, so they are there before it is.
    copy("SiteFiles", [page_files, configuration], http.FRESH, exclude=[hashed_files]).node.add_dependency(first)


def _copier(scope: Construct, site: Site, files: assets.Asset, log_group: logs.LogGroup) -> iam.Role:
    service = cast("iam.IPrincipal", iam.ServicePrincipal("lambda.amazonaws.com"))
    role = iam.Role(scope, "SiteFilesRole", assumed_by=service)
    log_group.grant_write(role)
    # Not s3:GetBucketTagging: by CDK's tag on the bucket it would find that the bucket must not be emptied.
    grants = {
        files.bucket.arn_for_objects("*"): ["s3:GetObject"],
        site.bucket.bucket_arn: ["s3:ListBucket"],
        site.bucket.arn_for_objects("*"): ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        site.distribution.distribution_arn: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
    }
    for resource, actions in grants.items():
        role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
    return role
