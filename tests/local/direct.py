"""A video as a person directs it: a plan, a draft, stills, clips, a retake, an earlier take, another word.

Touches a whole system, through its API as any client does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from local.api_client import ApiClient
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared import media_keys
from shared.film import ffmpeg
from shared.film.plan import Plan
from shared.video.record import GenerationData
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local import film
from tests.local.cloud_under_test import eventually
from tests.unit import font_files
from tests.unit.picture_files import encode, halves

# A film of two scenes.
CHOICES = {"targetDuration": 10}


@dataclass(frozen=True)
class Director:
    """Whoever directs one video."""

    system: LocalSystem
    video: str

    @property
    def data(self) -> GenerationData:
        data = record_of(self.system, self.video).ai_generation_data
        assert data
        return data

    @property
    def status(self) -> str | None:
        return record_of(self.system, self.video).ai_generation_status

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, tag: str = "") -> requests.Response:
        answer = self.send(method, path, body, tag)
        assert answer.ok, answer.text
        return answer

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, tag: str = "") -> requests.Response:
        """Return the answer, which may be a refusal."""
        headers = {"Authorization": self.system.token()(), **({"If-Match": tag} if tag else {})}
        url = f"{self.system.cloud.api_url}/ai-video/{self.video}{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30)

    def plan(self) -> dict[str, Any]:
        return self.ask("GET", "/plan").json()["plan"]

    def edit(self, *edits: dict[str, Any]) -> dict[str, Any]:
        tag = self.ask("GET", "/plan").headers["ETag"]
        return self.ask("PATCH", "/plan", {"edits": list(edits)}, tag).json()["plan"]

    def run(self, path: str = "/runs", body: dict[str, Any] | None = None, end: str = "SUCCEEDED") -> list[str]:
        """Start a run and wait for it; return the scenes whose takes it bought, to the cent what it announced."""
        before = self.usd_sold()
        counted_usd = self.data.cost_breakdown.video_generation
        goal = (body or {}).get("goal", "video")
        announced_usd = next(step for step in self.plan()["next"] if step["goal"] == goal)["usd"]
        answer = self.ask("POST", path, body or {}).json()
        assert await_end(self.system, self.video) == end, self.data.failure
        usd = round(self.usd_sold() - before, 6)
        if end == "SUCCEEDED":
            assert usd == pytest.approx(answer["usd"])
            assert self.data.cost_breakdown.video_generation - counted_usd == pytest.approx(usd)
        if path == "/runs":
            assert answer["usd"] == pytest.approx(announced_usd)
        return [purchase["scene"] for purchase in answer["buys"]]

    def usd_sold(self) -> float:
        """Return what the clips and stills of the video were sold for, in USD."""
        sales = audit.charged(record_of(self.system, self.video), self.system.veo.ledger.entries)
        return sum(map(audit.price, sales))

    def clip_count(self) -> int:
        """Return how many clips the video has ordered, charged or not."""
        return sum(sale.video == self.video.lower() for sale in self.system.veo.ledger.clips())

    def rendered_scenes(self) -> set[tuple[object, ...]]:
        """Return each rendered scene's key, digest and moment: one that is written again, even the same, is another."""
        return self._renderings(".mp4")

    def narration(self) -> set[tuple[object, ...]]:
        """Return the key, digest and moment of each sound that was made for the video."""
        return self._renderings(".m4a")

    def captions(self) -> str:
        """Return the digest of the subtitles that the latest run has ended with."""
        data = self.data
        key = media_keys.result(self.video, data.generation_id, data.goal, data.revision, "captions.srt")
        return self.digest_of(key)

    def export_texts(self) -> dict[str, str]:
        """Return the texts of the export, by their names."""
        files = self.ask("GET", "/export").json()["export"]["files"]
        return {file["path"]: file["text"] for file in files if "text" in file}

    def _renderings(self, ending: str) -> set[tuple[object, ...]]:
        prefix = f"{media_keys.of_generation(self.video, self.data.generation_id)[1]}{media_keys.RENDERED}/"
        bucket = self.system.cloud.outputs["BucketName"]
        page = self.system.cloud.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
        rows = [row for row in page["Contents"] if row["Key"].endswith(ending)]
        return {(row["Key"], row["ETag"], row["LastModified"]) for row in rows}

    def opening_pictures(self, count: int) -> list[str]:
        """Return the digests of the pictures that the latest clips were ordered to begin with, in the scenes' order."""
        sales = [sale for sale in self.system.veo.ledger.clips() if sale.video == self.video][-count:]
        return [sale.first_frame for sale in sorted(sales, key=lambda sale: sale.scene)]

    def stored_plan(self) -> Plan:
        key = media_keys.plan(self.video, self.data.generation_id, self.data.plan_name)
        return Plan.model_validate_json(self.read(key))

    def digest_of(self, key: str) -> str:
        return hashlib.sha256(self.read(key)).hexdigest()

    def read(self, key: str) -> bytes:
        bucket = self.system.cloud.outputs["BucketName"]
        return self.system.cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()

    def frames_of(self, url: str, folder: Path) -> int:
        return ffmpeg.packets([self.download(url, folder).name], cwd=folder)[0].frames

    def download(self, url: str, folder: Path) -> Path:
        file = folder / "film.mp4"
        file.write_bytes(self.read(media_keys.key_of(url)))
        return file

    def cut_into(self, count: int) -> list[str]:
        """Split the plan's scenes where they are longest until they are so many; return their ids, in order."""
        plan = self.plan()
        while len(plan["scenes"]) < count:
            longest = max(plan["scenes"], key=lambda scene: scene["end"] - scene["start"])
            at = self.place_near((longest["start"] + longest["end"]) / 2)
            plan = self.edit({"op": "split", "scene": longest["id"], "at": at})
        return [scene["id"] for scene in plan["scenes"]]

    def place_near(self, seconds: float) -> float:
        """Return the place to cut that is nearest to a time of the video, in seconds of it."""
        plan = self.plan()
        times = [cut["time"] - plan["excerpt"]["start"] for cut in plan["cuts"]]
        return min(times, key=lambda time: abs(time - seconds))


