from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import FfmpegCrashed, RenderFailed, UnsupportedMedia
from shared.film import ffmpeg, ffmpeg_failures
from shared.film.examine import examine_sound
from tests.unit.media_fakes import SAMPLE, clip, make

SOUNDS = {
    "a.mp3": ("mp3", "mp3"),
    "a.m4a": ("mov,mp4,m4a,3gp,3g2,mj2", "aac"),
    "a.wav": ("wav", "pcm_s16le"),
    "a.ogg": ("ogg", "vorbis"),
    "a.webm": ("matroska,webm", "opus"),
    "a.aiff": ("aiff", "pcm_s16be"),
    "a.aac": ("aac", "aac"),
}
HOSTILE = {
    "empty": b"",
    "text": b"hello " * 500,
    "playlist": b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "half an mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\xff\xffmdat" + b"\x01" * 900,
}


@pytest.mark.parametrize(("name", "container_and_codec"), SOUNDS.items())
def test_a_recording_is_known_by_its_content_and_measured_by_its_samples(
    tmp_path: Path, name: str, container_and_codec: tuple[str, str]
) -> None:
    recording = make(tmp_path / name, "-i", str(SAMPLE), "-t", "3").rename(tmp_path / "recording")
    info = ffmpeg.probe(recording)
    assert (info.container, info.audio_codec) == container_and_codec
    assert (info.has_video, info.channels) == (False, 1)
    measures = examine_sound(recording).sound
    assert measures.seconds == pytest.approx(3.0, abs=0.15)
    assert -30 < measures.peak_db <= 0


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_media_is_refused_and_reaches_no_other_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recording").write_bytes(content)
    with pytest.raises(UnsupportedMedia):
        ffmpeg.probe(tmp_path / "recording")


def test_a_clip_is_described(tmp_path: Path) -> None:
    file = clip(tmp_path / "clip.mp4", 1, "322x242", "30000/1001")
    info = ffmpeg.probe(file)
    assert (info.width, info.height, info.fps, info.has_audio) == (322, 242, 29.97, False)
    assert ffmpeg.packets([file.name], cwd=tmp_path)[0].frames == 30
    with pytest.raises(UnsupportedMedia, match="no audio"):
        examine_sound(file)


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    both = ("-i", str(SAMPLE), "-i", str(cover), "-map", "0:a", "-map", "1:v", "-t", "2")
    song = make(tmp_path / "song.mp3", *both, "-c:v", "copy", "-disposition:v:0", "attached_pic")
    assert not ffmpeg.probe(song).has_video


@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2), ("5.1", 6), ("7.1", 8)])
def test_channels_are_counted(tmp_path: Path, layout: str, channels: int) -> None:
    source = f"anullsrc=channel_layout={layout}:sample_rate=48000:duration=0.2"
    assert ffmpeg.probe(make(tmp_path / "a.flac", "-f", "lavfi", "-i", source)).channels == channels


def test_headers_tell_streams_that_cannot_be_joined_apart(tmp_path: Path) -> None:
    same = [clip(tmp_path / name, 0.5).name for name in ("a.mp4", "b.mp4")]
    other = clip(tmp_path / "c.mp4", 0.5, rate="25").name
    first, second, third = ffmpeg.packets([*same, other], cwd=tmp_path)
    assert first.header == second.header != third.header
    assert "extradata" in first.header


def test_a_failure_says_why_in_words_of_ours_and_leaves_ffmpegs_to_the_log(tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"no media at all" * 100)
    for arguments, words, detail in (
        (["-i", str(tmp_path / "secret" / "file.mp4"), "out.mp4"], "is not there", "No such file or directory"),
        (["-i", "damaged", "out.mp4"], "is damaged", "Invalid data found"),
        (["-i", str(SAMPLE), "-c:a", "nosuch", "out.mp4"], "lacks what the video needs", "Encoder not found"),
    ):
        with pytest.raises(RenderFailed, match=words) as failure:
            ffmpeg.run(arguments, cwd=tmp_path, timeout=10)
        assert "resume" in str(failure.value) or "operator" in str(failure.value)
        assert detail not in str(failure.value)
        (note,) = failure.value.__notes__
        assert detail in note
        assert "secret" not in note


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("x264 [error]: malloc of size 99 failed", "too little memory"),
        ("Error while filtering: Cannot allocate memory", "too little memory"),
        ("/tmp/a/b.mp4: Permission denied", "may not be read"),
        ("[mov] moov atom not found\nb.mp4: Invalid data found when processing input", "is damaged"),
        ("Stream map '0:v:0' matches no streams.", "is damaged"),
        ("No such filter: 'ass'\nError opening output file", "lacks what the video needs"),
        ("", "own words"),
        ("something that nobody has met", "own words"),
    ],
)
def test_what_ffmpeg_writes_is_told_by_a_sentence_of_ours(log: str, words: str) -> None:
    sentence = ffmpeg_failures.sentence(log)
    assert words in sentence
    assert not any(line and line in sentence for line in log.splitlines())


def test_a_run_that_does_not_end_is_killed(tmp_path: Path) -> None:
    endless = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]
    with pytest.raises(RenderFailed, match="did not end"):
        ffmpeg.run(endless, cwd=tmp_path, timeout=0.5)


def test_a_recording_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    endless = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]
    with pytest.raises(UnsupportedMedia, match="could not be read"):
        ffmpeg.unless_stuck(endless, tmp_path, 0.5)


@pytest.fixture(name="dying")
def ffmpeg_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shim = tmp_path / "ffmpeg"
    shim.write_text("#!/bin/sh\nkill -SEGV $$\n")
    shim.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(shim))
    ffmpeg.binary.cache_clear()
    yield
    ffmpeg.binary.cache_clear()


@pytest.mark.usefixtures("dying")
def test_an_ffmpeg_that_dies_says_nothing_about_the_file(tmp_path: Path) -> None:
    for work in (
        lambda: ffmpeg.probe(SAMPLE),
        lambda: ffmpeg.unless_stuck(["-i", "x"], tmp_path, 10),
        lambda: ffmpeg.run(["-i", "x"], cwd=tmp_path, timeout=10),
    ):
        with pytest.raises(FfmpegCrashed, match="signal 11"):
            work()


def test_a_full_disk_is_not_the_files_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        ffmpeg.run(["-y", "-i", str(SAMPLE), "-f", "wav", "/dev/full"], cwd=tmp_path, timeout=20)


# Each means something to ffmpeg, or cannot be written as text.
NAMES = (
    "10:30.flac",
    os.fsdecode(b"caf\xe9.flac"),
    " ",
    "x" * 249 + ".flac",
    "-i.flac",
    "%03d.flac",
    "concat:a|b",
    "a'b\\",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_of_any_name_is_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(SAMPLE.read_bytes())
    assert ffmpeg.probe(file).container == "flac"
    assert examine_sound(file).sound.seconds == pytest.approx(24.73)
