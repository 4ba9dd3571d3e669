"""Draw one clip in a process of its own: a ClipSpec as JSON on stdin, ffmpeg's arguments as JSON on stdout.

Touches the current folder.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from functions.draw_scene.animatic.film import write_film
from functions.draw_scene.animatic.picture import compose
from functions.draw_scene.animatic.spec import ClipSpec


def main() -> None:
    """Write the layers into the current folder and say how to film them."""
    spec = ClipSpec(**json.load(sys.stdin))
    json.dump(write_film(compose(spec), spec, Path()), sys.stdout)


if __name__ == "__main__":
    main()
