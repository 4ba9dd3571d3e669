"""What a person has changed in a plan's sheet, as edits of the plan in the order in which they can be made.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from local.client.plan.sheet import Sheet
from local.client.plan.sheet_parts import SceneSheet
from shared.build import edits
from shared.build.edits import Edit
from shared.errors import InvalidRequest


def differences(old: Sheet, new: Sheet) -> list[Edit]:
    """Return the edits that make `old` into `new`; raise InvalidRequest for what no edit can do."""
    _require_same_scenes(old, new)
    return [
        *_words(old.words.split(), new.words.split()),
        *_options(old, new),
        *_scenes(old, new),
        *_merges(old, new),
        *_moves(old, new),
        *_order(old, new),
        *_excerpt(old, new),
    ]


def _require_same_scenes(old: Sheet, new: Sheet) -> None:
    ids = [scene.id for scene in new.scenes]
    strangers = set(ids) - {scene.id for scene in old.scenes}
    if strangers:
        raise InvalidRequest(f"There is no scene {min(strangers)}; `reelwright edit ID --split` cuts one in two.")
    if len(set(ids)) < len(ids):
        raise InvalidRequest("A scene is named twice; `reelwright edit ID --split` cuts one in two.")
    if old.scenes[0].id not in ids:
        raise InvalidRequest(f"Scene {old.scenes[0].id} has none before it to be merged with; leave it there.")


# A film of so many words hardly loses half of them by a correction.
MANY = 8
# Letters of one word, as the API takes it.
LONGEST = 60


def _words(old: list[str], new: list[str]) -> Iterator[Edit]:
    """Yield the corrections, the last word's first: then the places of the others stay what they are."""
    changes = [code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"]
    if changes and not old:
        raise InvalidRequest("words: the plan has none, so that there is none to correct.")
    if len(old) >= MANY and len(new) < len(old) / 2:
        raise InvalidRequest(
            f"words: {len(old) - len(new)} of {len(old)} would be deleted for good, also for later videos of the "
            "recording; if that is meant, use `words ID --delete`."
        )
    for _, first, last, new_first, new_last in reversed(changes):
        texts = new[new_first:new_last]
        if first < last:
            yield from _corrections(first, last - first, texts)
        # A word that was left out shares the time of the one beside it.
        elif first == 0:
            yield from _corrections(0, 1, [*texts, old[0]])
        else:
            yield from _corrections(first - 1, 1, [old[first - 1], *texts])


def _corrections(first: int, count: int, texts: list[str]) -> Iterator[Edit]:
    for index in reversed(range(first + min(len(texts), count), first + count)):
        yield edits.DeleteWord(op="delete", index=index)
    pairs = min(len(texts), count)
    for number in reversed(range(pairs)):
        text = " ".join(texts[number:]) if number == pairs - 1 else texts[number]
        if len(texts) > count and len(text) > LONGEST:
            raise InvalidRequest(
                f"words: {len(texts)} do not fit where {count} were heard: “{text[:LONGEST]} …” is too long for one; "
                "write about as many as were heard."
            )
        yield edits.CorrectWord(op="word", index=first + number, text=text)


def _options(old: Sheet, new: Sheet) -> Iterator[Edit]:
    if new.title != old.title:
        yield edits.ChangeTitle(op="title", title=new.title)
    if new.style != old.style:
        yield edits.ChangeStyle(op="style", style=new.style)
    if (new.captions, new.caption) != (old.captions, old.caption):
        yield _captions(old, new)
    if new.continuity != old.continuity:
        yield edits.ChangeContinuity(op="continuity", continuity=new.continuity)
    if new.music != old.music:
        yield edits.ChangeMusic(op="music", music=new.music)
    if new.speakers != old.speakers:
        yield edits.NameSpeakers(op="speakers", speakers=dict.fromkeys(old.speakers, "") | new.speakers)
    if new.model != old.model:
        yield edits.ChangeModel(op="model", model=new.model)
    look = _changes(old.look.model_dump(), new.look.model_dump())
    if look:
        yield edits.ChangeLook(op="look", **look)
    if post := _changes(old.post.model_dump(), new.post.model_dump()):
        yield edits.ChangePublish.model_validate({"op": "publish", **post, **_tags(post)})
    if cover := _changes(old.cover.model_dump(), new.cover.model_dump()):
        yield edits.ChangeCover.model_validate({"op": "cover", **cover, **_no_time(cover)})


def _no_time(cover: dict[str, Any]) -> dict[str, str]:
    """Return what leaves the frame to the video again, where no time is named any more."""
    return {"scene": ""} if cover.get("at", 0) is None else {}


def _tags(post: dict[str, str]) -> dict[str, list[str]]:
    return {"hashtags": post["hashtags"].replace("#", " ").split()} if "hashtags" in post else {}


def _captions(old: Sheet, new: Sheet) -> Edit:
    look = {"captions": new.captions} if new.captions != old.captions else {}
    style = _changes(old.caption.model_dump(), new.caption.model_dump())
    return edits.ChangeCaptions.model_validate({"op": "captions", **look, **style})


def _scenes(old: Sheet, new: Sheet) -> Iterator[Edit]:
    new_scenes = {scene.id: scene for scene in new.scenes}
    for scene in old.scenes:
        new_scene = new_scenes.get(scene.id, scene)
        shows = {"prompt", "description", "model"}
        changes = _changes(scene.model_dump(include=shows), new_scene.model_dump(include=shows))
        if changes:
            yield edits.ChangeScene(op="scene", scene=scene.id, **changes)
        if new_scene.take != scene.take:
            yield edits.ChooseTake(op="take", scene=scene.id, take=new_scene.take)


def _merges(old: Sheet, new: Sheet) -> Iterator[Edit]:
    """Yield a merge for each scene that is not there any more, with the one that stays before it."""
    for survivor, former in _groups(old, new):
        for _ in former:
            yield edits.Merge(op="merge", scene=survivor.id)


def _moves(old: Sheet, new: Sheet) -> Iterator[Edit]:
    """Yield a move for each end that is another: those to the right from the last on, so that none passes another."""
    new_ends = {scene.id: scene.end for scene in new.scenes}
    later = list[Edit]()
    earlier = list[Edit]()
    for survivor, former in _groups(old, new):
        end = new_ends[survivor.id]
        merged_end = former[-1].end if former else survivor.end
        if end not in (survivor.end, merged_end):
            move = edits.MoveCut(op="move", scene=survivor.id, end=end)
            (later if end > merged_end else earlier).append(move)
    yield from [*reversed(later), *earlier]


def _order(old: Sheet, new: Sheet) -> Iterator[Edit]:
    new_order = [scene.id for scene in new.scenes]
    if new_order != [scene.id for scene in old.scenes if scene.id in new_order]:
        yield edits.Reorder(op="order", pictures=new_order)


def _excerpt(old: Sheet, new: Sheet) -> Iterator[Edit]:
    if new.excerpt != old.excerpt:
        yield edits.MoveExcerpt(op="excerpt", start=new.excerpt.start, end=new.excerpt.end)


def _groups(old: Sheet, new: Sheet) -> list[tuple[SceneSheet, list[SceneSheet]]]:
    """Return each scene that stays, with those after it that do not."""
    ids = {scene.id for scene in new.scenes}
    groups = list[tuple[SceneSheet, list[SceneSheet]]]()
    for scene in old.scenes:
        if scene.id in ids:
            groups.append((scene, []))
        else:
            groups[-1][1].append(scene)
    return groups


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in new.items() if text != old[name]}
