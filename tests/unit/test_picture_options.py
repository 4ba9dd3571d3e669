"""Own pictures on the command line: in the order of their names, for scenes, and one sentence for what is none."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from local.client import pictures
from local.client.pictures import OwnFile
from shared.errors import InvalidRequest, UnsupportedMedia
from shared.film.picture_choices import PictureUse


def namespace(folder: Path | None = None, *images: str) -> Namespace:
    return Namespace(pictures=folder, image=list(images))


def put(folder: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        (folder / name).write_bytes(content)


def test_a_folder_is_taken_by_the_names_in_it_and_numbers_count(tmp_path: Path) -> None:
    put(tmp_path, "10.jpg", "2.PNG", "1 b.heic", "1 a.mov", "notes.txt", ".hidden.jpg", "Zoo.webp", "ant.mp4")
    files = pictures.files_of(namespace(tmp_path))
    names = [each.file.name for each in files if each.file]
    assert names == ["1 a.mov", "1 b.heic", "2.PNG", "10.jpg", "ant.mp4", "Zoo.webp"]


@pytest.mark.parametrize(
    ("text", "file", "use", "scene"),
    [
        ("2={}/a.jpg:still", "a.jpg", "still", "2"),
        ("s3={}/a.jpg", "a.jpg", None, "s3"),
        ("2={}/b:c.jpg:first_frame", "b:c.jpg", "first_frame", "2"),
        ("2={}/b:c.jpg", "b:c.jpg", None, "2"),
        ("1={}/d.mp4:clip", "d.mp4", "clip", "1"),
        ("4=", None, None, "4"),
    ],
)
def test_a_scene_has_a_file_and_perhaps_a_use(
    tmp_path: Path, text: str, file: str | None, use: PictureUse | None, scene: str
) -> None:
    put(tmp_path, "a.jpg", "b:c.jpg", "d.mp4")
    options = namespace(None, text.format(tmp_path))
    assert pictures.files_of(options) == [OwnFile(tmp_path / file if file else None, use, scene)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}/a.jpg", "write SCENE=FILE"),
        ("=a.jpg", "write SCENE=FILE"),
        ("2=:still", "write SCENE=FILE"),
        ("2={}/none.jpg", "there is no such file"),
        ("2={}/notes.txt", "this is no picture or clip"),
        ("2={}/empty.png", "the file is empty"),
        ("2={}/a.jpg:clip", "it can be used as still, first_frame, reference, and not as clip"),
        ("2={}/d.mp4:still", "it can be used as clip, and not as still"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_starts(tmp_path: Path, text: str, sentence: str) -> None:
    put(tmp_path, "a.jpg", "d.mp4", "notes.txt")
    put(tmp_path, "empty.png", content=b"")
    with pytest.raises((InvalidRequest, UnsupportedMedia), match=sentence):
        pictures.files_of(namespace(None, text.format(tmp_path)))


@pytest.mark.parametrize("names", [[], [f"{n}.jpg" for n in range(41)]])
def test_a_folder_has_pictures_and_not_too_many(tmp_path: Path, names: list[str]) -> None:
    put(tmp_path, *names)
    with pytest.raises(InvalidRequest, match="--pictures"):
        pictures.files_of(namespace(tmp_path))
    with pytest.raises(InvalidRequest, match="there is no such folder"):
        pictures.files_of(namespace(tmp_path / "none"))


@pytest.mark.parametrize("scene", ["s2", "0", "41", "two"])
def test_before_there_is_a_plan_a_scene_is_a_number(scene: str) -> None:
    with pytest.raises(InvalidRequest, match="write SCENE=FILE"):
        pictures.check_scenes([OwnFile(Path("a.jpg"), None, scene)])
    with pytest.raises(InvalidRequest):
        pictures.check_scenes([OwnFile(None, None, "2")])
    pictures.check_scenes([OwnFile(Path("a.jpg"), None, "2"), OwnFile(Path("a.jpg"))])


def test_what_the_api_is_sent_names_ids_and_scenes() -> None:
    file = Path("a.jpg")
    wishes = pictures.wishes([OwnFile(file, "still", "2"), OwnFile(file)], {file: "0" * 20})
    assert wishes == [{"imageId": "0" * 20, "use": "still", "scene": 2}, {"imageId": "0" * 20}]
