"""An intro or outro as it is rendered: what tells it from any other, and where it lies.

Values only; touches nothing. It is shown whole, however wide it is: nothing of a brand is cut off.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from shared import media_keys
from shared.brand.choices import Bumper
from shared.build.encoder import ENCODER
from shared.film.colours import TAG_BT709, to_bt709
from shared.film.media_headers import MediaInfo
from shared.film.plan import Plan
from shared.models.video_models import FRAME_RATE

if TYPE_CHECKING:
    # Whoever only names a file needs no ffmpeg in its bundle.
    from shared.film.ffmpeg import Filter

_YUV420: Filter = ("format", {"pix_fmts": "yuv420p"})


def filters(bumper: Bumper, size: tuple[int, int], clip: MediaInfo | None = None) -> list[Filter]:
    """Return the filters that make a picture, or a clip whose headers say so much, exactly the bumper's frames."""
    return [
        *(_still(size) if bumper.kind == "still" else _moving(bumper, size, clip)),
        ("setsar", {"sar": 1}),
        TAG_BT709,
        ("trim", {"end_frame": bumper.frames}),
        ("setpts", {"expr": "PTS-STARTPTS"}),
    ]


def file_key(plan: Plan, bumper: Bumper) -> str:
    """Return the key of the picture or clip that the bumper is made of."""
    return media_keys.take(plan.video_id, plan.generation_id, bumper.take, bumper.kind)


def rendered_key(plan: Plan, bumper: Bumper) -> str:
    """Return the key of the bumper in the format of the plan, where it lies once it was rendered."""
    size = plan.size
    parts = [bumper.digest, bumper.frames, size, filters(bumper, size), ENCODER]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
    return media_keys.rendered_scene(plan.video_id, plan.generation_id, digest)


def _still(size: tuple[int, int]) -> list[Filter]:
    width, height = size
    fitting = {"force_original_aspect_ratio": "decrease", "flags": "lanczos"}
    return [
        ("format", {"pix_fmts": "gbrp"}),
        ("scale", {"w": width, "h": height, **fitting, "out_color_matrix": "bt709", "out_range": "tv"}),
        _YUV420,
        _pad(size),
        ("loop", {"loop": -1, "size": 1}),
        ("setpts", {"expr": f"N/{FRAME_RATE}/TB"}),
    ]


def _moving(bumper: Bumper, size: tuple[int, int], clip: MediaInfo | None) -> list[Filter]:
    width, height = size
    fitting = {"force_original_aspect_ratio": "decrease", **(to_bt709(clip) if clip else {})}
    return [
        ("fps", {"fps": FRAME_RATE}),
        ("scale", {"w": width, "h": height, **fitting}),
        _YUV420,
        _pad(size),
        ("tpad", {"stop_mode": "clone", "stop_duration": round(bumper.frames / FRAME_RATE + 1, 3)}),
    ]


def _pad(size: tuple[int, int]) -> Filter:
    return ("pad", {"w": size[0], "h": size[1], "x": "(ow-iw)/2", "y": "(oh-ih)/2", "color": "black"})
