"""The contract of every video model, on its emulator, over the wire: whatever happens, nothing is bought twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from local.emulators.faults import Fault
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.clips import alike, plain
from local.emulators.google.emulator import KINDS, OUTCOME, POLL, SUBMIT, VeoEmulator
from local.emulators.google.omni import ENDS, FORM, NO_BACKGROUND
from local.emulators.google.operation_pool import PARTIAL
from local.emulators.google.pictures import DRAW
from local.emulators.google.veo import RULES
from local.emulators.messages import EmulatorRequest
from shared.aws.secrets import SecretStore
from shared.errors import (
    CredentialsRejected,
    ModelRetired,
    ReelwrightError,
    SceneFiltered,
    SubmitOutcomeUnknown,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.film import ffmpeg
from shared.models.adapters import by_handle, by_model
from shared.models.clip_request import ClipBrief
from shared.models.port import Done, Failed, Filtered, Lost, Reading, Running, VideoModel
from shared.models.request_body import Picture
from shared.models.video_models import MODELS as MODELS_BY_ID
from shared.models.video_models import OMNI
from tests.fakes import picture_file
from tests.faults.conftest import READING_FAULTS

CLIPS = alike(plain)
BRIEF = ClipBrief("", "9:16", 4, prompt="A boat at dawn.", labels={"video_id": "v1", "scene": "1", "scenes": "2"})
# By the way of speaking to them, models, and what an order is called that nobody has placed. Where interactions are not
# taken in the background, the answer to an order is waited for.
WAITING = "omni without background"
MODELS = {"veo": "veo-3.1-fast-generate-001", "omni": OMNI, WAITING: OMNI}
NOBODYS = {"veo": "projects/p1/locations/us-central1/publishers/google/models/m/operations/1"}
ORDER_FAULTS: list[tuple[str, type[ReelwrightError]]] = [
    ("throttle", VeoThrottled),
    ("unavailable", VeoUnavailable),
    ("refuse", VeoRefused),
    ("retired", ModelRetired),
    ("block", SceneFiltered),
]
PROJECT_FAULTS = ["no_access", "wrong_location", "not_enabled", "no_billing", "project_invalid"]
UNKNOWN_FAULTS = [("server_error", 0), ("hang_up_before", 0), ("hang_up_after", 1), ("empty_reply", 1)]
WRONG_CLIPS = ["wrong_size", "wrong_fps", "wrong_length", "not_a_video"]
WITHOUT_CLIP = [
    (Fault("filter"), Filtered()),
    (Fault("block", "outcome"), Filtered(is_prompt_blocked=True)),
    *((Fault("fail", code=code), Failed(is_retriable=True)) for code in (4, 8, 10, 13, 14)),
    (Fault("fail", code=9), Failed()),
    (Fault("empty"), Failed()),
]
CRIMSON = (220, 20, 60)
PICTURE = Picture(picture_file(), "image/png")


@dataclass
class Bench:
    """A model, the service that sells its clips, and every request that was made of it."""

    form: str
    model: VideoModel
    brief: ClipBrief
    veo: VeoEmulator
    secrets: SecretStore
    requests: list[str] = field(default_factory=list[str])

    def note(self, request: EmulatorRequest, is_answered: bool) -> None:
        if not is_answered:
            self.requests.append(request.path)

    def order(self, **changes: object) -> str:
        return self.model.submit(self.model.request(replace(self.brief, **changes))).name  # pyright: ignore[reportArgumentType]

    def end(self, handle: str) -> Reading:
        while isinstance(reading := self.model.read(handle), Running):
            pass
        return reading

    def clip_count(self) -> int:
        return len(self.veo.ledger.clips())

    def charged(self) -> int:
        return len(self.veo.ledger.charged_clips())


@pytest.fixture(name="google", scope="module")
def sign_in() -> Iterator[GoogleAuthEmulator]:
    with GoogleAuthEmulator() as google:
        yield google


@pytest.fixture(name="bench", params=MODELS)
def bench_of_each_protocol(
    request: pytest.FixtureRequest, google: GoogleAuthEmulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    credentials = json.dumps(google.service_account_info())
    fields = {"google_cloud_credentials": credentials, "vertex_ai_project_id": "p1"}
    secrets = SecretStore(lambda: json.dumps(fields))
    form = request.param
    model = by_model(secrets)(MODELS[form])
    brief = replace(BRIEF, model=MODELS[form])
    if form == WAITING:
        learn_to_wait(model, brief, google, monkeypatch)
        secrets.refresh()
    with VeoEmulator(token_valid=google.is_valid, make=CLIPS) as veo:
        monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", veo.url)
        veo.faults.add(Fault("slow", "poll", times=None, seconds=0.02))
        bench = Bench(form, model, brief, veo, secrets)
        veo.listeners.append(bench.note)
        yield bench


def learn_to_wait(
    model: VideoModel, brief: ClipBrief, google: GoogleAuthEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the model place an order where nothing is taken in the background: two requests, and one sale."""
    with VeoEmulator(token_valid=google.is_valid, make=CLIPS) as veo:
        monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", veo.url)
        veo.faults.add(Fault(NO_BACKGROUND, times=None))
        assert isinstance(model.submit(model.request(brief)).ending, Done)
        assert len(veo.ledger.clips()) == 1


