"""The signing of finished videos, where the operator has a certificate: what the function stitch needs for it.

Defines a layer; the secret that holds the certificate is the operator's own.
"""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.bundles.contents import c2pa_bundle
from cdk.config import DeployConfig
from cdk.functions import OPTIONAL, LayerSpec, add_layer

(VARIABLE,) = OPTIONAL
C2PA = LayerSpec("SigningLayer", c2pa_bundle, "C2PA's signatures, by the wheel c2pa-python", "MIT OR Apache-2.0")


def add_signing(scope: Construct, stitch: lambda_.Function, config: DeployConfig) -> None:
    """Let the function `stitch` sign; nothing is added for a deployment without a certificate."""
    if not config.signing_secret_arn:
        return
    stitch.add_environment(VARIABLE, config.signing_secret_arn)
    stitch.add_layers(add_layer(scope, C2PA, config))
