"""Stand-ins for the media stages: a bucket in a folder, made-up clips and a plan to cut them by."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from functions.transcribe.sound import plain
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.choices.words import Aspect, Resolution
from shared.contracts import FIRST_PLAN, Options
from shared.errors import RecordingChanged, RecordingUnreadable
from shared.film import ffmpeg
from shared.film.examine import examine_sound
from shared.film.plan import Look, Plan, PlannedScene, Word
from shared.models.video_models import FRAME_RATE

SAMPLE = Path(__file__).parents[2] / "samples" / "austen.flac"
VIDEO = "v1"
GENERATION = "g1"
PLAN_KEY = media_keys.plan(VIDEO, GENERATION, FIRST_PLAN)
SPOKEN = (
    "And Mr. John Dashwood had then leisure to consider how much there might be prudently in his power to do for them. "
    "He was not an ill-disposed young man, unless to be rather cold hearted and rather selfish is to be ill-disposed."
)


@dataclass(frozen=True, kw_only=True)
class FolderBucket(Bucket):
    """A bucket whose objects are files below `root`; `types` keeps each object's content type, `more` its metadata."""

    root: Path
    types: dict[str, str]
    more: dict[str, dict[str, str]]

    @classmethod
    def at(cls, root: Path) -> FolderBucket:
        return cls("media", root=root, types={}, more={})

    def path(self, key: str) -> Path:
        return self.root / key

    def read_text(self, key: str) -> str:
        if not self.holds(key):
            raise RecordingUnreadable(f"The object {key} could not be read.")
        return self.path(key).read_text(encoding="utf-8")

    def write_text(self, key: str, text: str, content_type: str = "application/json") -> None:
        self.write_bytes(key, text.encode(), content_type)

    def write_bytes(self, key: str, data: bytes, content_type: str) -> None:
        self.path(key).parent.mkdir(parents=True, exist_ok=True)
        self.path(key).write_bytes(data)
        self.types[key] = content_type
        self.more.pop(key, None)

    def download(self, key: str, to: Path) -> Path:
        if not self.holds(key):
            raise RecordingUnreadable(f"The object {key} could not be read.")
        return Path(shutil.copyfile(self.path(key), to))

    def upload(self, key: str, file: Path, content_type: str, metadata: Mapping[str, str] | None = None) -> None:
        self.write_bytes(key, file.read_bytes(), content_type)
        self.more[key] = dict(metadata or {})

    def metadata(self, key: str) -> dict[str, str]:
        return self.more.get(key, {})

    def sizes(self, prefix: str) -> dict[str, int]:
        return {prefix: self.path(prefix).stat().st_size} if self.path(prefix).is_file() else {}

    def download_seen(self, key: str, etag: str, to: Path) -> Path:
        if etag != self.etag(key):
            raise RecordingChanged("The recording was replaced after it was first seen.")
        return self.download(key, to)

    def etag(self, key: str) -> str:
        file = self.path(key)
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def make(target: Path, *args: str) -> Path:
    """Write `target` with ffmpeg, from inputs and options that are ffmpeg's own."""
    ffmpeg.run(["-y", *args, str(target)], cwd=target.parent, timeout=60)
    return target


def sound_of(recording: Path, folder: Path) -> Path:
    """Write the recording's sound into `folder` as the first stage stores it, and return its file."""
    with ffmpeg.at_hand(recording) as file:
        return Path(shutil.move(plain(file, examine_sound(file)), folder / media_keys.SOUND))


def clip(target: Path, seconds: float, size: str = "720x1280", rate: str = "24", picture: str = "testsrc2") -> Path:
    """Write a generated clip of moving test picture."""
    source = f"{picture}=size={size}:rate={rate}:duration={seconds}"
    return make(target, "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def speech(seconds: float, text: str = SPOKEN) -> tuple[Word, ...]:
    """Return `text` as words spread evenly over `seconds`."""
    texts = text.split()
    step = seconds / len(texts)
    return tuple(
        Word(text=word, start=at * step, end=(at + 0.9) * step, ends_sentence=word.endswith("."))
        for at, word in enumerate(texts)
    )


def plan(
    cuts: tuple[int, ...],
    words: tuple[Word, ...] = (),
    *,
    captions: Literal["words", "lines", "none"] = "words",
    aspect: Aspect = "9:16",
    resolution: Resolution = "720p",
    excerpt_start: float = 0.0,
) -> Plan:
    """Return a plan whose scenes end at the frames `cuts`."""
    starts = (0, *cuts[:-1])
    return Plan(
        video_id=VIDEO,
        generation_id=GENERATION,
        model="veo",
        language_code="en-US",
        options=Options(captions=captions, aspect_ratio=aspect, resolution=resolution),
        overall_theme="",
        look=Look(people="", place="", palette=""),
        negative_prompt="",
        excerpt_start=excerpt_start,
        excerpt_end=excerpt_start + cuts[-1] / FRAME_RATE,
        frame_rate=FRAME_RATE,
        frames=cuts[-1],
        scenes=tuple(_scene(at, *span) for at, span in enumerate(zip(starts, cuts, strict=True), start=1)),
        words=words,
    )


def _scene(sequence: int, start: int, end: int) -> PlannedScene:
    return PlannedScene(
        id=f"s{sequence}",
        sequence=sequence,
        start_frame=start,
        end_frame=end,
        start_time=start / FRAME_RATE,
        end_time=end / FRAME_RATE,
        duration=(end - start) / FRAME_RATE,
        veo_seconds=8,
        audio_text="",
        scene_description="",
        vertex_ai_prompt="",
        visual_style="cinematic",
    )
