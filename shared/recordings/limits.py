"""How long and how large a recording may be, and how much may be asked of it: in seconds, and in bytes.

Pure data; touches nothing.
"""

from __future__ import annotations

SHORTEST_RECORDING = 2.0
LONGEST_RECORDING = 4 * 3600.0
# What Amazon Transcribe takes, and what fits into /tmp with what is made of it.
LARGEST_RECORDING = 2_000_000_000
MOST_MOMENTS = 10
USUAL_MOMENTS = 5
# What a video may be asked to last.
SHORTEST_CLIP = 5.0
LONGEST_CLIP = 60.0
# What a video may last beyond that.
OVER = 0.5
# A shorter scene is joined to a neighbour where both fit into one clip of the model.
SHORTEST_PLANNED = 2.0