def test_a_clip_is_bought_by_one_request_and_read_by_another_process(bench: Bench) -> None:
    request = bench.model.request(bench.brief)
    handle = bench.model.submit(request)
    assert len(bench.requests) == 1
    model = by_handle(bench.secrets)(handle.name)
    while isinstance(reading := model.read(handle.name), Running):
        pass
    assert isinstance(reading, Done)
    assert model.fetch(reading)[4:8] == b"ftyp"
    (sale,) = bench.veo.ledger.charged_clips()
    assert (sale.model, sale.seconds, sale.prompt, sale.scene) == (request.model, request.seconds, BRIEF.prompt, 1)


def test_a_request_is_known_by_its_digest(bench: Bench) -> None:
    request = bench.model.request(bench.brief)
    assert bench.model.request(replace(bench.brief)).digest == request.digest
    changes = [{"prompt": "A hill."}, {"seconds": 6}, {"aspect_ratio": "16:9"}, {"first_frame": PICTURE}]
    others = {bench.model.request(replace(bench.brief, **change)).digest for change in changes}  # pyright: ignore[reportArgumentType]
    assert len({request.digest, *others}) == len(changes) + 1


@pytest.mark.parametrize("pictures", [{"first_frame": PICTURE}, {"references": (PICTURE, PICTURE)}])
def test_pictures_are_taken_at_the_lengths_that_are_sold_with_them(bench: Bench, pictures: dict[str, object]) -> None:
    request = bench.model.request(replace(bench.brief, **pictures))  # pyright: ignore[reportArgumentType]
    lengths = MODELS_BY_ID[request.model].lengths(len(request.brief.references))
    assert request.seconds == min(length for length in lengths if length >= BRIEF.seconds)
    assert isinstance(bench.end(bench.model.submit(request).name), Done)
    (sale,) = bench.veo.ledger.charged_clips()
    assert sale.seconds == request.seconds


def test_a_clip_begins_with_the_picture_that_it_was_ordered_with(bench: Bench, tmp_path: Path) -> None:
    reading = bench.end(bench.order(first_frame=Picture(picture_file(colour="crimson"), "image/png")))
    assert isinstance(reading, Done)
    (tmp_path / "clip.mp4").write_bytes(reading.data)
    colours = [colour_of_frame(tmp_path / "clip.mp4", frame) for frame in (0, 48)]
    is_crimson = [all(abs(a - b) < 6 for a, b in zip(colour, CRIMSON, strict=True)) for colour in colours]
    assert is_crimson == [True, False]
    (sale,) = bench.veo.ledger.charged_clips()
    assert (sale.prompt, sale.first_frame) == (
        BRIEF.prompt,
        hashlib.sha256(picture_file(colour="crimson")).hexdigest(),
    )


