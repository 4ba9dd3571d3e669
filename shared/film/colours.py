"""The colours of a video: those of HD (BT.709), whatever a clip's are, and what a clip means that does not say.

Values only; touches nothing. Sizes are pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.film.media_headers import MediaInfo

if TYPE_CHECKING:
    # Whoever only names a file needs no ffmpeg in its bundle.
    from shared.film.ffmpeg import Filter

# Says so of frames: what is drawn, or scaled from a clip that says nothing, does not say it itself.
TAG_BT709: Filter = (
    "setparams",
    {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "range": "tv"},
)
# From so many lines on, players take what says nothing for BT.709, and below for BT.601, as ffmpeg always does.
HD_LINES = 720
# Transfers of high dynamic range (ITU-R BT.2100): PQ and HLG, the latter as telephones record by themselves.
_HDR = ("smpte2084", "arib-std-b67")
# Where paper white stands in HLG and PQ, in cd/m² (ITU-R BT.2408).
_PAPER_WHITE = 203


def to_bt709(info: MediaInfo) -> Mapping[str, str]:
    """Return the options of `scale` by which what the headers describe becomes BT.709."""
    is_hd = min(info.width, info.height) >= HD_LINES
    reading = {} if info.matrix else {"in_color_matrix": "bt709" if is_hd else "bt601"}
    return {**reading, "out_color_matrix": "bt709", "out_range": "tv"}


def from_hdr(info: MediaInfo) -> list[Filter]:
    """Return the filters that bring a picture of high dynamic range to an ordinary one; of any other none.

    What is no brighter than paper stays as it is, and what shines is held back.
    """
    if info.transfer not in _HDR:
        return []
    return [
        ("zscale", {"transfer": "linear", "npl": _PAPER_WHITE}),
        ("format", {"pix_fmts": "gbrpf32le"}),
        ("zscale", {"primaries": "bt709"}),
        ("tonemap", {"tonemap": "mobius", "param": 0.6, "desat": 0}),
        ("zscale", {"transfer": "bt709", "matrix": "bt709", "range": "limited"}),
    ]
