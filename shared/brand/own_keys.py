"""The layout of the bucket, of what is a user's own and no recording: pictures, clips, music, fonts and presets.

Pure functions from ids to keys; touches nothing. A shelf stands for the user in the keys of all but pictures.
"""

from __future__ import annotations

# Users' own pictures and clips: as they were checked, and until then as they were uploaded.
IMAGES = "images"
IMAGE_UPLOADS = "image-uploads"
IMAGE_UPLOAD_DAYS = 1
# What a user's music is called after its check; it lies as own pictures do, on a shelf of its own.
MUSIC_FILE = "music.flac"
# What a user's font is called after its check, and what captions must know of it.
FONT_FILE = "font.ttf"
FACE_FILE = "face.json"
# What an own picture is called besides, as it was drawn, where something of it is transparent.
LOGO_FILE = "logo.png"
_MUSIC_SHELF = "/music"
_FONT_SHELF = "/fonts"


def image_upload(user_id: str, image_id: str) -> str:
    """Return the key that an own picture or clip is uploaded to; what lies there is checked, and then deleted."""
    return f"{IMAGE_UPLOADS}/{user_id}/{image_id}/upload"


def image_records(user_id: str) -> str:
    """Return the prefix below which the records of a user's own pictures lie, and nothing else."""
    return f"{IMAGES}/{user_id}/records/"


def image_record(user_id: str, image_id: str) -> str:
    """Return the key of the record of an own picture."""
    return f"{image_records(user_id)}{image_id}.json"


def image_file(user_id: str, image_id: str, name: str) -> str:
    """Return the key of a file that was made of an own picture."""
    return f"{IMAGES}/{user_id}/files/{image_id}/{name}"


def image_objects(user_id: str, image_id: str) -> tuple[str, ...]:
    """Return the prefixes below which every object of an own picture lies, but for its record."""
    return f"{IMAGES}/{user_id}/files/{image_id}/", f"{IMAGE_UPLOADS}/{user_id}/{image_id}/"


def music_shelf(user_id: str) -> str:
    """Return what stands for the user in the keys of own music, which lies as own pictures do but not among them."""
    return user_id + _MUSIC_SHELF


def is_music_shelf(shelf: str) -> bool:
    """Return whether what stands for a user in the keys of own files is a shelf of music."""
    return shelf.endswith(_MUSIC_SHELF)


def presets(user_id: str) -> str:
    """Return the prefix below which a user's presets lie, and nothing else."""
    return f"{IMAGES}/{user_id}/presets/"


def preset(user_id: str, name: str) -> str:
    """Return the key of a user's preset."""
    return f"{presets(user_id)}{name}.json"


def preset_name(key: str) -> str:
    """Return what the preset at the key is called."""
    return key.rpartition("/")[2].removesuffix(".json")


def music_file(user_id: str, music_id: str) -> str:
    """Return the key of a user's own music as it was checked."""
    return image_file(music_shelf(user_id), music_id, MUSIC_FILE)


def font_shelf(user_id: str) -> str:
    """Return what stands for the user in the keys of own fonts, which lie as own pictures do but not among them."""
    return user_id + _FONT_SHELF


def is_font_shelf(shelf: str) -> bool:
    """Return whether what stands for a user in the keys of own files is a shelf of fonts."""
    return shelf.endswith(_FONT_SHELF)
