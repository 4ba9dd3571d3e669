"""Own pictures and clips that the command line names: found, uploaded, and taken off the list again.

Touches the files, and the API. What a video shows of them lies with the video, so that nothing stays on the list.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from local.api_client import ApiClient, ApiError
from local.client.plan.api import TaggedPlan
from shared.build import edits
from shared.build.edits import Edit, WishedPicture
from shared.errors import InvalidRequest, UnsupportedMedia
from shared.film.picture_choices import KIND_OF, MOST_PICTURES, OwnKind, PictureUse
from shared.video.own_image import largest

POLL_SECONDS = 0.4
_USES: dict[str, PictureUse] = {use: use for use in get_args(PictureUse)}
# What a file is uploaded as, by its ending; what it is, its content tells.
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
}
_EXAMPLE = "write SCENE=FILE or SCENE=FILE:USE, such as 2=photo.jpg:still"


@dataclass(frozen=True)
class OwnFile:
    """A picture or clip, what it is to be used for (None: as it is), and the scene that it is for, as it was named.

    Without a scene it is one of those that fill all others. Without a file the scene shall have none.
    """

    file: Path | None
    use: PictureUse | None = None
    scene: str = ""


def files_of(namespace: argparse.Namespace) -> list[OwnFile]:
    """Return what --pictures and --image name; raise InvalidRequest or UnsupportedMedia for what cannot be used."""
    files = [_single(text) for text in namespace.image]
    if namespace.pictures:
        files += [OwnFile(file) for file in _in_folder(namespace.pictures)]
    for each in files:
        if each.file:
            check(each.file, each.use)
    return files


def check_scenes(files: Sequence[OwnFile]) -> None:
    """Raise InvalidRequest unless every scene is a number: before there is a plan no scene has a name."""
    for each in files:
        is_number = each.scene.isascii() and each.scene.isdigit() and 1 <= int(each.scene) <= MOST_PICTURES
        if each.file is None or (each.scene and not is_number):
            raise InvalidRequest(f"--image {each.scene}: {_EXAMPLE}.")


@contextmanager
def uploads(
    api: ApiClient, files: Sequence[OwnFile], pause: Callable[[float], None] = time.sleep
) -> Generator[dict[Path, str]]:
    """Upload the files for the length of the block, and give their ids; raise UnsupportedMedia for one that is refused.

    Raises ApiError when the API is out of reach, or refuses an upload.
    """
    paths = dict.fromkeys(each.file for each in files if each.file)
    with ExitStack() as exits:
        ids = {path: _upload(api, path, exits) for path in paths}
        for path, image_id in ids.items():
            _await_check(api, path, image_id, pause)
        yield ids


def upload(api: ApiClient, path: Path, pause: Callable[[float], None] = time.sleep) -> str:
    """Return the id of the picture or clip in the file, which is checked then and stays listed; raises as `uploads`."""
    with ExitStack() as exits:
        image_id = _upload(api, path, exits)
        _await_check(api, path, image_id, pause)
        exits.pop_all()
    return image_id


def wishes(files: Sequence[OwnFile], ids: dict[Path, str]) -> list[dict[str, object]]:
    """Return the files as `pictures` of POST /ai-video."""
    pictures = (
        WishedPicture(image_id=ids[each.file], use=each.use, scene=int(each.scene) if each.scene else None)
        for each in files
        if each.file
    )
    return [picture.model_dump(mode="json", by_alias=True, exclude_none=True) for picture in pictures]


def changes(files: Sequence[OwnFile], ids: dict[Path, str], plan: TaggedPlan) -> list[Edit]:
    """Return the files as edits of the plan; raise InvalidRequest for a scene that there is not."""
    spread = [WishedPicture(image_id=ids[each.file], use=each.use) for each in files if each.file and not each.scene]
    single = [
        edits.PlacePicture(
            op="picture", scene=plan.scene(each.scene).id, image_id=ids[each.file] if each.file else "", use=each.use
        )
        for each in files
        if each.scene
    ]
    return [*([edits.PlacePictures(op="pictures", pictures=spread)] if spread else []), *single]


def _single(text: str) -> OwnFile:
    scene, equals, rest = text.partition("=")
    name, _, last = rest.rpartition(":")
    use = _USES.get(last)
    if not (scene.strip() and equals):
        raise InvalidRequest(f"--image {text}: {_EXAMPLE}.")
    path = name if use else rest
    if use and not path:
        raise InvalidRequest(f"--image {text}: {_EXAMPLE}.")
    return OwnFile(Path(path) if path else None, use, scene.strip())


def _in_folder(folder: Path) -> list[Path]:
    """Return the pictures and clips of a folder by their names, in which numbers count as such."""
    if not folder.is_dir():
        raise InvalidRequest(f"--pictures {folder}: there is no such folder; name one with pictures.")
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    files = sorted((path for path in visible if path.suffix.lower() in MEDIA_TYPES), key=_by_name)
    if not files:
        raise InvalidRequest(f"--pictures {folder}: there is no picture and no clip in it.")
    if len(files) > MOST_PICTURES:
        raise InvalidRequest(f"--pictures {folder}: {len(files)} files are in it, and {MOST_PICTURES} are the most.")
    return files


def _by_name(path: Path) -> list[tuple[bool, int, str]]:
    parts = re.findall(r"([0-9]+)|([^0-9]+)", path.name.casefold())
    return [(not number, int(number or 0), text) for number, text in parts]


def check(file: Path, use: PictureUse | None) -> None:
    """Raise UnsupportedMedia or InvalidRequest for a file that cannot be so used."""
    if not file.is_file():
        raise UnsupportedMedia(f"{file}: there is no such file.")
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise UnsupportedMedia(f"{file}: this is no picture or clip; use a {', '.join(MEDIA_TYPES)} file.")
    kind: OwnKind = "clip" if media_type.startswith("video/") else "still"
    if use and KIND_OF[use] != kind:
        fitting = ", ".join(name for name, of in KIND_OF.items() if of == kind)
        raise InvalidRequest(f"{file}: it can be used as {fitting}, and not as {use}.")
    size = file.stat().st_size
    if not size:
        raise UnsupportedMedia(f"{file}: the file is empty.")
    if size > largest(media_type):
        raise UnsupportedMedia(f"{file}: the file has {size} bytes; at most {largest(media_type)} are accepted.")


def _upload(api: ApiClient, path: Path, exits: ExitStack) -> str:
    image_id = api.upload_image(path, MEDIA_TYPES[path.suffix.lower()])
    exits.callback(forget, api, f"/images/{image_id}")
    return image_id


def forget(api: ApiClient, path: str) -> None:
    """Delete what is one's own at the path; what cannot be deleted now stays listed, where its owner can delete it."""
    try:
        api.call("DELETE", path)
    except ApiError:
        return


def _await_check(api: ApiClient, path: Path, image_id: str, pause: Callable[[float], None]) -> None:
    while True:
        image = api.call("GET", f"/images/{image_id}").body["image"]
        if image["status"] == "ready":
            return
        if image["status"] not in ("waiting", "checking"):
            raise UnsupportedMedia(f"{path}: {image.get('reason') or 'the file did not arrive; try again.'}")
        pause(POLL_SECONDS)
