"""Music under the voice, as it sounds: how loud, when, at its seams and at its ends; and what may be uploaded as music.

The voice is a tone of 400 Hz and the music one of 3 kHz or noise above it, so that filters can tell them apart.
"""

from __future__ import annotations

import struct
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from functions.check_image.music import plain_music
from functions.stitch.adapters import Narration, make_narration
from functions.stitch.bed import MIXED
from shared import media_keys
from shared.errors import UnsupportedMedia
from shared.film import ffmpeg
from shared.film.narration import Excerpt, excerpt, speech_spans
from shared.film.plan import Word
from tests.unit.media_fakes import make, plan, speech
from tests.unit.test_stitch import loudness_and_peak, stitch_with_music

RATE = 48_000
VOICE_HZ = 400
MUSIC_HZ = 3000
SECONDS = 20.0
WORDS = (Word(text="one", start=4, end=8), Word(text="two", start=12, end=15))
PART = Excerpt(0, SECONDS, "5" * 20, speech_spans(WORDS))


def tone(hertz: float, seconds: float, level: float = 0.5) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def write(file: Path, sound: np.ndarray) -> Path:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound * 32_000).astype("<i2").tobytes())
    return file


def voice(folder: Path) -> Path:
    times = np.arange(round(SECONDS * RATE)) / RATE
    speaks = sum((word.start <= times) & (times < word.end) for word in WORDS)
    return make(folder / media_keys.SOUND, "-i", str(write(folder / "voice.wav", tone(VOICE_HZ, SECONDS) * speaks)))


def narration_over(folder: Path, music: np.ndarray) -> tuple[Narration, Path]:
    """Return the narration over the music, and its file."""
    own = plain_music(write(folder / "upload", music), folder)
    narration = make_narration(voice(folder), PART, own.file)
    return narration, folder / narration.file


