"""Why ffmpeg failed, in sentences of ours: its own words are for the log, where they name no place.

Values only; touches nothing.
"""

from __future__ import annotations

import re

# What ffmpeg 7 and its libraries write to standard error, in the order in which they are looked for: the first says
# more than the later ones, which often follow from it.
_CAUSES = (
    (
        r"Cannot allocate memory|Error allocating|malloc of size \d+ failed|x264 \[error\]: malloc",
        "There was too little memory for it: resume the generation, or start a shorter video.",
    ),
    (
        r"No such file or directory|Permission denied|Protocol '\w+' not on whitelist|Is a directory",
        "A file that it needs is not there or may not be read: resume the generation, which fetches it again.",
    ),
    (
        r"Unknown (?:en|de)coder|Unknown filter|No such filter|Option .*not found|Unrecognized option"
        r"|(?:En|De)coder not found|Error (?:re)?initializing filter|Requested output format",
        "This ffmpeg lacks what the video needs: ask the operator to deploy the version that Reelwright names.",
    ),
    (
        r"Invalid data found|moov atom not found|Invalid argument|Error while decoding|error decoding|corrupt"
        r"|does not contain any stream|matches no streams|Format \w+ detected only with low score"
        r"|Header missing|End of file|Output file is empty",
        "A file that it was given is damaged: resume the generation; if it ends so again, start a new one.",
    ),
)
_UNFORESEEN = "The log of the step has ffmpeg's own words: resume the generation, or ask the operator to look there."
_ADDRESS = re.compile(r"\S*[/\\]\S*")
_LINES = 3
_MOST = 300


def sentence(log: str) -> str:
    """Return why ffmpeg failed and what to do, by what it wrote to standard error."""
    return next((words for pattern, words in _CAUSES if re.search(pattern, log, re.IGNORECASE)), _UNFORESEEN)


def last_words(log: str) -> str:
    """Return the end of what ffmpeg wrote, without paths and URLs, for the log."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return _ADDRESS.sub("…", " | ".join(lines[-_LINES:]))[-_MOST:] or "it said nothing."
