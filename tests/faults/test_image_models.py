"""The contract of image models, on their emulator, over the wire: a picture is paid once, and a lost one is said so."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from PIL import Image

from local.emulators.faults import Fault
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.clips import plain
from local.emulators.google.emulator import KINDS, VeoEmulator
from local.emulators.google.pictures import DRAW
from local.emulators.messages import EmulatorRequest
from shared.aws.secrets import SecretStore
from shared.errors import (
    CredentialsRejected,
    ModelRetired,
    ReelwrightError,
    SubmitOutcomeUnknown,
    VeoFailed,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.models.gemini_image import GeminiImage
from shared.models.picture_request import FLASH_IMAGE, IMAGE_MODELS, PictureBrief
from shared.models.port import Filtered, ImageModel
from shared.models.request_body import Picture

UNANSWERED: list[tuple[str, type[ReelwrightError]]] = [
    ("throttle", VeoThrottled),
    ("unavailable", VeoUnavailable),
    ("refuse", VeoRefused),
    ("retired", ModelRetired),
    ("hang_up_before", SubmitOutcomeUnknown),
    ("server_error", SubmitOutcomeUnknown),
]
PROJECT_FAULTS = ["no_access", "wrong_location", "not_enabled", "no_billing", "project_invalid"]
WITHHELD = [("block", True), ("filter", False)]
WITHOUT_PICTURE = ["empty", "empty_reply"]
BRIEF = PictureBrief("A boat at dawn.", "9:16", labels={"video_id": "v1", "scene": "1"})


def drawn_picture() -> Picture:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return Picture(buffer.getvalue(), "image/png")


@dataclass
class Bench:
    """An image model, the service that sells its pictures, and every request that was made of it."""

    model: ImageModel
    veo: VeoEmulator
    requests: list[str] = field(default_factory=list[str])

    def note(self, request: EmulatorRequest, is_answered: bool) -> None:
        if not is_answered:
            self.requests.append(request.path)

    def draw(self, **changes: object) -> Picture | Filtered:
        return self.model.draw(self.model.request(replace(BRIEF, **changes)))  # pyright: ignore[reportArgumentType]


@pytest.fixture(name="google", scope="module")
def sign_in() -> Iterator[GoogleAuthEmulator]:
    with GoogleAuthEmulator() as google:
        yield google


@pytest.fixture(name="bench")
def bench_of_the_image_model(google: GoogleAuthEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    fields = {
        "google_cloud_credentials": json.dumps(google.service_account_info()),
        "vertex_ai_project_id": "p1",
    }
    with VeoEmulator(token_valid=google.is_valid, make=plain) as veo:
        monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", veo.url)
        bench = Bench(GeminiImage(SecretStore(lambda: json.dumps(fields))), veo)
        veo.listeners.append(bench.note)
        yield bench


@pytest.mark.parametrize(("aspect", "size"), [("9:16", (768, 1376)), ("16:9", (1376, 768))])
def test_a_picture_is_drawn_by_one_request(bench: Bench, aspect: str, size: tuple[int, int]) -> None:
    picture = bench.draw(aspect_ratio=aspect, references=(drawn_picture(),))
    assert isinstance(picture, Picture)
    assert picture.media_type == "image/png"
    # Of a PNG, its header.
    sides = tuple(int.from_bytes(picture.data[at : at + 4], "big") for at in (16, 20))
    assert sides == size
    (sale,) = bench.veo.ledger.pictures()
    assert (sale.model, sale.charged, sale.prompt, sale.scene) == (FLASH_IMAGE, True, BRIEF.prompt, 1)
    assert bench.model.request(BRIEF).usd == pytest.approx(sale.output_tokens * 60 / 1e6)
    assert len(bench.requests) == 1


@pytest.mark.parametrize(("kind", "error"), UNANSWERED)
def test_a_request_that_is_not_answered_with_a_picture_is_sent_once(
    bench: Bench, kind: str, error: type[ReelwrightError]
) -> None:
    bench.veo.faults.add(Fault(kind, "draw"))
    with pytest.raises(error):
        bench.draw()
    assert (len(bench.requests), bench.veo.ledger.pictures()) == (1, [])


def test_every_fault_of_a_drawing_has_a_test_here() -> None:
    alone = {"hang_up_after", "unauthenticated", "slow"}
    lists = [kind for kind, _ in (*UNANSWERED, *WITHHELD)] + PROJECT_FAULTS + WITHOUT_PICTURE
    assert {*lists, *alone} == KINDS[DRAW]


def test_a_picture_that_is_drawn_late_is_drawn_once(bench: Bench) -> None:
    bench.veo.faults.add(Fault("slow", "draw", seconds=1.5))
    assert isinstance(bench.draw(), Picture)
    assert (len(bench.requests), len(bench.veo.ledger.pictures())) == (1, 1)


def test_a_quota_that_is_used_up_is_said_and_nothing_is_bought(bench: Bench) -> None:
    bench.veo.quota = 1, 3600.0
    bench.draw()
    with pytest.raises(VeoThrottled):
        bench.draw()
    assert len(bench.veo.ledger.pictures()) == 1
    bench.veo.quota = None
    assert isinstance(bench.draw(), Picture)


def test_a_picture_whose_answer_was_lost_may_be_charged(bench: Bench) -> None:
    bench.veo.faults.add(Fault("hang_up_after", "draw"))
    with pytest.raises(SubmitOutcomeUnknown):
        bench.draw()
    assert [sale.charged for sale in bench.veo.ledger.pictures()] == [True]
    assert len(bench.requests) == 1


@pytest.mark.parametrize("kind", PROJECT_FAULTS)
def test_a_project_that_is_not_in_order_is_named(bench: Bench, kind: str) -> None:
    bench.veo.faults.add(Fault(kind, "draw", times=2))
    with pytest.raises(VeoNotOffered):
        bench.draw()
    assert bench.veo.ledger.pictures() == []


def test_credentials_are_read_anew_once(bench: Bench) -> None:
    bench.veo.faults.add(Fault("unauthenticated", "draw"))
    assert isinstance(bench.draw(), Picture)
    bench.veo.faults.add(Fault("unauthenticated", "draw", times=2))
    with pytest.raises(CredentialsRejected):
        bench.draw()


@pytest.mark.parametrize(("kind", "is_prompt_blocked"), WITHHELD)
def test_a_withheld_picture_says_why_and_is_free(bench: Bench, kind: str, is_prompt_blocked: bool) -> None:
    bench.veo.faults.add(Fault(kind, "draw"))
    reply = bench.draw()
    assert isinstance(reply, Filtered)
    assert (bool(reply.reason), reply.is_prompt_blocked) == (True, is_prompt_blocked)
    assert not any(sale.charged for sale in bench.veo.ledger.pictures())


def test_a_prompt_about_a_child_is_blocked(bench: Bench) -> None:
    reply = bench.draw(prompt="A seven-year-old blows out candles.")
    assert reply == Filtered("PROHIBITED_CONTENT: ", is_prompt_blocked=True)


@pytest.mark.parametrize("kind", WITHOUT_PICTURE)
def test_an_answer_without_a_picture_is_a_failure(bench: Bench, kind: str) -> None:
    bench.veo.faults.add(Fault(kind, "draw"))
    with pytest.raises(VeoFailed):
        bench.draw()


def test_a_service_that_is_not_there_drew_nothing(bench: Bench) -> None:
    bench.veo.stop()
    with pytest.raises(VeoUnavailable):
        bench.draw()


def test_what_a_model_cannot_draw_is_refused_before_anything_is_sent(bench: Bench) -> None:
    most = IMAGE_MODELS[FLASH_IMAGE].references
    for change in (
        {"model": "gemini-2.5-flash-image"},
        {"aspect_ratio": "1:1"},
        {"size": "4K"},
        {"references": (Picture(b"", "image/png"),) * (most + 1)},
    ):
        with pytest.raises(ModelRetired):
            bench.draw(**change)
    assert bench.requests == []