def direct(system: LocalSystem, recording: Path, folder: Path) -> None:
    """Direct one video; what is bought is what was announced, and nothing is bought twice."""
    api = ApiClient(system.cloud.api_url, system.token())
    _bring_a_picture(api)
    director = Director(system, api.upload(recording, "directed", "audio/aiff"))
    _look_before_paying(director, api, folder)
    _buy_the_clips(director, folder)
    _change_one_scene(director)
    _correct_a_word(director)
    _show_an_own_picture(director, api)
    _lay_music_under_the_voice(director, api, folder)
    _draw_captions_in_an_own_font(director, api)
    _read_captions_in_another_language(director)
    _leave_the_take_when_another_is_withheld(director)
    _let_clips_begin_where_others_end(director)
    _read_a_corrected_word_in_a_later_generation(director, api)
    _plan_by_a_transcript_of_ones_own(director, api, folder)
    _draw_a_draft_with_a_brand(director, api, folder)


def _bring_a_picture(api: ApiClient) -> None:
    """Upload a picture by its form, and see it become ready by its content: it is a PNG whatever it is called."""
    api.call("DELETE", _upload_picture(api))
    path = _upload_picture(api)
    image = eventually(lambda: _ready(api, path, "image"))
    assert (image["kind"], image["width"], image["height"]) == ("still", 400, 200)
    assert requests.get(image["preview"]["url"], timeout=30).content.startswith(b"\xff\xd8")
    assert [each["status"] for each in api.call("GET", "/images").body["images"]] == ["ready"]
    api.call("DELETE", path)
    assert api.call("GET", "/images").body["images"] == []


def _upload_picture(api: ApiClient) -> str:
    """Return the path of a picture that has arrived."""
    reply = _upload(api, "/images", ("harbour.jpg", "image/jpeg"), encode(halves(), "PNG"))
    return f"/images/{reply['image']['imageId']}"


def _upload(api: ApiClient, path: str, kind: tuple[str, str], content: bytes) -> dict[str, Any]:
    """Send the content by the form for a file of that name and media type; return what the form came with."""
    body = {"filename": kind[0], "contentType": kind[1], "fileSize": len(content)}
    reply = api.call("POST", path, body).body
    form = reply["upload"]
    requests.post(form["url"], data=form["fields"], files={"file": content}, timeout=30).raise_for_status()
    return reply


