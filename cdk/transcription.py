"""The role as which Amazon Transcribe reads a recording's sound and writes its transcript, now or when its turn comes.

Defines one role; who may hand it to Transcribe is granted elsewhere.
"""

from __future__ import annotations

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.storage import Storage
from shared import media_keys

TRANSCRIBE = "transcribe.amazonaws.com"
# What Transcribe writes beside its result, to see that it may, before it begins.
_WRITE_CHECK = ".write_access_check_file.temp"


def add_transcription_role(scope: Construct, storage: Storage) -> iam.Role:
    """Return the role, which Transcribe may take on behalf of this account only."""
    principal = iam.ServicePrincipal(
        TRANSCRIBE, conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    )
    role = iam.Role(scope, "TranscriptionJobsRole", assumed_by=cast("iam.IPrincipal", principal))
    sound = storage.bucket.arn_for_objects(f"{media_keys.TEMPORARY}/*/{media_keys.SOUND}")
    names = (media_keys.TRANSCRIPT, _WRITE_CHECK)
    results = [storage.bucket.arn_for_objects(f"{media_keys.RESULTS}/*/{name}") for name in names]
    role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[sound]))
    role.add_to_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=results))
    return role
