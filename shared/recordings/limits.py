"""How long and how large a recording may be: in seconds, and in bytes.

Pure data; touches nothing.
"""

from __future__ import annotations

SHORTEST_RECORDING = 2.0
LONGEST_RECORDING = 4 * 3600.0
# What Amazon Transcribe takes, and what fits into /tmp with what is made of it.
LARGEST_RECORDING = 2_000_000_000
