"""Measure the local recogniser's models: word error rate, language and time, on readings by people.

Reads `samples/` and, if it is named, a folder into which Debian's packages asterisk-core-sounds-{es,fr,it,ru} and
asterisk-core-sounds-{es,fr,it,ru}-wav were extracted (`dpkg -x`); prints two tables.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs] - it ships none
from rapidfuzz.distance import Levenshtein

from local.speech.models import Models
from local.speech.recognition import SAMPLE_RATE, identify, recognise

SAMPLES = Path(__file__).parents[1] / "samples"
LANGUAGES = ("es", "fr", "it", "ru")
# Prompts with fewer words tell little of a rate; what is in brackets is a sound, and numbers are read in many ways.
LEAST_WORDS = 8
_UNREAD = re.compile(r"[\[\](){}<>\d]")


@dataclass
class Tally:
    """What a model made of readings: words that were said, those that are wrong, seconds of sound and of work."""

    readings: int = 0
    word_count: int = 0
    mistakes: int = 0
    right_language: int = 0
    sound: float = 0
    work: float = 0
    doubtful: list[str] = field(default_factory=list[str])

    def row(self, *names: str) -> str:
        """Return a row of the table."""
        rate = f"{self.mistakes / self.word_count:.3f}"
        speed = f"{self.work / self.sound:.3f}"
        return "| " + " | ".join([*names, str(self.readings), str(self.word_count), rate, speed]) + " |"


def words_of(text: str) -> list[str]:
    """Return the words of a text without case, accents and signs, which the prompts' texts have only here and there."""
    letters = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return re.findall(r"[^\W\d_]+|\d+", plain.replace("'", "").replace("’", ""))


def sound_of(file: Path) -> Any:
    """Return the samples of a file as the recogniser takes them."""
    import numpy

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(file), "-f", "s16le", "-ac", "1"]
    samples = subprocess.run([*command, "-ar", str(SAMPLE_RATE), "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(samples, numpy.int16).astype(numpy.float32) / 32768


def hear(model: Any, language: str, audio: Any, reference: str, tally: Tally) -> None:
    """Add to the tally what the model hears."""
    begin = time.process_time()
    segments = recognise(model, language, audio, 0.0)
    tally.work += time.process_time() - begin
    text = "".join(word["text"] for segment in segments for word in segment["words"])
    tally.readings += 1
    tally.word_count += len(words_of(reference))
    tally.mistakes += Levenshtein.distance(words_of(reference), words_of(text))
    tally.sound += len(audio) / SAMPLE_RATE


def prompts(folder: Path, language: str, count: int) -> Iterator[tuple[Path, str]]:
    """Yield `count` of a language's prompts, drawn alike each time, each with its text."""
    listing = next(folder.rglob(f"core-sounds-{language}.txt*"))
    text = (gzip.decompress(listing.read_bytes()) if listing.suffix == ".gz" else listing.read_bytes()).decode()
    lines = (line.partition(":") for line in text.splitlines() if not line.startswith(";"))
    texts = {name.strip(): text.strip() for name, _, text in lines}
    voices = next(folder.rglob(f"sounds/{language}_*"))
    candidates = [(voices / f"{name}.wav", reference) for name, reference in sorted(texts.items())]
    readings = [(file, reference) for file, reference in candidates if file.is_file() and _is_readable(reference)]
    yield from random.Random(1).sample(readings, min(count, len(readings)))


def _is_readable(reference: str) -> bool:
    return not _UNREAD.search(reference) and len(words_of(reference)) >= LEAST_WORDS


def measure_english(models: Models) -> Iterator[str]:
    """Yield a row for each model on the bundled recording."""
    note = (SAMPLES / "README.md").read_text(encoding="utf-8")
    reference = " ".join(line[2:] for line in note.splitlines() if line.startswith("> "))
    audio = sound_of(SAMPLES / "austen.flac")
    for name, model in (("tiny.en", models.english), ("base", models.multilingual)):
        tally = Tally()
        hear(model, "en", audio, reference, tally)
        yield tally.row("samples/austen.flac (en)", name)


def measure(models: Models, folder: Path, language: str, count: int) -> tuple[str, str]:
    """Return the row of a language's prompts, and one of how its language was identified."""
    tally = Tally()
    for file, reference in prompts(folder, language, count):
        audio = sound_of(file)
        heard_language, probability = identify(models.multilingual, audio)
        tally.right_language += heard_language == language
        if heard_language != language:
            tally.doubtful.append(f"{heard_language} {probability:.2f}")
        hear(models.multilingual, language, audio, reference, tally)
    wrong = ", ".join(tally.doubtful) or "none"
    identification = f"| {language} | {tally.right_language} of {tally.readings} | {wrong} |"
    return tally.row(f"prompts, 8 kHz ({language})", "base"), identification


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=Path, help="the folder of the extracted packages")
    parser.add_argument("--count", type=int, default=30, help="readings of each language")
    arguments = parser.parse_args()
    models = Models()
    print("| readings | model | files | words | word error rate | processor s per s |\n|---|---|---|---|---|---|")
    print(*measure_english(models), sep="\n")
    if arguments.prompts:
        rows = [measure(models, arguments.prompts, language, arguments.count) for language in LANGUAGES]
        print(*(row for row, _ in rows), sep="\n")
        print("\n| language | identified | taken for (probability) |\n|---|---|---|")
        print(*(identification for _, identification in rows), sep="\n")


if __name__ == "__main__":
    main()