def _ready(api: ApiClient, path: str, kind: str) -> dict[str, Any] | None:
    own = api.call("GET", path).body[kind]
    assert own["status"] in ("checking", "ready")
    return own if own["status"] == "ready" else None


def _look_before_paying(director: Director, api: ApiClient, folder: Path) -> None:
    api.start(director.video, CHOICES | {"goal": "plan"})
    assert await_end(director.system, director.video) == "SUCCEEDED"
    assert (director.status, director.usd_sold()) == ("awaiting_review", 0)
    plan = director.edit({"op": "scene", "scene": "s1", "prompt": "A boat leaves a quiet harbour."})
    assert director.run(body={"goal": "draft"}) == []
    preview = director.data.preview
    assert preview
    assert (director.status, preview.goal, preview.revision) == ("awaiting_review", "draft", 2)
    assert director.frames_of(preview.video_url, folder) == round(plan["seconds"] * 24)
    of_draft = director.narration(), director.captions()
    assert len(of_draft[0]) == 1
    assert director.run(body={"goal": "stills"}) == [scene["id"] for scene in plan["scenes"]]
    assert (director.narration(), director.captions()) == of_draft
    preview = director.data.preview
    assert preview
    assert (preview.goal, director.frames_of(preview.video_url, folder)) == ("stills", round(plan["seconds"] * 24))


def _buy_the_clips(director: Director, folder: Path) -> None:
    scenes = [scene["id"] for scene in director.plan()["scenes"]]
    of_stills = director.narration(), director.captions()
    assert director.run() == scenes
    assert director.status == "completed"
    assert (director.narration(), director.captions()) == of_stills
    assert "A boat leaves a quiet harbour." in director.data.vertex_ai_tasks[0].prompt
    frames = director.frames_of(director.data.final_video_url, folder)
    assert frames == round(director.plan()["seconds"] * 24)
    files = [file["path"] for file in director.ask("GET", "/export").json()["export"]["files"]]
    assert sum(path.startswith("clips/") for path in files) == sum(path.startswith("stills/") for path in files) > 0
    # What is there is not bought again, and not made again.
    before = director.rendered_scenes()
    assert director.run() == []
    assert director.rendered_scenes() == before


def _change_one_scene(director: Director) -> None:
    before = director.rendered_scenes()
    clips = director.clip_count()
    assert director.run("/scenes/s1/takes", {"prompt": "A boat comes home."}) == ["s1"]
    assert director.clip_count() == clips + 1
    # The other scenes are not touched.
    assert (len(director.rendered_scenes() - before), len(before - director.rendered_scenes())) == (1, 0)
    takes = [take for take in director.plan()["scenes"][0]["takes"] if take["kind"] == "clip"]
    assert [take["isShown"] for take in takes] == [True, False]
    after = director.rendered_scenes()
    back = director.ask("PUT", "/scenes/s1/take", {"take": takes[1]["id"]}).json()["plan"]
    assert back["scenes"][0]["prompt"] == "A boat leaves a quiet harbour."
    assert director.run() == []
    assert director.rendered_scenes() == after
    assert director.data.vertex_ai_tasks[0].take == takes[1]["id"]


def _correct_a_word(director: Director) -> None:
    before = director.rendered_scenes()
    words = director.plan()["words"]
    director.edit({"op": "word", "index": len(words) - 1, "text": "otherwise"})
    assert director.run() == []
    assert len(director.rendered_scenes() - before) == 1
    assert b"otherwise" in director.read(media_keys.key_of(director.data.captions_srt_url))


def _show_an_own_picture(director: Director, api: ApiClient) -> None:
    """A scene shows a picture of the user's own for nothing, also once that is deleted, and its clip again after it."""
    sales = director.clip_count(), director.usd_sold()
    before = director.rendered_scenes()
    path = _upload_picture(api)
    image = eventually(lambda: _ready(api, path, "image"))
    director.edit({"op": "picture", "scene": "s1", "imageId": image["imageId"]})
    api.call("DELETE", path)
    assert director.run() == []
    assert (director.status, len(director.rendered_scenes() - before)) == ("completed", 1)
    (own,) = [take for take in director.plan()["scenes"][0]["takes"] if take["imageId"]]
    assert (own["isShown"], own["usd"]) == (True, 0)
    director.edit({"op": "picture", "scene": "s1", "imageId": ""})
    assert director.run() == []
    assert (director.clip_count(), director.usd_sold()) == sales


