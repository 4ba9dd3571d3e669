"""Write recognised speech in the exact output format of Amazon Transcribe.

Touches nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.film.running_text import join_texts, stand_close
from shared.film.sentences import is_abbreviation

Segment = Mapping[str, Any]
Item = dict[str, Any]

_TRAILING = re.compile(r"[.,!?;:。，、！？；：।؟،۔]+$")
# Quotation marks, dashes and brackets are never part of a word in Amazon's output.
_STRIPPED = "\"'“”‘’()[]{}-–—… "


def result(job: str, account: str, language: str, segments: Sequence[Segment], score: str | None) -> dict[str, Any]:
    """Return the document of a completed job; `score` is the certainty of an identified language."""
    items, audio_segments = _items_and_segments(_join_words(segments))
    text = join_texts(segment["transcript"] for segment in audio_segments)
    results: dict[str, Any] = {
        "language_code": language,
        "transcripts": [{"transcript": text}],
        "items": items,
        "audio_segments": audio_segments,
    }
    if labels := [segment["speaker_label"] for segment in audio_segments if "speaker_label" in segment]:
        results["speaker_labels"] = _speaker_labels(labels, items, audio_segments)
    if score is not None:
        results["language_identification"] = [{"score": score, "code": language}]
    return {"jobName": job, "accountId": account, "status": "COMPLETED", "results": results}


def speech_seconds(segments: Sequence[Segment]) -> float:
    """Return the seconds in which somebody speaks: from the first to the last word of each segment."""
    segments_with_words = [segment["words"] for segment in segments if segment["words"]]
    return sum(words[-1]["end"] - words[0]["start"] for words in segments_with_words)


def _join_words(segments: Sequence[Segment]) -> list[list[Item]]:
    # Whisper cuts "ill-disposed" into " ill" and "-disposed": only a leading space begins a word, where there are any.
    lines: list[list[Item]] = []
    for segment in segments:
        line: list[Item] = []
        for word in segment["words"]:
            if line and _continues(line[-1]["text"], word["text"]):
                line[-1] = {**line[-1], "text": line[-1]["text"] + word["text"], "end": word["end"]}
            else:
                line.append({**word, **({"speaker": segment["speaker"]} if "speaker" in segment else {})})
        lines.append(line)
    _clamp([word for line in lines for word in line])
    return lines


def _continues(before: str, text: str) -> bool:
    return not text.startswith(" ") and not (text[:1].isalnum() and stand_close(before, text))


def _clamp(words: Sequence[Item]) -> None:
    for word, following in itertools.pairwise(words):
        word["end"] = max(word["start"], min(word["end"], following["start"]))


def _items_and_segments(lines: Iterable[Sequence[Item]]) -> tuple[list[Item], list[Item]]:
    items: list[Item] = []
    audio_segments: list[Item] = []
    for line in lines:
        first = len(items)
        for word in line:
            items.extend(_items_of(word, len(items)))
        words = [item for item in items[first:] if item["type"] == "pronunciation"]
        if words:
            audio_segments.append(_audio_segment(len(audio_segments), items[first:], words))
    return items, audio_segments


def _items_of(word: Item, number: int) -> list[Item]:
    text = str(word["text"]).strip(_STRIPPED)
    marks = "" if is_abbreviation(text) else "".join(_TRAILING.findall(text))
    stripped_word = text.removesuffix(marks).strip(_STRIPPED)
    if not stripped_word:
        return []
    alternative = {"confidence": f"{word['probability']:.3f}", "content": stripped_word}
    label = {"speaker_label": f"spk_{word['speaker']}"} if "speaker" in word else {}
    pronunciation = {
        "id": number,
        **label,
        "type": "pronunciation",
        "alternatives": [alternative],
        "start_time": _seconds(word["start"]),
        "end_time": _seconds(word["end"]),
    }
    if not marks:
        return [pronunciation]
    mark = {"confidence": "0.0", "content": marks[0]}
    return [pronunciation, {"id": number + 1, **label, "type": "punctuation", "alternatives": [mark]}]


def _speaker_labels(labels: Sequence[str], items: Sequence[Item], audio_segments: Sequence[Item]) -> Item:
    """Return who speaks when, in the form that has been there longer than labels of items."""
    times = ("start_time", "end_time", "speaker_label")
    words: list[list[Item]] = [[items[number] for number in segment["items"]] for segment in audio_segments]
    segments: list[Item] = [
        {name: segment[name] for name in times}
        | {"items": [{name: item[name] for name in times} for item in line if item["type"] == "pronunciation"]}
        for segment, line in zip(audio_segments, words, strict=True)
    ]
    return {"channel_label": "ch_0", "speakers": len(set(labels)), "segments": segments}


def _audio_segment(number: int, items: Sequence[Item], words: Sequence[Item]) -> Item:
    return {
        "id": number,
        "transcript": _text(items),
        "start_time": words[0]["start_time"],
        "end_time": words[-1]["end_time"],
        **({"speaker_label": words[0]["speaker_label"]} if "speaker_label" in words[0] else {}),
        "items": [item["id"] for item in items],
    }


def _text(items: Iterable[Item]) -> str:
    words: list[str] = []
    for item in items:
        content = item["alternatives"][0]["content"]
        if words and item["type"] == "punctuation":
            words[-1] += content
        else:
            words.append(content)
    return join_texts(words)


def _seconds(value: float) -> str:
    return str(round(float(value), 3))
