"""Under which conditions a function may do what it is granted: of a table its own items, of the bucket its own keys.

Defines values of policy statements only.
"""

from __future__ import annotations

from typing import Any

from cdk.storage import Storage
from cdk.transcription import TRANSCRIBE
from shared import media_keys
from shared.brand import own_keys
from shared.users.mail_wishes import OF_SETTINGS
from shared.video.events import SOURCE
from shared.video.tombstones import OF_ENDS, OF_TOMBSTONES


def conditions(storage: Storage, sender: str) -> dict[str, dict[str, Any]]:
    """Return the conditions by the names that GRANTS uses; `sender` is the address that e-mails come from."""
    return {
        "": {},
        "answers only": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["api#*"]}},
        "our events": {"StringEquals": {"events:source": SOURCE}},
        "counts only": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["starts#*"]}},
        "tombstones only": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{OF_TOMBSTONES}*"]}},
        "tombstones and ends only": {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{OF_TOMBSTONES}*", f"{OF_ENDS}*"]}
        },
        "settings only": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{OF_SETTINGS}*"]}},
        "from our sender": {"StringEquals": {"ses:FromAddress": sender}},
        "into our bucket": {"StringEquals": {"transcribe:OutputBucketName": storage.bucket.bucket_name}},
        "to Transcribe": {"StringEquals": {"iam:PassedToService": TRANSCRIBE}},
        "below our files": {
            "StringLike": {"s3:prefix": [f"{p}/*" for p in (media_keys.TEMPORARY, media_keys.RESULTS)]}
        },
        "below pictures": {"StringLike": {"s3:prefix": [f"{p}/*" for p in (own_keys.IMAGES, own_keys.IMAGE_UPLOADS)]}},
        "below our prefixes": {
            "StringLike": {
                "s3:prefix": [f"{p}/*" for p in (media_keys.UPLOADS, media_keys.TEMPORARY, media_keys.RESULTS)]
            }
        },
    }