def colour_of_frame(clip: Path, frame: int) -> tuple[int, ...]:
    """Return what one frame of a clip of one colour shows in its middle: red, green and blue."""
    steps = [("trim", {"start_frame": frame}), ("crop", {"w": 2, "h": 2}), *ffmpeg.PNG]
    stream = ffmpeg.chain(ffmpeg.source(clip.name, formats="mov")["v:0"], steps)
    arguments = ffmpeg.arguments([stream], "pixel.rgb", **{"frames:v": 1}, f="rawvideo")
    ffmpeg.run(arguments, cwd=clip.parent, timeout=60)
    return tuple((clip.parent / "pixel.rgb").read_bytes()[:3])


@pytest.mark.parametrize(
    "picture",
    [
        Picture(b"", "image/png"),
        Picture(b"<svg/>", "image/png"),
        Picture(picture_file()[:60], "image/png"),
        Picture(picture_file(), "image/jpeg"),
        Picture(picture_file(kind="GIF"), "image/gif"),
        Picture(picture_file() + bytes(21 << 20), "image/png"),
    ],
    ids=["empty", "text", "cut off", "another type", "unknown type", "too large"],
)
def test_a_picture_that_is_none_is_refused_and_nothing_is_bought(bench: Bench, picture: Picture) -> None:
    with pytest.raises(VeoRefused):
        bench.order(first_frame=picture)
    assert bench.clip_count() == 0


@pytest.mark.parametrize(("kind", "error"), ORDER_FAULTS)
def test_a_refused_order_buys_nothing_and_is_sent_once(bench: Bench, kind: str, error: type[ReelwrightError]) -> None:
    bench.veo.faults.add(Fault(kind, "submit"))
    with pytest.raises(error):
        bench.order()
    assert (len(bench.requests), bench.clip_count()) == (1, 0)
    assert isinstance(bench.end(bench.order()), Done)


@pytest.mark.parametrize("kind", PROJECT_FAULTS)
def test_a_project_that_is_not_in_order_is_named_when_the_secret_stays_as_it_is(bench: Bench, kind: str) -> None:
    bench.veo.faults.add(Fault(kind, "submit", times=2))
    with pytest.raises(VeoNotOffered):
        bench.order()
    assert (len(bench.requests), bench.clip_count()) == (2, 0)
    handle = bench.order()
    bench.veo.faults.add(Fault(kind, "poll", times=2))
    with pytest.raises(VeoNotOffered):
        bench.model.read(handle)
    assert isinstance(bench.end(handle), Done)


@pytest.mark.parametrize(("kind", "clips"), UNKNOWN_FAULTS)
def test_an_order_of_unknown_outcome_is_never_sent_again(bench: Bench, kind: str, clips: int) -> None:
    bench.veo.faults.add(Fault(kind, "submit"))
    with pytest.raises(SubmitOutcomeUnknown):
        bench.order()
    assert (len(bench.requests), bench.clip_count()) == (1, clips)


def test_a_service_that_is_not_there_was_ordered_nothing_from(bench: Bench) -> None:
    bench.veo.stop()
    with pytest.raises(VeoUnavailable):
        bench.order()
    with pytest.raises(VeoUnavailable):
        bench.model.read(NOBODYS.get(bench.form, "interactions/v1_1"))


def test_credentials_are_read_anew_once(bench: Bench) -> None:
    bench.veo.faults.add(Fault("unauthenticated", "submit"))
    assert isinstance(bench.end(bench.order()), Done)
    bench.veo.faults.add(Fault("unauthenticated", "submit", times=2))
    with pytest.raises(CredentialsRejected):
        bench.order()
    assert bench.clip_count() == 1


def test_an_order_that_is_answered_late_is_one_order(bench: Bench) -> None:
    bench.veo.faults.add(Fault("slow", "submit", seconds=1.5))
    handle = bench.order()
    assert len(bench.requests) == 1
    assert isinstance(bench.end(handle), Done)
    assert bench.clip_count() == 1


