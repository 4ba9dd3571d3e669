"""Own transcripts on the command line: named, looked for beside the recording, and one sentence for what is none."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from local.client.own import transcripts
from shared.errors import InvalidRequest

SRT = "1\n00:00:00,000 --> 00:00:02,000\nHello.\n"


def namespace(*audio: Path, transcript: Path | None = None, beside: bool = False) -> Namespace:
    return Namespace(audio=list(audio), transcript=transcript, transcript_beside=beside)


def test_one_is_named_or_lies_beside_each_recording(tmp_path: Path) -> None:
    names = {"a.srt": SRT, "b.txt": "Hello.", "b.vtt": f"WEBVTT\n\n{SRT[2:].replace(',', '.')}"}
    for name, text in names.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    a = tmp_path / "a.mp3"
    b = tmp_path / "b.mp3"
    assert transcripts.files_of(namespace(a)) == [None]
    assert transcripts.files_of(namespace(a, transcript=tmp_path / "b.txt")) == [tmp_path / "b.txt"]
    files = transcripts.files_of(namespace(a, b, beside=True))
    assert files == [tmp_path / "a.srt", tmp_path / "b.vtt"]
    assert transcripts.are_all_timed(files)
    assert not transcripts.are_all_timed([tmp_path / "a.srt", tmp_path / "b.txt"])
    assert not transcripts.are_all_timed([None])


@pytest.mark.parametrize(
    ("files", "transcript", "beside", "sentence"),
    [
        (("a.mp3", "b.mp3"), "a.srt", False, "name one only, or use --transcript-beside"),
        (("a.mp3",), "a.srt", True, "use one of them"),
        (("c.mp3",), "", True, "none of c.srt, c.vtt, c.txt lies beside"),
        (("a.mp3",), "none.srt", False, "there is no such file"),
        (("a.mp3",), "bad.srt", False, "The transcript is no text"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_starts(
    tmp_path: Path, files: tuple[str, ...], transcript: str, beside: bool, sentence: str
) -> None:
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "bad.srt").write_bytes(b"a\x00b")
    options = namespace(
        *(tmp_path / name for name in files), transcript=tmp_path / transcript if transcript else None, beside=beside
    )
    with pytest.raises(InvalidRequest, match=sentence):
        transcripts.are_all_timed(transcripts.files_of(options))
