"""A plan as a text that a person edits: YAML, with what may be changed and a comment on what is not.

Values only; touches nothing. Seconds of scenes count from the film's start, those of the excerpt from the recording's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from local.client.plan.api import TaggedPlan
from local.client.plan.sheet_parts import (
    CaptionSheet,
    CoverSheet,
    ExcerptSheet,
    LookSheet,
    PostSheet,
    SceneSheet,
    SheetPart,
)
from local.client.plan.text import money
from shared import wrong_values
from shared.brand.choices import MusicId
from shared.choices.words import CaptionMode, Continuity, Style
from shared.errors import InvalidRequest
from shared.http.plan_responses import SceneShown

WIDTH = 100
# What says which plan, or scene, is meant.
FIXED = ("plan", "id")
HEADER = """\
# The plan of video {video}, revision {revision}: {seconds:.1f} s. Save and close to make the changes; that is free.
# Move a scene's block to show its picture elsewhere, over the same words; remove it to merge it with the one before.
# Correct misheard words in `words`. The excerpt and the ends of scenes lie where the recording may be cut.
"""


class Sheet(SheetPart):
    """What may be changed of a plan; `plan` is the revision that it is about."""

    plan: str
    title: str
    style: Style
    captions: CaptionMode
    caption: CaptionSheet
    continuity: Continuity
    music: MusicId
    speakers: dict[str, str]
    model: str
    excerpt: ExcerptSheet
    look: LookSheet
    post: PostSheet
    cover: CoverSheet
    words: str
    scenes: list[SceneSheet]


class _Prose(str):
    """A text of sentences, in which any sign may stand."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    pass


def _represent_prose(dumper: yaml.SafeDumper, text: _Prose) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|" if text else None)  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(_Prose, _represent_prose)


def sheet_of(plan: TaggedPlan) -> Sheet:
    """Return what may be changed of the plan, as it is."""
    view = plan.view
    return Sheet(
        plan=plan.revision_name,
        title=view.title,
        style=view.style,
        captions=view.captions,
        caption=CaptionSheet.model_validate(view.caption_style.model_dump() | {"language": view.caption_language}),
        continuity=view.continuity,
        music=view.music,
        speakers={speaker.label: speaker.name for speaker in view.speakers},
        model=view.model,
        excerpt=ExcerptSheet(start=view.excerpt.start, end=view.excerpt.end),
        look=LookSheet(people=view.look.people, place=view.look.place, palette=view.look.palette),
        post=PostSheet(
            title=view.publish.title,
            hook=view.publish.hook,
            description=view.publish.description,
            hashtags=" ".join(view.publish.hashtags),
        ),
        cover=CoverSheet(at=view.cover.at, text=view.cover.text),
        words=" ".join(word.text for word in view.words),
        scenes=[
            SceneSheet(id=s.id, end=s.end, description=s.description, prompt=s.prompt, model=s.model, take=s.take)
            for s in view.scenes
        ],
    )


def text_of(plan: TaggedPlan) -> str:
    """Return the plan's sheet as YAML, with comments."""
    sheet = sheet_of(plan).model_dump()
    scenes: list[dict[str, Any]] = sheet.pop("scenes")
    sheet["words"] = _Prose(sheet["words"])
    sheet["post"] = {name: _Prose(text) for name, text in sheet["post"].items()}
    view = plan.view
    head = HEADER.format(video=view.video_id, revision=view.revision, seconds=view.seconds)
    blocks = [_comment(view_of) + _dump([_block(scene)]) for view_of, scene in zip(view.scenes, scenes, strict=True)]
    return "\n".join([head + _dump(sheet) + "scenes:", *blocks])


def parse(text: str) -> Sheet:
    """Return the sheet that a text holds; raise InvalidRequest, which names the line or the field."""
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise InvalidRequest(f"The plan is not YAML any more{where}: {getattr(error, 'problem', '')}.") from error
    return _validate(plain)


def read(file: Path) -> Sheet:
    """Return the sheet in a file; raise InvalidRequest when there is none, or it is none."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"--from {file}: there is no plan; `plan ID --yaml` prints one.") from error


def with_values(sheet: Sheet, settings: list[str]) -> Sheet:
    """Return the sheet with values set, each by NAME=VALUE; raise InvalidRequest for what there is not.

    A name is a field's, of a part after its name (look.place), of a scene after its number or its id (2.prompt).
    """
    plain = sheet.model_dump()
    for setting in settings:
        name, equals, value = setting.partition("=")
        *parts, field = name.strip().split(".")
        target: Any = _scene_named(plain["scenes"], parts[0]) if len(parts) == 1 else plain
        if len(parts) == 1 and target is None:
            target = plain.get(parts[0])
        if not equals or len(parts) > 1:
            raise InvalidRequest(f"--set {setting}: write NAME=VALUE, with a name such as style or 2.prompt.")
        if not isinstance(target, dict):
            raise InvalidRequest(f"--set {setting}: there is no scene {parts[0]}; there are {len(plain['scenes'])}.")
        set_names = [each for each in cast("dict[str, Any]", target) if each not in FIXED]
        if field not in set_names:
            raise InvalidRequest(f"--set {setting}: there is no {field} to set; choose one of {', '.join(set_names)}.")
        target[field] = value
    return _validate(plain)


def _scene_named(scenes: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((scene for number, scene in enumerate(scenes, 1) if name in (str(number), scene["id"])), None)


def _validate(plain: Any) -> Sheet:
    try:
        return Sheet.model_validate(plain)
    except ValidationError as error:
        where, wrong = wrong_values.first(error)
        # Places in lists count from 0 there, and from 1 for a person.
        name = ".".join(str(int(part) + 1) if part.isdecimal() else part for part in where) or "The plan"
        raise InvalidRequest(f"{name}: {wrong}.") from error


def _comment(scene: SceneShown) -> str:
    takes = ", ".join(f"{take.id} ({take.kind})" for take in scene.takes)
    clip = f"a new clip is {money(scene.usd)}"
    title = f"# Scene {scene.sequence}, from {scene.start:g} s; {clip}. Takes: {takes or 'none'}.\n"
    return title + "".join(f"#   {line}\n" for line in scene.text.splitlines())


def _block(scene: dict[str, Any]) -> dict[str, Any]:
    return {**scene, "description": _Prose(scene["description"]), "prompt": _Prose(scene["prompt"])}


def _dump(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
