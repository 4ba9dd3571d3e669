"""Words after a pause are lit when they are heard: against recordings whose pauses are known to the sample."""

from __future__ import annotations

import io
import itertools
import json
import re
import statistics
import subprocess
import wave
from typing import Any, NamedTuple

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imageio_ffmpeg import get_ffmpeg_exe  # pyright: ignore[reportMissingTypeStubs] - it ships none

from functions.plan import core
from functions.plan.transcript import Transcript, read
from local.emulators.transcribe.transcript import result
from local.speech.onsets import snap_to_voice
from local.speech.recogniser import Recogniser
from local.speech.recognition import SAMPLE_RATE
from shared.captions import ass
from shared.captions.looks import LOOKS
from shared.contracts import Options
from shared.film import captions
from shared.film.plan import Plan
from tests.local.words import VOICE
from tests.unit.plan_calls import request
from tests.unit.plan_examples import quick, reply, scene

MEAN = 0.08
WORST = 0.2
EVENT = re.compile(r"^Dialogue: 0,0:(\d\d):([\d.]+),.*?\\c&H00E6FF&.*?\}([^{]+)\{", re.MULTILINE)


class Piece(NamedTuple):
    """Words of the sample between two pauses: the first of them, and seconds where the voice rises and is gone."""

    word: str
    start: float
    end: float


PIECES = [
    Piece("And", 0.24, 6.78),
    Piece("He", 7.36, 9.92),
    Piece("Unless", 10.38, 15.12),
    Piece("Had", 15.70, 21.20),
    Piece("He", 21.73, 24.40),
]
# The order of the pieces, the seconds of silence before each and at the end, and how loud the room is (16 bits).
RECORDINGS = [
    ((0, 1, 2, 3, 4), (0.304, 0.407, 0.503, 0.601, 0.708, 1.0), 0),
    ((4, 2, 0, 3, 1), (0.606, 0.6, 0.603, 0.6, 0.6, 0.6), 60),
    ((1, 3, 0, 4, 2), (1.001, 2.0, 0.307, 1.402, 1.0, 1.0), 60),
]


class Recording(NamedTuple):
    """16-bit samples, and the seconds at which each piece's first word begins."""

    samples: Any
    onsets: list[tuple[str, float]]

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def wav(self) -> bytes:
        file = io.BytesIO()
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            sound.writeframes(self.samples.tobytes())
        return file.getvalue()


def recording(order: tuple[int, ...], pauses: tuple[float, ...], room: int) -> Recording:
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(VOICE), "-f", "s16le", "-"]
    voice = numpy.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, numpy.int16)
    noise = numpy.random.default_rng(1)
    parts: list[Any] = []
    onsets: list[tuple[str, float]] = []
    for number, pause in itertools.zip_longest(order, pauses):
        parts.append(noise.normal(0, room, round(pause * SAMPLE_RATE)).astype(numpy.int16))
        if number is not None:
            piece = PIECES[number]
            onsets.append((piece.word, sum(len(part) for part in parts) / SAMPLE_RATE))
            parts.append(voice[round(piece.start * SAMPLE_RATE) : round(piece.end * SAMPLE_RATE)])
    return Recording(numpy.concatenate(parts), onsets)


def nearest(word: str, time: float, starts: list[tuple[str, float]]) -> float:
    """Return by how many seconds the nearest such word is early (below 0) or late."""
    return min((start - time for text, start in starts if text.strip(".,").lower() == word.lower()), key=abs)


def lit_words(film_plan: Plan) -> list[tuple[str, float]]:
    """Return each word of the captions with the second of the recording at which it is lit."""
    lines = captions.lines(film_plan.words, film_plan.frames / 24, LOOKS["words"].shape)
    text = ass.document(lines, start=0, end=film_plan.frames / 24, size=(720, 1280), mode="words")
    return [
        (word, 60 * int(minutes) + float(seconds) + film_plan.excerpt_start)
        for minutes, seconds, word in EVENT.findall(text)
    ]


def is_in(film: Plan, moment: float) -> bool:
    """Return whether the film holds this second of the recording."""
    return film.excerpt_start <= moment < film.excerpt_end


def plan_of(transcript: Transcript, seconds: float) -> Plan:
    order = request(seconds, Options(target_duration=60))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    return core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))


