"""How every part of a video's picture is encoded, so that parts can be joined without encoding them again.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.models.video_models import FRAME_RATE

# The number of threads is part of what x264 decides, and must not follow the machine.
ENCODER: dict[str, str | int] = {
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": 18,
    "g": 48,
    "threads": 4,
    "pix_fmt": "yuv420p",
    # Where a photo's colours lie between its pixels would stand in the header otherwise, and clips have it elsewhere.
    "x264-params": "chromaloc=0",
    "r": FRAME_RATE,
    "fps_mode": "cfr",
    "video_track_timescale": 12_288,
    "map_metadata": -1,
    "fflags": "+bitexact",
}
