"""The mark in a file that says how its pictures came about, for whoever shows or archives it: XMP, as IPTC names it.

Changes the files that it is given; what is marked shows and plays as it did. It is made last: a join by copy leaves
such a mark out.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from shared.provenance.sources import VOCABULARY, DigitalSource

# ISO 16684-1 packs it, and IPTC Photo Metadata 2025.1 names the property; the packet's id is the same in every file.
_PACKET_ID = "W5M0MpCehiHzreSzNTczkc9d"
_PACKET = (
    f'<?xpacket begin="\ufeff" id="{_PACKET_ID}"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'Iptc4xmpExt:DigitalSourceType="{source}" xmp:CreatorTool="Reelwright"/></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
)
# XMP Specification, part 3: the box of an MP4, the segment of a JPEG, and the chunk of a PNG, that hold a packet.
_MP4_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_JPEG_NAME = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_NAME = b"XML:com.adobe.xmp\0\0\0\0\0"
_JPEG_START = b"\xff\xd8"
_APP1 = b"\xff\xe1"
# The signature and the first chunk, which is of that length in every PNG.
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = len(_PNG_START) + 25
# What a C2PA manifest begins with in a file of any format: its signature would not fit a file with anything more in it.
_MANIFEST = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq"
_SIZE_FIELDS = 8


def mark_film(film: Path, source: DigitalSource) -> None:
    """Append the mark to an MP4 that has none; players pass over a box that they do not know."""
    with film.open("ab") as file:
        file.write(_box(source))


def mark_picture(picture: Path, source: DigitalSource) -> None:
    """Put the mark into a picture that has none."""
    picture.write_bytes(with_mark(picture.read_bytes(), source))


def with_mark(data: bytes, source: DigitalSource) -> bytes:
    """Return the MP4, JPEG or PNG with the mark in it.

    It stays as it is when it says itself how it came about, or when it is of another format, or broken.
    """
    if _PACKET_ID.encode() in data or _MANIFEST in data:
        return data
    if data.startswith(_JPEG_START):
        return _JPEG_START + _segment(source) + data.removeprefix(_JPEG_START)
    if data.startswith(_PNG_START):
        return data[:_PNG_HEAD] + _chunk(source) + data[_PNG_HEAD:]
    return data + _box(source) if _has_end(data) else data


def _has_end(data: bytes) -> bool:
    """Return whether the data are an MP4 whose boxes all say how long they are, so that another can follow them."""
    at = 0
    while at + _SIZE_FIELDS <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < _SIZE_FIELDS or (at == 0 and data[4:8] != b"ftyp"):
            return False
        at += size
    return 0 < at == len(data)


def _box(source: DigitalSource) -> bytes:
    content = b"uuid" + _MP4_BOX + _packet(source)
    return (4 + len(content)).to_bytes(4, "big") + content


def _segment(source: DigitalSource) -> bytes:
    payload = _JPEG_NAME + _packet(source)
    # The length of a segment includes its own two bytes.
    return _APP1 + (2 + len(payload)).to_bytes(2, "big") + payload


def _chunk(source: DigitalSource) -> bytes:
    payload = _PNG_NAME + _packet(source)
    typed_data = b"iTXt" + payload
    return len(payload).to_bytes(4, "big") + typed_data + zlib.crc32(typed_data).to_bytes(4, "big")


def _packet(source: DigitalSource) -> bytes:
    return _PACKET.format(source=VOCABULARY + source).encode()