def test_words_after_a_pause_are_lit_when_they_are_heard(record_property: Any) -> None:
    recogniser = Recogniser()
    errors: dict[str, list[float]] = {"recognised": [], "lit": []}
    try:
        for clip_of_speech in itertools.starmap(recording, RECORDINGS):
            segments = recogniser.transcribe(clip_of_speech.wav, "wav").segments
            document = result("job", "1", "en-US", segments, None)
            transcript = read(json.dumps(document), clip_of_speech.seconds)
            starts = [(word.text, word.start) for word in transcript.words]
            film = plan_of(transcript, clip_of_speech.seconds)
            lit_times = lit_words(film)
            errors["recognised"] += [nearest(*onset, starts) for onset in clip_of_speech.onsets]
            errors["lit"] += [nearest(*onset, lit_times) for onset in clip_of_speech.onsets if is_in(film, onset[1])]
    finally:
        recogniser.close()
    # The third film begins after the first pause, so that silence stays within its share.
    assert [len(seconds) for seconds in errors.values()] == [15, 14]
    for name, seconds in errors.items():
        apart = [abs(error) for error in seconds]
        record_property(name, (statistics.mean(apart), max(apart)))
        print(f"{name}: {len(apart)} words, mean error {statistics.mean(apart):.3f} s, worst {max(apart):.3f} s")
        assert statistics.mean(apart) <= MEAN
        assert max(apart) <= WORST


def sound(*stretches: tuple[float, float]) -> Any:
    """One tone a stretch: seconds, and a level from 0 to 1."""
    return numpy.concatenate(
        [level * numpy.sin(numpy.arange(round(seconds * SAMPLE_RATE)) / 8) for seconds, level in stretches]
    )


def word_times(*times: tuple[float, float]) -> list[dict[str, float]]:
    return [{"start": start, "end": end} for start, end in times]


Times = list[tuple[float, float]]
SNAPPED: dict[str, tuple[Times, Times, Times]] = {
    "early": ([(1, 0.5), (1, 0), (1, 0.5)], [(0, 1), (1, 3)], [(0, 1), (2, 3)]),
    "late": ([(1, 0.5), (1, 0), (1, 0.5)], [(0, 1), (2.3, 3)], [(0, 1), (2, 3)]),
    "the word before ends early": ([(1, 0.5), (1, 0), (1, 0.5)], [(0, 0.7), (2, 3)], [(0, 1), (2, 3)]),
    "room and breath": ([(1, 0.5), (1, 0.02), (1, 0.5)], [(0, 1.6), (1.6, 3)], [(0, 1), (2, 3)]),
    "a closure of a consonant": ([(1, 0.5), (0.1, 0), (1, 0.5)], [(0, 1), (1, 2.1)], [(0, 1), (1, 2.1)]),
    "before the first and after the last": ([(1, 0), (1, 0.5), (1, 0)], [(0.5, 2.5)], [(1, 2)]),
    "far from every word": ([(1, 0.5), (4, 0), (1, 0.5)], [(0, 1)], [(0, 1)]),
    "nothing heard": ([(1, 0.5), (1, 0)], [], []),
}


@pytest.mark.parametrize(("stretches", "times_heard", "right"), SNAPPED.values(), ids=list(SNAPPED))
def test_words_begin_and_end_where_the_voice_does(stretches: Times, times_heard: Times, right: Times) -> None:
    words = snap_to_voice(word_times(*times_heard), sound(*stretches), SAMPLE_RATE)
    assert [(word["start"], word["end"]) for word in words] == right


@quick
@given(
    st.lists(st.tuples(st.floats(0.01, 2), st.sampled_from([0, 0.01, 0.1, 0.5])), min_size=1, max_size=8),
    st.lists(st.floats(0, 12), max_size=20),
)
def test_no_word_is_lost_or_overtakes_another(stretches: list[tuple[float, float]], marks: list[float]) -> None:
    marks = sorted(marks)[: len(marks) // 2 * 2]
    words = word_times(*zip(marks[::2], marks[1::2], strict=True))
    words_at_voice = snap_to_voice(words, sound(*stretches), SAMPLE_RATE)
    times = [time for word in words_at_voice for time in (word["start"], word["end"])]
    assert len(words_at_voice) == len(words)
    assert times == sorted(times)
