"""What Amazon Transcribe refuses at once, before a job is there.

Values only, from the service's own model in the SDK; the wording is ours, since its own is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session

_DEFERRED = {"AllowDeferredExecution", "DataAccessRoleArn"}
# What MaxSpeakerLabels may be.
_NUMBERS = range(2, 31)
_LANGUAGES = ("language_code", "identify_language", "identify_multiple_languages")


def refusal(arguments: Mapping[str, Any]) -> str:
    """Return why a StartTranscriptionJob is a bad request, by moto's names of its fields; "" when it is none."""
    code = arguments["language_code"]
    if (arguments["job_execution_settings"] or {}).keys() not in (set(), _DEFERRED):
        return "AllowDeferredExecution and DataAccessRoleArn must come together."
    if not arguments["output_bucket_name"]:
        return "The local Transcribe needs an OutputBucketName."
    if sum(bool(arguments[name]) for name in _LANGUAGES) != 1:
        return "The request must have one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages."
    if reason := _speakers_refusal(arguments["settings"] or {}):
        return reason
    if code and code not in supported_languages():
        return (
            f"1 validation error detected: Value '{code}' at 'languageCode' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(sorted(supported_languages()))}]"
        )
    return ""


def _speakers_refusal(settings: Mapping[str, Any]) -> str:
    shows = bool(settings.get("ShowSpeakerLabels"))
    most = settings.get("MaxSpeakerLabels")
    if shows != (most is not None):
        return "ShowSpeakerLabels and MaxSpeakerLabels must come together."
    if most is not None and most not in _NUMBERS:
        return f"MaxSpeakerLabels must be between {_NUMBERS[0]} and {_NUMBERS[-1]}."
    if shows and settings.get("ChannelIdentification"):
        return "ShowSpeakerLabels and ChannelIdentification exclude each other."
    return ""


@cache
def supported_languages() -> frozenset[str]:
    """Return the codes that the service knows."""
    model = botocore.session.get_session().get_service_model("transcribe")
    shape: Any = model.shape_for("LanguageCode")
    return frozenset(shape.enum)
