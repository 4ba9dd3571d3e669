"""What the OpenAPI document says of the properties of own pictures, clips, music and fonts, and of presets.

Pure data; touches nothing.
"""

from __future__ import annotations

from typing import Any

_ID = "e6b4c1d2a3f40a1b2c3d"

IMAGE_PROPERTIES: dict[str, tuple[str, Any]] = {
    "image": ("The picture or clip.", None),
    "images": ("The pictures and clips of this page, newest first.", None),
    "ImageList.next": ("What to send as `next` for the following page; absent on the last one.", _ID),
    "imageId": ("The picture's id.", _ID),
    "ImageView.status": (
        "Whether its file is waited for, is being checked, can be used, was refused, or can no longer come.",
        "ready",
    ),
    "ImageView.filename": ("The file's name, as it was said.", "harbour.jpg"),
    "ImageView.contentType": ("The file's media type, as it was said.", "image/jpeg"),
    "ImageView.fileSize": ("The file's size in bytes, as it was uploaded.", 2481133),
    "ImageView.kind": ("A picture that stands still, or a clip; known by its content.", "still"),
    "width": ("How wide it is as stored, upright, in pixels.", 3840),
    "height": ("How high it is as stored, upright, in pixels.", 2160),
    "ImageView.seconds": ("How long the clip is, in seconds; 0 for a picture.", 12.5),
    "ImageView.reason": ("Why it was refused, in a sentence; empty otherwise.", ""),
    "ImageView.preview": ("A link to a small JPEG of it, once it is ready.", None),
    "ImageCreated.upload": ("The form for the file.", None),
    "NewImage.filename": ("The file's name.", "harbour.jpg"),
    "NewImage.contentType": ("The file's media type.", "image/jpeg"),
    "NewImage.fileSize": ("The file's size in bytes; the form takes exactly as many.", 2481133),
    "music": ("The music under the voice, by its id; empty for none.", _ID),
    "MusicShown.music": ("The music.", None),
    "MusicCreated.music": ("The music.", None),
    "pieces": ("The music of this page, newest first.", None),
    "MusicList.next": ("What to send as `next` for the following page; absent on the last one.", _ID),
    "musicId": ("The music's id.", _ID),
    "MusicView.status": (
        "Whether its file is waited for, is being checked, can be used, was refused, or can no longer come.",
        "ready",
    ),
    "MusicView.filename": ("The file's name, as it was said.", "bed.mp3"),
    "MusicView.contentType": ("The file's media type, as it was said.", "audio/mpeg"),
    "MusicView.fileSize": ("The file's size in bytes, as it was uploaded.", 2481133),
    "MusicView.seconds": ("How much of it is kept, in seconds: at most its first minute and a half.", 90),
    "MusicView.reason": ("Why it was refused, in a sentence; empty otherwise.", ""),
    "MusicCreated.upload": ("The form for the file.", None),
    "NewMusic.filename": ("The file's name.", "bed.mp3"),
    "NewMusic.contentType": ("The file's media type.", "audio/mpeg"),
    "NewMusic.fileSize": ("The file's size in bytes; the form takes exactly as many.", 2481133),
    "FontShown.font": ("The font.", None),
    "FontCreated.font": ("The font.", None),
    "fonts": ("The fonts of this page, newest first.", None),
    "FontList.next": ("What to send as `next` for the following page; absent on the last one.", _ID),
    "fontId": ("The font's id.", _ID),
    "FontView.status": (
        "Whether its file is waited for, is being checked, can be used, was refused, or can no longer come.",
        "ready",
    ),
    "FontView.filename": ("The file's name, as it was said.", "acme.ttf"),
    "FontView.contentType": ("The file's media type, as it was said.", "font/ttf"),
    "FontView.fileSize": ("The file's size in bytes, as it was uploaded.", 248113),
    "FontView.family": ("What the font calls itself.", "Acme Grotesk"),
    "FontView.reason": ("Why it was refused, in a sentence; empty otherwise.", ""),
    "FontCreated.upload": ("The form for the file.", None),
    "NewFont.filename": ("The file's name.", "acme.ttf"),
    "NewFont.contentType": ("The file's media type.", "font/ttf"),
    "NewFont.fileSize": ("The file's size in bytes; the form takes exactly as many.", 248113),
    "preset": ("A preset of the caller's own, by its name: it fills what the request leaves out.", "acme"),
    "PresetShown.preset": ("The preset.", None),
    "presets": ("The caller's presets, by their names.", None),
    "PresetView.name": ("What it is called: small letters, digits, `-` and `_`.", "acme"),
    "PresetView.choices": ("What it begins a generation with.", None),
    "logo": ("An own picture that is drawn small in a corner of every scene.", None),
    "corner": ("Where it is drawn.", "top-right"),
    "intro": ("An own picture or clip that is shown before the first scene, without its sound.", None),
    "outro": ("An own picture or clip that is shown after the last scene, without its sound.", None),
    "PresetBumper.seconds": (
        "For how long it is shown, in seconds: without it a picture 3, and a clip as long as it is, 5 at most.",
        2.5,
    ),
}
