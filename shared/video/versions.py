"""The finished videos of a recording: which there are, which one a record shows, and how one is taken out of it.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any

from shared.aws.dynamodb import Condition, Update
from shared.video.public_record import STEPS, CostBreakdown, ProcessingStep
from shared.video.record import GenerationData, VideoRecord
from shared.video.version import NOTE_LENGTH, NOTE_LIMIT, PROMPT_LIMIT, Version

# The attributes of the latest generation that name the finished files.
FILES = ("final_video_url", "captions_srt_url", "captions_vtt_url", "poster_url")
_DATA = "ai_generation_data"


def versions(record: VideoRecord) -> list[Version]:
    """Return the finished videos, newest first.

    A record that was finished before versions were kept has one, which no entry names.
    """
    if record.versions is None:
        return [earlier] if (earlier := _earlier_version(record)) else []
    return sorted(record.versions.values(), key=lambda version: version.finished_at, reverse=True)


def missing_entry(record: VideoRecord) -> dict[str, Version]:
    """Return by its generation what no entry names yet: a record's first start keeps it."""
    earlier = _earlier_version(record) if record.versions is None else None
    return {earlier.generation_id: earlier} if earlier else {}


def record_to_show(record: VideoRecord) -> VideoRecord:
    """Return the record as it is shown: a latest generation whose video was deleted makes room for the newest video.

    Without any it is a recording again. The record itself keeps the generation: what it cost is still to be settled.
    """
    data = record.ai_generation_data
    if data is None or not data.is_deleted or record.ai_generation_status != "completed":
        return record
    newest = next(iter(versions(record)), None)
    if newest is None:
        nothing = {"ai_generation_data": None, "ai_generation_status": None, "ai_project_type": None}
        return record.model_copy(update=nothing)
    return record.model_copy(update={_DATA: _generation(newest)})


def removal(record: VideoRecord, version: Version) -> Update:
    """Return the update that takes a version out of the record, if the record's files are still those that were seen.

    A record that shows it shows the newest of the others from then on.
    """
    data = record.ai_generation_data or GenerationData()
    sets: dict[str, Any] = {}
    removes: list[str] = []
    names: dict[str, str] = {}
    if record.versions is None:
        sets["versions"] = {}
        clause = "attribute_exists(video_id) AND attribute_not_exists(versions)"
    else:
        names["#generation_id"] = version.generation_id
        removes.append("versions.#generation_id")
        clause = "attribute_exists(versions.#generation_id)"
    is_shown = data.final_video_url == version.final_video_url
    clause += f" AND {'' if is_shown else 'NOT '}{_DATA}.final_video_url = :url"
    others = [other for other in versions(record) if other.generation_id != version.generation_id]
    if is_shown and others:
        sets |= {f"{_DATA}.{name}": getattr(others[0], name) for name in FILES}
    elif is_shown:
        removes += ["ai_project_type", *(f"{_DATA}.{name}" for name in FILES)]
    if is_shown and data.generation_id == version.generation_id:
        sets[f"{_DATA}.is_deleted"] = True
    where = Condition(clause, {"url": version.final_video_url})
    return Update(sets=sets, removes=removes, where=where, names=names)


def _earlier_version(record: VideoRecord) -> Version | None:
    data = record.ai_generation_data
    if data is None or record.ai_generation_status != "completed" or not data.final_video_url:
        return None
    scenes = data.scene_beats.scenes if data.scene_beats else []
    ends = [step.completed_at for step in data.processing_steps if step.completed_at]
    files = {name: getattr(data, name) for name in FILES}
    return Version(
        generation_id=data.generation_id,
        finished_at=max(ends, default=record.updated_at),
        seconds=max((scene.end_time for scene in scenes), default=data.target_duration),
        style=data.style,
        target_duration=data.target_duration,
        aspect_ratio=str(data.options.get("shape") or data.options.get("aspect_ratio", "")),
        captions=str(data.options.get("captions", "")),
        model=data.model,
        prompt=data.user_prompt[:PROMPT_LIMIT],
        cost_usd=data.cost_breakdown.total,
        degraded=[note[:NOTE_LENGTH] for note in data.degraded[:NOTE_LIMIT]],
        **files,
    )


def _generation(version: Version) -> GenerationData:
    """Return what is known of the generation of a version that is not the latest any more."""
    options = {
        "prompt": version.prompt,
        "target_duration": version.target_duration,
        "style": version.style,
        "aspect_ratio": version.aspect_ratio,
        "captions": version.captions,
        "model": version.model,
    }
    files = {name: getattr(version, name) for name in FILES}
    return GenerationData(
        generation_id=version.generation_id,
        model=version.model,
        options=options,
        processing_steps=[
            ProcessingStep(step=step, status="completed", completed_at=version.finished_at) for step in STEPS
        ],
        user_prompt=version.prompt,
        target_duration=version.target_duration,
        style=version.style,
        cost_breakdown=CostBreakdown(total=version.cost_usd),
        degraded=version.degraded,
        **files,
    )
