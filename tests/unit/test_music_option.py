"""Music on the command line: looked at before anything starts, and uploaded once for all videos."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.client.own import music
from shared.errors import InvalidRequest


@pytest.mark.parametrize(("content", "words"), [(None, "is not there"), (b"", "has 0 bytes")])
def test_a_file_that_cannot_be_music_is_refused_before_anything_starts(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "bed.mp3"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidRequest, match=words):
        music.check(file)
    music.check(None)