def _lay_music_under_the_voice(director: Director, api: ApiClient, folder: Path) -> None:
    """The sound is made anew for nothing, and the pictures are not; without the music it is what it was."""
    sales = director.clip_count(), director.usd_sold()
    pictures = director.rendered_scenes()
    plain = director.narration()
    content = film.lavfi("sine=330:duration=4", folder / "music.mp3").read_bytes()
    reply = _upload(api, "/music", ("music.mp3", "audio/mpeg"), content)
    path = f"/music/{reply['music']['musicId']}"
    music = eventually(lambda: _ready(api, path, "music"))
    assert [each["musicId"] for each in api.call("GET", "/music").body["pieces"]] == [music["musicId"]]
    assert director.edit({"op": "music", "music": music["musicId"]})["music"] == music["musicId"]
    assert director.run() == []
    assert (director.rendered_scenes(), len(director.narration() - plain)) == (pictures, 1)
    api.call("DELETE", path)
    director.edit({"op": "music", "music": ""})
    assert director.run() == []
    assert (director.clip_count(), director.usd_sold(), director.data.degraded) == (*sales, [])


def _draw_captions_in_an_own_font(director: Director, api: ApiClient) -> None:
    """The scenes are rendered anew for nothing, and the font can be deleted before that."""
    sales = director.clip_count(), director.usd_sold()
    pictures = director.rendered_scenes()
    reply = _upload(api, "/fonts", ("acme.ttf", "font/ttf"), font_files.font())
    path = f"/fonts/{reply['font']['fontId']}"
    font = eventually(lambda: _ready(api, path, "font"))
    assert [each["fontId"] for each in api.call("GET", "/fonts").body["fonts"]] == [font["fontId"]]
    plan = director.edit({"op": "captions", "font": font["fontId"]})
    assert f"Own{font['fontId']} Regular" in plan["captionDocument"]
    api.call("DELETE", path)
    assert director.run() == []
    assert len(director.rendered_scenes() - pictures) == len(plan["scenes"])
    director.edit({"op": "captions", "font": "look"})
    assert director.run() == []
    assert (director.clip_count(), director.usd_sold(), director.data.degraded) == (*sales, [])


def _read_captions_in_another_language(director: Director) -> None:
    """A run buys the translation and nothing else; both subtitles are there, and what is there is not bought again."""
    clips = director.clip_count()
    questions = len(director.system.openai.ledger.entries)
    spoken_srt = director.export_texts()["captions.srt"]
    before_usd = director.data.cost_breakdown.scene_generation
    director.system.openai.faults.add(Fault("translate", times=None, match='"task": "translate"'))
    director.edit({"op": "captions", "language": "ja"})
    answer = director.ask("POST", "/runs", {}).json()
    assert [purchase["kind"] for purchase in answer["buys"]] == ["translation"]
    assert await_end(director.system, director.video) == "SUCCEEDED"
    paid_usd = director.data.cost_breakdown.scene_generation - before_usd
    assert (len(director.system.openai.ledger.entries) - questions, director.clip_count()) == (1, clips)
    assert 0 < paid_usd <= answer["usd"]
    texts = director.export_texts()
    assert (texts["spoken-captions.srt"], "spoken-captions.vtt" in texts) == (spoken_srt, True)
    assert texts["captions.srt"].count("ja ") == texts["captions.vtt"].count("ja ") > 0
    assert director.read(media_keys.key_of(director.data.captions_srt_url)).decode() == texts["captions.srt"]
    assert director.run() == []
    director.edit({"op": "captions", "language": ""})
    assert director.run() == []
    assert len(director.system.openai.ledger.entries) == questions + 1
    director.system.openai.faults.clear()


