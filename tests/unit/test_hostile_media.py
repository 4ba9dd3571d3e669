"""Hostile recordings and words: ffmpeg ends in time, in little memory, reaches no other file, gets no user's option."""

from __future__ import annotations

import json
import shlex
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.render_scene.adapters import render
from functions.render_scene.core import cut
from functions.stitch.adapters import FinishedFilm, make_film, make_narration
from functions.stitch.core import scene_file
from functions.transcribe import sound
from shared.errors import UnsupportedMedia
from shared.film import ffmpeg
from shared.film.examine import examine_sound
from shared.film.narration import excerpt
from shared.film.plan import Plan, Word
from tests.unit.media_fakes import SAMPLE, clip, make, plan

FORMATS = {
    "talk.mp4": ("-c:a", "aac"),
    "talk.ogg": ("-c:a", "libopus"),
    "talk.mp3": (),
    "talk.flac": (),
    "talk.wav": (),
    "talk.webm": ("-c:a", "libopus"),
}
MEGABYTE = 1 << 20
HOSTILE_TEXTS = (
    r"{\fs999}{\p1}m 0 0 l 9999 9999",
    r"\N\h{\an8}{\clip(0,0,1,1)}",
    "مرحبا بالعالم",
    "שלום \u202eevil\u202c",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "W" * 10_000,
    "a\x00b\x07\x1b[31m\r\n",
    "'; movie=/etc/passwd, [in]",
    "-i http://127.0.0.1/ -y /tmp/owned",
    "Dialogue: 0,0:00:00.00,9:59:59.99,Default,,0,0,0,,x",
)


def examination(content: bytes, folder: Path) -> str:
    """Return how the examination of an upload ends: with its facts, or a refusal with a name."""
    file = folder / "recording"
    file.write_bytes(content)
    try:
        examined_sound = examine_sound(file)
        sound.plain(file, examined_sound)
    except UnsupportedMedia:
        return "refused"
    return examined_sound.info.container


@cache
def whole(name: str) -> bytes:
    """Return a sound recording of a second."""
    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder, name), "-i", str(SAMPLE), "-t", "1", *FORMATS[name]).read_bytes()


@st.composite
def damaged_recordings(draw: st.DrawFn) -> bytes:
    """Draw a recording that was cut off or has wrong bytes, half of them in its header, which matters most."""
    content = bytearray(whole(draw(st.sampled_from(sorted(FORMATS)))))
    places = st.integers(0, 299) | st.integers(0, len(content) - 1)
    for place, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=40)):
        content[place] = value
    return bytes(content[: draw(st.none() | st.integers(1, len(content) - 1))])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(damaged_recordings())
def test_a_damaged_recording_is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert examination(content, Path(folder))


def box(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(content) + 8 if size is None else size, kind) + content


def crafted_files() -> Iterator[tuple[str, bytes]]:
    """Yield small files that claim to be enormous."""
    head = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    many = struct.pack(">III", 0, 0, 0xFFFFFFF0)
    table = box(b"stbl", box(b"stsz", many) + box(b"stts", many[4:]) + box(b"stco", many[4:]))
    yield "a table of four billion samples", head + box(b"moov", box(b"trak", box(b"mdia", box(b"minf", table))))
    yield "a box larger than any file", head + box(b"moov", b"\0" * 64, 0x7FFFFFFF)
    deep = b""
    for _ in range(2_000):
        deep = box(b"moov", deep)
    yield "two thousand boxes in each other", head + deep
    wave = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 65535, 32)
    yield "65535 channels", b"RIFF\xff\xff\xff\xffWAVE" + wave + b"data\xff\xff\xff\xff" + b"\1" * 400_000
    yield "a playlist of the machine", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"
    yield "a script of other files", b"ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://127.0.0.1:9/a'\n"
    yield "flac of 16 million samples a block", b"fLaC\x80\0\0\x22" + b"\xff" * 34 + b"\xff\xf8" * 2_000


# The largest resident set of any child, in KiB, after each file was examined, in a process without other children.
PROBE = """
import json, resource, sys
from pathlib import Path
from tests.unit.test_hostile_media import crafted_files, examination
ends = {name: examination(content, Path(sys.argv[1])) for name, content in crafted_files()}
print(json.dumps([ends, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def test_a_small_file_that_claims_to_be_enormous_takes_little_memory(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PROBE, str(tmp_path)]
    process = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=200)
    ends, peak = json.loads(process.stdout)
    assert set(ends.values()) == {"refused"}
    assert peak * 1024 < 500 * MEGABYTE


@pytest.fixture(name="argument_log")
def watched_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let every run of ffmpeg write its arguments down first; yield the file they are in."""
    log = tmp_path / "arguments"
    real = ffmpeg.binary()
    shim = tmp_path / "ffmpeg"
    shim.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shlex.quote(str(log))}\nexec {shlex.quote(real)} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(shim))
    ffmpeg.binary.cache_clear()
    yield log
    ffmpeg.binary.cache_clear()


def stitch(film_plan: Plan, recording: Path) -> FinishedFilm:
    narration = make_narration(sound.plain(recording, examine_sound(recording)), excerpt(film_plan))
    return make_film(film_plan, recording.parent, narration, "video")


def test_hostile_words_are_drawn_and_none_of_them_is_an_option_of_ffmpeg(tmp_path: Path, argument_log: Path) -> None:
    words = tuple(Word(text=text, start=n * 0.2, end=n * 0.2 + 0.2) for n, text in enumerate(HOSTILE_TEXTS))
    film_plan = plan((48,), words)
    hostile = film_plan.scenes[0].model_copy(update={"audio_text": "; ".join(HOSTILE_TEXTS), "vertex_ai_prompt": "-y"})
    film_plan = film_plan.model_copy(update={"scenes": (hostile,), "overall_theme": HOSTILE_TEXTS[7]})
    source = clip(tmp_path / "source.mp4", 2)
    render(source, cut(film_plan, 1, "takes/one.mp4")).rename(tmp_path / scene_file(1))
    recording = make(tmp_path / "talk.wav", "-i", str(SAMPLE), "-t", "2").rename(tmp_path / "recording")
    assert stitch(film_plan, recording).film.is_file()
    arguments = argument_log.read_text(encoding="utf-8").splitlines()
    assert "captions.ass" in " ".join(arguments)
    for text in HOSTILE_TEXTS:
        assert not any(text[:12] in argument for argument in arguments)


def test_every_input_of_ffmpeg_may_reach_files_only(tmp_path: Path, argument_log: Path) -> None:
    film_plan = plan((48,))
    render(clip(tmp_path / "source.mp4", 2), cut(film_plan, 1, "takes/one.mp4")).rename(tmp_path / scene_file(1))
    recording = make(tmp_path / "talk.wav", "-i", str(SAMPLE), "-t", "2").rename(tmp_path / "recording")
    argument_log.unlink()
    stitch(film_plan, recording)
    arguments = argument_log.read_text(encoding="utf-8").splitlines()
    inputs = [index for index, argument in enumerate(arguments) if argument == "-i"]
    assert len(inputs) > 4
    for index in inputs:
        before = arguments[:index]
        start = max((at for at, argument in enumerate(before) if argument in ("-i", "-hide_banner")), default=0)
        protocols = dict(zip(before[start:], before[start + 1 :], strict=False)).get("-protocol_whitelist")
        assert protocols == "file", arguments[index + 1]
