"""The layout of the bucket: every S3 key is made here, or in `brand/own_keys`, and nowhere else.

Pure functions from ids to keys; touches nothing.
"""

from __future__ import annotations

import re
import unicodedata

UPLOADS = "uploads"
TEMPORARY = "ai-temp"
RESULTS = "ai-generated"
# How long intermediate files are kept: what can be made again at no provider's price.
TEMPORARY_DAYS = 7
SOUND = "sound.flac"
TRANSCRIPT = "transcript.json"
DRAWN_PREFIX = "drawn-"
# How many characters of a digest tell the files of a scene apart.
_TOLD_APART = 24
PLANS = "plans"
TAKES = "takes"
RENDERED = "rendered"
# A still has no ending: its model decides the format.
_ENDINGS = {"clip": ".mp4", "still": ""}
_FRAME = ".png"
# An own picture is one file, whichever of a generation's scenes have it for a take.
_OWN_TAKE = re.compile(r"(own[0-9a-f]{12})-.+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def upload(user_id: str, video_id: str, filename: str) -> str:
    """Return the key of a recording; the file name is reduced to safe characters and cannot steer the key."""
    plain = unicodedata.normalize("NFKD", filename.replace("\\", "/").rsplit("/", 1)[-1])
    safe = _UNSAFE.sub("-", plain.encode("ascii", "ignore").decode()).strip("-.")[-100:]
    return f"{UPLOADS}/{user_id}/{video_id}/{safe or 'recording'}"


def recording_copy(upload_key: str, etag: str) -> str:
    """Return the key of the copy of an upload as its ETag says: beside it, so that what deletes one deletes both."""
    return f"{upload_key.rpartition('/')[0]}/copies/{_UNSAFE.sub('', etag)}"


def transcript(video_id: str, generation_id: str) -> str:
    """Return the key of Amazon Transcribe's raw result, which was paid for."""
    return f"{_results(video_id, generation_id)}/{TRANSCRIPT}"


def sound(video_id: str, generation_id: str) -> str:
    """Return the key of the recording's sound in one plain form, which every later stage reads instead of it."""
    return f"{_work(video_id, generation_id)}/{SOUND}"


def plan(video_id: str, generation_id: str, name: str) -> str:
    """Return the key of the plan's revision called `name`, with its words and timings; it is written once."""
    return f"{_results(video_id, generation_id)}/{PLANS}/{name}.json"


def set_aside(video_id: str, name: str) -> str:
    """Return the key of a generation's record while a search for moments stands in its place, by GENERATION.DIGEST."""
    generation_id, _, digest = name.partition(".")
    return f"{_results(video_id, generation_id)}/{PLANS}/set-aside-{digest}.json"


def pictures(video_id: str, generation_id: str) -> str:
    """Return the key of the own pictures that the plan is to begin with."""
    return f"{_results(video_id, generation_id)}/{PLANS}/pictures.json"


def material(video_id: str, generation_id: str) -> str:
    """Return the key of what an edit of the plan may use of the recording: its words, and where it may be cut."""
    return f"{_results(video_id, generation_id)}/{PLANS}/material.json"


def corrections(video_id: str, name: str) -> str:
    """Return the key of what was corrected of a recording's words, as it is called `name`; it is written once."""
    return f"{RESULTS}/{video_id}/{PLANS}/corrections-{name}.json"


def translation(video_id: str, language: str, digest: str) -> str:
    """Return the key of the translation of captions whose lines have the digest; "" begins those of all into it."""
    return f"{RESULTS}/{video_id}/{PLANS}/translation-{language}-{f'{digest}.json' if digest else ''}"


def moments(video_id: str) -> str:
    """Return the key of the moments that were chosen of a recording last."""
    return f"{RESULTS}/{video_id}/{PLANS}/moments.json"


def chosen_of(video_id: str, generation_id: str, part: int) -> str:
    """Return the key of what the planning model has chosen of a part of a recording, or, as part 0, of all of it."""
    return f"{_results(video_id, generation_id)}/{PLANS}/moments-{part}.json"


def public_link(video_id: str, generation_id: str = "", secret: str = "") -> str:
    """Return the key whose being there opens a public link; without a secret what begins those of the generation.

    Without a generation it is what begins those of all.
    """
    name = f"{generation_id}.{f'{secret}.json' if secret else ''}" if generation_id else ""
    return f"{RESULTS}/{video_id}/{PLANS}/link-{name}"


def generation_and_secret(link_key: str) -> tuple[str, str]:
    """Return of which generation's video the public link at the key is, and its secret."""
    generation_id, _, secret = link_key.rpartition("/link-")[2].removesuffix(".json").partition(".")
    return generation_id, secret


def transcript_upload(user_id: str, video_id: str, transcript_id: str) -> str:
    """Return the key that a transcript of the user's own is uploaded to; what lies there is read, and then deleted."""
    return f"{UPLOADS}/{user_id}/{video_id}/transcripts/{transcript_id}"


def own_transcript(video_id: str, transcript_id: str) -> str:
    """Return the key of the record of a user's own transcript, which all generations of the recording can use."""
    return f"{RESULTS}/{video_id}/{PLANS}/transcript-{transcript_id}.json"


def take(video_id: str, generation_id: str, take_id: str, kind: str) -> str:
    """Return the key of a scene's picture: a clip or a still as its model made it, or one of its user's own."""
    own = _OWN_TAKE.fullmatch(take_id)
    return f"{takes(video_id, generation_id)}{own[1] if own else take_id}{_ENDINGS[kind]}"


def takes(video_id: str, generation_id: str) -> str:
    """Return the prefix below which all takes of a generation lie."""
    return f"{_results(video_id, generation_id)}/{TAKES}/"


def is_take(key: str) -> bool:
    """Return whether a take lies at the key, or a picture of one."""
    return f"/{TAKES}/" in key


def is_still(take_key: str) -> bool:
    """Return whether what lies at the key of a scene's picture is one that stands still."""
    return not take_key.endswith(_ENDINGS["clip"])


def last_frame(take_key: str, frames: int, move: str = "") -> str:
    """Return the key of the picture that a scene of so many frames ends with, which shows what lies at `take_key`.

    Of a picture that stands still it is also known by how the camera moves over it.
    """
    # Initials: the record has the name for each of its takes.
    way = "".join(word[0] for word in move.split())
    return f"{take_key.removesuffix(_ENDINGS['clip'])}-{frames}{way}{_FRAME}"


def whole_still(take_key: str) -> str:
    """Return the key of the still at `take_key`, cut to the video's own frame: what a clip can begin with."""
    return f"{take_key}-whole{_FRAME}"


def frame_name(key: str) -> str:
    """Return what a picture that a clip begins with is called in the record; nothing where there is none."""
    return key.rpartition("/")[2].removesuffix(_FRAME)


def own_font(video_id: str, generation_id: str, font_id: str) -> str:
    """Return the key of a font of the user's own that captions of the generation are drawn in."""
    return f"{takes(video_id, generation_id)}font-{font_id}.ttf"


def own_face(video_id: str, generation_id: str, font_id: str) -> str:
    """Return the key of what captions must know of the font, which no generation has without the font itself."""
    return f"{_results(video_id, generation_id)}/{PLANS}/font-{font_id}.json"


def drawn_clip(video_id: str, generation_id: str, sequence: int, digest: str) -> str:
    """Return the key of a scene's clip that was drawn, or made of a still; `digest` is that of all that it shows."""
    return f"{_work(video_id, generation_id)}/scenes/{sequence:02d}/{DRAWN_PREFIX}{digest[:_TOLD_APART]}.mp4"


def rendered_scene(video_id: str, generation_id: str, digest: str) -> str:
    """Return the key of a scene cut to its exact frames with captions burnt in, by the digest of all it is made of."""
    return f"{_results(video_id, generation_id)}/{RENDERED}/{digest}.mp4"


def cover(rendered_key: str, digest: str) -> str:
    """Return the key of a cover, by the scene that it is a frame of, as rendered, and the digest of its title."""
    return f"{rendered_key.removesuffix(_ENDINGS['clip'])}-{digest[:_TOLD_APART]}.jpg"


def narration(video_id: str, generation_id: str, digest: str) -> str:
    """Return the key of the film's sound, by the digest of the excerpt and the levels that it has."""
    return f"{_results(video_id, generation_id)}/{RENDERED}/{digest}.m4a"


def result(video_id: str, generation_id: str, goal: str, revision: int, name: str) -> str:
    """Return the key of a finished file of a plan's revision: final_video.mp4, captions.srt, captions.vtt, poster.jpg.

    A draft's files, and those of a video of stills, lie beside the video's.
    """
    return f"{_results(video_id, generation_id)}/{goal}-{revision:04d}/{name}"


def of_generation(video_id: str, generation_id: str) -> tuple[str, ...]:
    """Return the prefixes below which every object of one generation lies."""
    return f"{_work(video_id, generation_id)}/", f"{_results(video_id, generation_id)}/"


def everything(user_id: str, video_id: str) -> tuple[str, ...]:
    """Return the prefixes below which every object of a video lies."""
    return f"{UPLOADS}/{user_id}/{video_id}/", f"{TEMPORARY}/{video_id}/", f"{RESULTS}/{video_id}/"


def key_of(location: str) -> str:
    """Return the key of an s3:// URL."""
    return location.removeprefix("s3://").partition("/")[2]


def _results(video_id: str, generation_id: str) -> str:
    return f"{RESULTS}/{video_id}/{generation_id}"


def _work(video_id: str, generation_id: str) -> str:
    return f"{TEMPORARY}/{video_id}/{generation_id}"
