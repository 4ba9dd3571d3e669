"""What is said of a failure: our own errors speak for themselves; of AWS's and of libraries' only the kind is told.

Values only; touches nothing. The record and the log keep what AWS or a library said.
"""

from __future__ import annotations

import re

from shared.errors import error_class
from shared.redaction import redact

# By the error's name and what was said with it; the first that fits.
_FOREIGN = (
    (r"No space left on device", "There was no room left on the disk for temporary files."),
    (r"^Runtime\.OutOfMemory|^MemoryError|Cannot allocate memory", "The step ran out of memory."),
    (r"^(States\.?Timeout|Sandbox\.Timedout)|Task timed out", "The step did not end in time."),
    (r"^(Runtime|Sandbox)\.|^Lambda\.Unknown", "The step's function died before it answered."),
    (r"^Lambda\.", "AWS Lambda was busy or out of reach for too long."),
    (r"^Dynamo ?D[Bb]\.", "The table of videos was busy or out of reach for too long."),
    (r"^Transcribe\.", "Amazon Transcribe was busy or out of reach for too long, or refused the request."),
    (r"AccessDenied|UnrecognizedClient|NotAuthorized", "The deployment lacks a permission that the step needs."),
    (r"^States\.?\w", "The state machine could not go on."),
)
_UNFORESEEN = "The step failed in a way that has no name here; the deployment's log tells more."
# What the state machine writes beside a step: the error's name, then what was said.
_NAMED = re.compile(r"(?P<name>[A-Z]\w*(?:\.\w+)*): (?P<rest>.*)", re.DOTALL)
# What names of errors that are none of ours look like: a provider's sentence may begin with a word and a colon, too.
_FOREIGN_NAME = re.compile(r"\.|(?:Error|Exception|Timeout|Exit|Interrupt)$")
# An end that somebody wanted.
_WANTED = ("Cancelled",)


def sentence(error: str, message: str) -> str:
    """Return the sentence that is shown of the error called `error`, without the deployment's own names."""
    if error in _WANTED or error_class(error):
        return redact(message)
    text = f"{error}: {message}"
    return next((words for pattern, words in _FOREIGN if re.search(pattern, text)), _UNFORESEEN)


def labelled_sentence(text: str, error: str = "", message: str = "") -> str:
    """Return what is shown of a text that may begin with an error's name.

    `error` and `message` are those of the failure that the generation ended with: a text may be its message alone.
    """
    if message and text == message:
        return sentence(error, message)
    match = _NAMED.fullmatch(text)
    if match is None or error_class(match["name"]) or not _FOREIGN_NAME.search(match["name"]):
        return redact(text)
    return f"{match['name']}: {sentence(match['name'], match['rest'])}"