def test_a_reading_with_a_token_that_is_refused_is_made_once_more(bench: Bench) -> None:
    handle = bench.order()
    bench.veo.faults.add(Fault("unauthenticated", "poll"))
    assert isinstance(bench.end(handle), Done)
    bench.veo.faults.add(Fault("unauthenticated", "poll", times=2))
    with pytest.raises(CredentialsRejected):
        bench.model.read(handle)
    assert bench.clip_count() == 1


def test_every_fault_of_the_stand_in_has_a_test_here() -> None:
    alone = {*PROJECT_FAULTS, "unauthenticated", "slow"}
    kinds_here = {
        SUBMIT: {kind for kind, _ in (*ORDER_FAULTS, *UNKNOWN_FAULTS)} | alone,
        POLL: {kind for kind, _ in READING_FAULTS} | alone,
        OUTCOME: {fault.kind for fault, _ in WITHOUT_CLIP} | {*WRONG_CLIPS, "never"},
        FORM: {NO_BACKGROUND},
        ENDS: PARTIAL,
    }
    # Stills have a suite of their own, and a service that is more permissive is none that fails.
    assert kinds_here == {moment: kinds for moment, kinds in KINDS.items() if moment not in (DRAW, RULES)}


@pytest.mark.parametrize(
    ("kind", "error"),
    READING_FAULTS,
)
def test_a_reading_that_fails_can_be_repeated(bench: Bench, kind: str, error: type[ReelwrightError]) -> None:
    handle = bench.order()
    bench.veo.faults.add(Fault(kind, "poll"))
    with pytest.raises(error):
        bench.model.read(handle)
    assert isinstance(bench.end(handle), Done)
    assert bench.clip_count() == 1


@pytest.mark.parametrize(("fault", "ending"), WITHOUT_CLIP)
def test_an_end_without_a_clip_says_why_and_is_free(bench: Bench, fault: Fault, ending: Reading) -> None:
    bench.veo.faults.add(fault)
    handle = bench.model.submit(bench.model.request(bench.brief))
    reading = bench.end(handle.name)
    assert handle.ending in (None, reading)
    assert isinstance(reading, Filtered | Failed)
    assert reading.reason
    assert replace(reading, reason="") == ending
    assert (bench.clip_count(), bench.charged()) == (1, 0)


def test_a_clip_that_never_comes_runs_on(bench: Bench) -> None:
    if bench.form == WAITING:
        pytest.skip("there is nothing to read before the clip is there")
    bench.veo.faults.add(Fault("never"))
    handle = bench.order()
    assert [bench.model.read(handle) for _ in range(3)] == [Running()] * 3


def test_an_order_that_nobody_knows_any_more_is_lost(bench: Bench) -> None:
    reading = bench.model.read(bench.order() + "0")
    assert isinstance(reading, Lost)
    assert "404" in reading.reason


@pytest.mark.parametrize("kind", sorted(PARTIAL))
def test_half_a_clip_is_paid_for_and_never_ordered_again_by_itself(bench: Bench, kind: str) -> None:
    if bench.brief.model != OMNI:
        pytest.skip("Veo delivers whole clips only")
    bench.veo.faults.add(Fault(kind))
    handle = bench.model.submit(bench.model.request(bench.brief))
    request_count = len(bench.requests)
    reading = bench.end(handle.name)
    assert isinstance(reading, Lost)
    assert kind in reading.reason
    assert handle.ending in (None, reading)
    assert bench.model.read(handle.name) == reading
    assert (request_count, bench.clip_count(), bench.charged()) == (1, 1, 1)


@pytest.mark.parametrize("kind", WRONG_CLIPS)
def test_what_is_delivered_is_paid_for_and_handed_on(bench: Bench, kind: str) -> None:
    bench.veo.faults.add(Fault(kind))
    reading = bench.end(bench.order())
    assert isinstance(reading, Done)
    assert bench.model.fetch(reading)
    assert bench.charged() == 1


def test_what_a_model_cannot_make_is_refused_before_anything_is_sent(bench: Bench) -> None:
    for change in (
        {"seconds": 99},
        {"references": (PICTURE,) * 20},
        {"first_frame": PICTURE, "references": (PICTURE,)},
    ):
        with pytest.raises(ModelRetired):
            bench.order(**change)
    assert bench.requests == []
