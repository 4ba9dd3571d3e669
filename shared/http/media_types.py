"""The media types that a recording may be uploaded as, and those of the files that are made.

Pure data; touches nothing. Names from IANA's registry, and the unregistered ones that browsers and systems send.
"""

from __future__ import annotations

_AUDIO = (
    "3gpp 3gpp2 aac aacp aiff amr amr-wb basic flac m4a mp3 mp4 mpeg ogg opus vnd.wave wav wave webm "
    "x-aac x-aiff x-caf x-flac x-m4a x-matroska x-ms-wma x-wav"
)
_VIDEO = "3gpp 3gpp2 mp2t mp4 mpeg ogg quicktime webm x-flv x-m4v x-matroska x-ms-wmv x-msvideo"
RECORDINGS = frozenset([f"audio/{name}" for name in _AUDIO.split()] + [f"video/{name}" for name in _VIDEO.split()])
# Those of users' own pictures and clips.
OWN_IMAGES = frozenset(
    [f"image/{name}" for name in ["heic", "heif", "jpeg", "jpg", "png", "webp"]]
    + [f"video/{name}" for name in ["mp4", "quicktime", "x-m4v"]]
)
# Those of music that lies under a voice: films have sound, too.
MUSIC = frozenset(name for name in RECORDINGS if name.startswith("audio/") or name in ("video/mp4", "video/quicktime"))
# Those of fonts that captions are drawn in: systems call them by many names.
_FONT = "font/otf font/sfnt font/ttf application/font-sfnt application/vnd.ms-opentype application/x-font-otf"
FONTS = frozenset([*_FONT.split(), "application/x-font-ttf"])
# By the ending of a result's key.
RESULTS = {
    "mp4": "video/mp4",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "jpg": "image/jpeg",
}
# Those that are texts.
CAPTIONS = ("srt", "vtt")
# What SubRip is called for whoever takes only that.
PLAIN = "text/plain"
UNKNOWN = "application/octet-stream"


def of_result(ending: str) -> str:
    """Return the content type of a result by its key's ending: its media type, and the letters of a text."""
    return RESULTS[ending] + ("; charset=utf-8" if ending in CAPTIONS else "")


def of_download(key: str, uploaded_as: str = "") -> str:
    """Return the media type of a download: its ending's, or the one that a recording was uploaded as."""
    if uploaded_as:
        return uploaded_as if uploaded_as in RECORDINGS else UNKNOWN
    return RESULTS.get(key.rpartition(".")[2], UNKNOWN)