def _leave_the_take_when_another_is_withheld(director: Director) -> None:
    shown_take = director.data.vertex_ai_tasks[0].take
    director.system.veo.faults.add(Fault("filter", "outcome", times=4))
    director.run("/scenes/s1/takes", {}, end="FAILED")
    director.system.veo.faults.clear()
    assert director.status == "failed"
    assert director.run() == []
    assert (director.status, director.data.vertex_ai_tasks[0].take) == ("completed", shown_take)


def _let_clips_begin_where_others_end(director: Director) -> None:
    """Chain the scenes, and then begin them with their stills: the ledger knows the very pictures that were sent."""
    scenes = [scene["id"] for scene in director.edit({"op": "continuity", "continuity": "chain"})["scenes"]]
    assert len(scenes) > 1
    assert director.run() == scenes[1:]
    former = list(zip(director.data.vertex_ai_tasks, director.stored_plan().scenes, strict=True))[:-1]
    ends = [media_keys.last_frame(media_keys.key_of(task.video_url), scene.frames) for task, scene in former]
    assert director.opening_pictures(len(ends)) == [director.digest_of(key) for key in ends]
    director.edit({"op": "continuity", "continuity": "still"})
    # The first scene was given another prompt after its still had been drawn, so that it has none.
    assert director.run() == scenes[1:]
    stills = {take.scene: name for name, take in director.data.takes.items() if take.kind == "still"}
    ids = director.video, director.data.generation_id
    wholes = [media_keys.whole_still(media_keys.take(*ids, stills[scene], "still")) for scene in scenes[1:]]
    assert director.opening_pictures(len(wholes)) == [director.digest_of(key) for key in wholes]
    notes = [note for note in director.data.degraded if "begin" in note]
    assert notes == ["Scene 1 does not begin with a still: its clip was made so."]


def _read_a_corrected_word_in_a_later_generation(director: Director, api: ApiClient) -> None:
    earlier = director.data.generation_id
    api.start(director.video, CHOICES | {"goal": "plan"})
    assert await_end(director.system, director.video) == "SUCCEEDED", director.data.failure
    assert director.data.generation_id != earlier
    assert director.plan()["words"][-1]["text"] == "otherwise"


def _plan_by_a_transcript_of_ones_own(director: Director, api: ApiClient, folder: Path) -> None:
    """Nobody is paid for hearing what a transcript says, and its words are its own."""
    file = folder / "talk.srt"
    file.write_text("1\n00:00:00,000 --> 00:00:05,000\nWords that nobody had to hear.\n", encoding="utf-8")
    transcript_id = api.upload_transcript(director.video, file)
    api.start(director.video, CHOICES | {"goal": "plan", "transcriptId": transcript_id})
    assert await_end(director.system, director.video) == "SUCCEEDED", director.data.failure
    assert [word["text"] for word in director.plan()["words"]] == ["Words", "that", "nobody", "had", "to", "hear."]
    costs = director.data.cost_breakdown
    assert (costs.transcription, director.data.transcription_usd, costs.scene_generation > 0) == (0, 0, True)
    view = api.call("GET", f"/videos/{director.video}/transcripts/{transcript_id}").body["transcript"]
    assert (view["status"], view["hasTimes"], view["words"]) == ("ready", True, 6)


def _draw_a_draft_with_a_brand(director: Director, api: ApiClient, folder: Path) -> None:
    """A draft begins with the intro of its preset, which may be gone by then, as may the picture."""
    path = _upload_picture(api)
    own = {"imageId": eventually(lambda: _ready(api, path, "image"))["imageId"]}
    api.call("PUT", "/presets/acme", {"logo": own, "intro": own | {"seconds": 1}, "speakers": 2})
    assert api.call("GET", "/presets/acme").body["preset"]["choices"]["intro"]["seconds"] == 1
    assert [each["name"] for each in api.call("GET", "/presets").body["presets"]] == ["acme"]
    api.start(director.video, CHOICES | {"goal": "draft", "preset": "acme", "speakers": False})
    api.call("DELETE", "/presets/acme")
    api.call("DELETE", path)
    assert await_end(director.system, director.video) == "SUCCEEDED", director.data.failure
    assert director.data.preview
    assert director.frames_of(director.data.preview.video_url, folder) == director.stored_plan().frames + 24