def decibels(file: Path, *, hertz: float, start: float, end: float) -> float:
    """Return how loud a tone is in a part of the file, in dB, by the energy at its frequency."""
    raw = file.parent / "part.raw"
    ffmpeg.run(
        ["-y", "-i", str(file), "-ac", "1", "-ar", str(RATE), "-f", "f32le", str(raw)], cwd=file.parent, timeout=30
    )
    part = np.fromfile(raw, np.float32)[round(start * RATE) : round(end * RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) / len(part)
    place = round(hertz * len(part) / RATE)
    return 20 * np.log10(float(spectrum[place - 9 : place + 10].max()) + 1e-9)


def test_music_lies_far_below_the_voice_and_rises_in_its_pauses(tmp_path: Path) -> None:
    narration, file = narration_over(tmp_path, tone(MUSIC_HZ, 60))
    assert abs(narration.level.lufs + 14) <= 1.5
    assert narration.level.peak <= -1
    lufs, peak = loudness_and_peak(file)
    assert abs(lufs + 14) <= 1.5
    assert peak <= -1
    for word in WORDS:
        part = {"start": word.start, "end": word.end}
        assert decibels(file, hertz=VOICE_HZ, **part) - decibels(file, hertz=MUSIC_HZ, **part) >= 15
    low = decibels(file, hertz=MUSIC_HZ, start=5, end=7)
    assert decibels(file, hertz=MUSIC_HZ, start=9.5, end=11) - low > 10


def test_music_fades_in_and_out(tmp_path: Path) -> None:
    _, file = narration_over(tmp_path, tone(MUSIC_HZ, 60))
    full = decibels(file, hertz=MUSIC_HZ, start=1, end=3)
    assert decibels(file, hertz=MUSIC_HZ, start=0, end=0.1) < full - 6
    assert decibels(file, hertz=MUSIC_HZ, start=18.5, end=18.9) < full - 1
    assert decibels(file, hertz=MUSIC_HZ, start=19.8, end=20) < full - 15


@pytest.mark.parametrize("length", [2.5, 3.217, 7.0])
def test_music_that_is_too_short_goes_on_without_a_click(length: float, tmp_path: Path) -> None:
    # Its end and beginning do not fit: a plain repetition would jump by the whole height of the wave.
    phase = np.linspace(0.25, 0.75 + round(length * 90), round(length * RATE))
    _, file = narration_over(tmp_path, 0.5 * np.sin(2 * np.pi * phase))
    raw = tmp_path / "whole.raw"
    ffmpeg.run(["-y", "-i", str(file.parent / MIXED), "-ac", "1", "-f", "f32le", str(raw)], cwd=tmp_path, timeout=30)
    sound = np.fromfile(raw, np.float32)
    assert len(sound) == SECONDS * RATE
    # Between the words and the fades nothing is heard but music.
    for start, end in ((0.6, 3.5), (9.5, 11.3), (16.2, 17.9)):
        alone = sound[round(start * RATE) : round(end * RATE)]
        loudness = np.abs(alone[: len(alone) // 960 * 960]).reshape(-1, 960).max(axis=1)
        # It never stops, and no step is higher than a wave of 90 Hz takes in two hundred samples.
        assert loudness.min() > 0.3 * loudness.max()
        assert np.abs(np.diff(alone, n=2)).max() < 0.01 * loudness.max()


def test_pauses_are_long_or_none_and_music_is_part_of_what_tells_narrations_apart() -> None:
    words = (Word(text="a", start=1, end=2), Word(text="b", start=2.9, end=3), Word(text="c", start=8, end=9))
    assert speech_spans(words) == ((0.85, 3.25), (7.85, 9.25))
    assert speech_spans(()) == ()
    film_plan = plan((24, 240), speech(8))
    silent = excerpt(film_plan)
    with_music = excerpt(
        film_plan.model_copy(update={"options": film_plan.options.model_copy(update={"music": "a" * 20})})
    )
    assert silent.speech == ()
    assert with_music.speech
    digests = {
        each.digest
        for each in (silent, with_music, replace(with_music, music="b" * 20), replace(with_music, speech=()))
    }
    assert len(digests) == 4


def recording(seconds: int, said_seconds: int, rate: int = 8000) -> bytes:
    """Return a WAV of so many seconds whose header says what it likes, of one byte a sample."""
    stated_bytes = said_seconds * 8000
    head = struct.pack("<4sL4s4sL", b"RIFF", stated_bytes + 36, b"WAVE", b"fmt ", 16)
    body = struct.pack("<HHLLHH4sL", 1, 1, rate, rate, 1, 8, b"data", stated_bytes)
    return head + body + b"\x90\x70" * (seconds * 4000)


def test_a_header_that_lies_makes_music_no_longer_than_it_is_and_no_longer_than_it_says(tmp_path: Path) -> None:
    for content in (recording(3, 36_000), recording(2400, 3)):
        (tmp_path / "upload").write_bytes(content)
        assert plain_music(tmp_path / "upload", tmp_path).seconds == pytest.approx(3, abs=0.1)


REFUSED = {
    "ten hours of one sample a second": (recording(3, 3, rate=1), "min; 30 are the most"),
    "a rate of four thousand million": (recording(3, 3, rate=0xFFFFFFF0), "readable"),
    "nothing": (b"", "empty"),
    "a text": (b"la la la " * 500, "readable"),
    "a playlist": (b"#EXTM3U\nfile:///etc/passwd\n", "readable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_music_is_refused_with_a_sentence_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    content, words = REFUSED[name]
    upload = tmp_path / "upload"
    upload.write_bytes(content)
    with pytest.raises(UnsupportedMedia, match=words):
        plain_music(upload, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["upload"]


def test_music_that_is_silent_short_or_endless_is_refused(tmp_path: Path) -> None:
    for sound, words in ((np.zeros(5 * RATE), "silent"), (tone(MUSIC_HZ, 1), "1.0 s; 2")):
        with pytest.raises(UnsupportedMedia, match=words):
            plain_music(write(tmp_path / "upload", sound), tmp_path)
    endless = make(tmp_path / "endless.flac", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "36000")
    with pytest.raises(UnsupportedMedia, match="600 min; 30"):
        plain_music(endless, tmp_path)


@pytest.mark.parametrize("name", ["mp3", "m4a", "ogg", "flac", "mp4 with a picture"])
def test_music_is_stored_in_stereo_and_its_first_ninety_seconds(name: str, tmp_path: Path) -> None:
    ending = name[:4].strip()
    picture = ["-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=95"] if "picture" in name else []
    music = write(tmp_path / "music.wav", tone(MUSIC_HZ, 95))
    upload = make(tmp_path / f"upload.{ending}", *picture, "-i", str(music), "-metadata", "title=Secret")
    own = plain_music(upload, tmp_path)
    assert abs(own.seconds - 90) < 0.1
    info = ffmpeg.probe(own.file)
    assert (info.has_audio, info.has_video) == (True, False)
    assert b"Secret" not in own.file.read_bytes()


def test_a_film_has_the_music_and_says_when_it_was_deleted(tmp_path: Path) -> None:
    music = write(tmp_path / "upload", tone(MUSIC_HZ, 30))
    film = stitch_with_music(tmp_path / "with", plain_music(music, tmp_path).file)
    assert film.out.degraded == ()
    assert decibels(film.file, hertz=MUSIC_HZ, start=1, end=9) > -80
    without = stitch_with_music(tmp_path / "without", None)
    assert "music was deleted" in without.out.degraded[0]
