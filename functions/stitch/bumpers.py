"""The intro and outro of a video: rendered once for its format, as the scenes are encoded, and laid beside them.

Reads their pictures or clips from the bucket and keeps what is rendered there; runs ffmpeg in a folder.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from functions.stitch import core
from shared.aws.bucket import Bucket
from shared.brand.choices import Bumper
from shared.build import bumpers
from shared.build.camera import PICTURE_FORMATS
from shared.build.encoder import ENCODER
from shared.film import ffmpeg
from shared.film.plan import Plan

TIMEOUT = 120.0


def lay_out(plan: Plan, work: Path, bucket: Bucket) -> None:
    """Lay the plan's intro and outro, where it has them, into the folder `work`; raise RenderFailed.

    What was rendered before is used again.
    """
    for bumper, name in ((plan.brand.intro, core.INTRO), (plan.brand.outro, core.OUTRO)):
        if bumper:
            key = bumpers.rendered_key(plan, bumper)
            if not bucket.holds(key):
                bucket.upload(key, _render(plan, bumper, bucket, work / name), "video/mp4")
            else:
                bucket.download(key, work / name)


def _render(plan: Plan, bumper: Bumper, bucket: Bucket, target: Path) -> Path:
    """Return the bumper in the format of the plan, as the file `target`."""
    size = plan.size
    is_clip = bumper.kind == "clip"
    with tempfile.TemporaryDirectory() as folder:
        # Without an ending, so that what it is said to be is not believed.
        file = bucket.download(bumpers.file_key(plan, bumper), Path(folder) / "source")
        headers = ffmpeg.probe(file) if is_clip else None
        source = ffmpeg.source(file.name, formats=ffmpeg.CLIP_FORMATS if is_clip else PICTURE_FORMATS)["v:0"]
        picture = ffmpeg.chain(source, bumpers.filters(bumper, size, headers))
        arguments = ffmpeg.arguments([picture], str(target.resolve()), **{"frames:v": bumper.frames}, **ENCODER)
        ffmpeg.run(arguments, cwd=file.parent, timeout=TIMEOUT)
    return target
