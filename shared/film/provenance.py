"""The mark that says how a file's pictures came about, for whoever shows or archives it: XMP, as IPTC's vocabulary.

Changes the files that it is given. It is made last: a join by copy leaves such a mark out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from shared.contracts import Goal
from shared.film.plan import Plan

# https://cv.iptc.org/newscodes/digitalsourcetype/: by a trained model; drawn by a program; of pictures that were
# brought, of which nobody here knows how they came about; of some such and some of a model.
DigitalSource = Literal[
    "trainedAlgorithmicMedia", "algorithmicMedia", "composite", "compositeWithTrainedAlgorithmicMedia"
]
SOURCES: dict[Goal, DigitalSource] = {
    "draft": "algorithmicMedia",
    "stills": "trainedAlgorithmicMedia",
    "video": "trainedAlgorithmicMedia",
}
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# ISO 16684-1 packs it, and IPTC Photo Metadata 2025.1 names the property; the packet's id is the same in every file.
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'Iptc4xmpExt:DigitalSourceType="{source}" xmp:CreatorTool="Reelwright"/></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
)
# XMP Specification, part 3: the box of an MP4, and the segment of a JPEG, that hold a packet.
_MP4_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_JPEG_NAME = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_START = b"\xff\xd8"
_APP1 = b"\xff\xe1"


def source_of(plan: Plan, goal: Goal) -> DigitalSource:
    """Return how the pictures of the plan's video came about, its intro and outro among them, which were brought."""
    source = source_of_scenes(plan, goal)
    if source not in SOURCES.values() or not (plan.lead_frames or plan.tail_frames):
        return source
    return "composite" if goal == "draft" else "compositeWithTrainedAlgorithmicMedia"


def source_of_scenes(plan: Plan, goal: Goal) -> DigitalSource:
    """Return how the pictures of the plan's scenes came about."""
    # A draft, or a still, shows also the picture that a clip shall begin with.
    own_count = sum(
        scene.picture is not None and (scene.shows_picture or (goal != "video" and scene.picture.begins_clip))
        for scene in plan.scenes
    )
    if own_count == 0:
        return SOURCES[goal]
    return "composite" if goal == "draft" or own_count == len(plan.scenes) else "compositeWithTrainedAlgorithmicMedia"


def mark_film(film: Path, source: DigitalSource) -> None:
    """Append the mark to an MP4 that has none; players pass over a box that they do not know."""
    packet = _packet(source)
    size = (8 + len(_MP4_BOX) + len(packet)).to_bytes(4, "big")
    with film.open("ab") as file:
        file.write(size + b"uuid" + _MP4_BOX + packet)


def mark_picture(picture: Path, source: DigitalSource) -> None:
    """Put the mark into a JPEG that has none, before its other segments."""
    payload = _JPEG_NAME + _packet(source)
    # The length of a segment includes its own two bytes.
    segment = _APP1 + (2 + len(payload)).to_bytes(2, "big") + payload
    rest = picture.read_bytes().removeprefix(_JPEG_START)
    picture.write_bytes(_JPEG_START + segment + rest)


def _packet(source: DigitalSource) -> bytes:
    return _PACKET.format(source=_VOCABULARY + source).encode()
