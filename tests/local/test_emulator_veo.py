"""The stand-in for Veo, asked by Google's own SDK: what it sells, what it refuses, how it misbehaves on order."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
import pytest
from google import genai
from google.auth.transport.requests import Request
from google.genai import errors, types
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials

from local.emulators.animatic.spec import ClipSpec
from local.emulators.children import Children
from local.emulators.clips import plain
from local.emulators.faults import Fault
from local.emulators.google_auth import GoogleAuthEmulator
from local.emulators.veo import VeoEmulator

MODEL = "veo-3.1-fast-generate-001"
PROMPT = "A boat on the sea at dawn. The camera glides. Style: artistic."


@pytest.fixture(scope="module")
def server() -> Iterator[VeoEmulator]:
    with VeoEmulator(make=plain) as emulator:
        yield emulator


@pytest.fixture
def veo(server: VeoEmulator) -> Iterator[VeoEmulator]:
    server.faults.clear()
    # A poll that takes a moment keeps the polling loop of `finished` calm.
    server.faults.add(Fault("slow", "poll", times=None, seconds=0.02))
    yield server
    server.faults.clear()


def client(veo: VeoEmulator, credentials: Any = None) -> Any:
    return genai.Client(
        enterprise=True,
        project="p1",
        location="us-central1",
        credentials=credentials or Credentials("any"),  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        http_options=types.HttpOptions(base_url=veo.url, timeout=30_000),
    )


def operation_named(name: str) -> Any:
    make: Any = types.GenerateVideosOperation
    return make(name=name)


def submit(veo: VeoEmulator, prompt: str = PROMPT, model: str = MODEL, credentials: Any = None, **config: Any) -> Any:
    wanted = {"number_of_videos": 1, "duration_seconds": 4, "aspect_ratio": "9:16", "generate_audio": False}
    # The SDK closes a client as soon as nothing holds it.
    ask = client(veo, credentials)
    return ask.models.generate_videos(
        model=model,
        source=types.GenerateVideosSource(prompt=prompt),
        config=types.GenerateVideosConfig(**{**wanted, **config}),  # pyright: ignore[reportArgumentType]
    )


def finished(veo: VeoEmulator, name: str) -> Any:
    ask = client(veo)
    for _ in range(2000):
        operation = ask.operations.get(operation_named(name))
        if operation.done:
            return operation
    raise AssertionError("the operation never finished")


def clip_of(operation: Any) -> bytes:
    return operation.response.generated_videos[0].video.video_bytes


def facts(clip: bytes, folder: Path) -> tuple[str, str, float, int]:
    """Size, frames per second, seconds and number of frames of a clip."""
    path = folder / "clip.mp4"
    path.write_bytes(clip)
    # Asked to make nothing of it, ffmpeg describes the file and ends with an error.
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)]
    said = subprocess.run(command, capture_output=True, check=False, text=True).stderr
    size = re.search(r"h264.*?, (\d+x\d+)", said)
    rate = re.search(r"([\d.]+) fps", said)
    length = re.search(r"Duration: 00:00:([\d.]+)", said)
    assert size
    assert rate
    assert length
    count: Any = imageio_ffmpeg.count_frames_and_secs  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return size[1], rate[1], float(length[1]), count(str(path))[0]


def test_a_clip_is_bought_with_a_service_account_and_kept_across_processes(tmp_path: Path) -> None:
    with GoogleAuthEmulator() as google, VeoEmulator(token_valid=google.issued) as veo:
        veo.faults.add(Fault("slow", "poll", times=None, seconds=0.05))
        scopes = ["https://www.googleapis.com/auth/cloud-platform"]
        make: Any = service_account.Credentials.from_service_account_info  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        credentials = make(google.service_account_info(), scopes=scopes)
        labels = {"video_id": "v1", "scene": "2", "scenes": "4"}
        started = submit(veo, credentials=credentials, labels=labels)
        assert started.done is None
        name = f"projects/p1/locations/us-central1/publishers/google/models/{MODEL}/operations/"
        assert started.name.startswith(name)
        credentials.refresh(Request())
        ask = client(veo, credentials)
        operation = started
        while not operation.done:
            operation = ask.operations.get(operation_named(started.name))
        assert operation.response.rai_media_filtered_count == 0
        assert facts(clip_of(operation), tmp_path) == ("720x1280", "24", 4.0, 96)
        (sale,) = veo.ledger.charged_clips()
        assert (sale.model, sale.seconds, sale.prompt, sale.operation) == (MODEL, 4.0, PROMPT, started.name)
        with pytest.raises(errors.ClientError, match="UNAUTHENTICATED"):
            submit(veo, credentials=Credentials("forged"))  # pyright: ignore[reportUnknownArgumentType]


@pytest.mark.parametrize(
    "config",
    [
        {"duration_seconds": 5},
        {"aspect_ratio": "1:1"},
        {"resolution": "360p"},
        {"number_of_videos": 5},
        {"fps": 30},
        {"enhance_prompt": False},
        {"labels": {"video_id": "UPPER"}},
        {"output_gcs_uri": "gs://bucket/folder"},
        {"model": "veo-3.1-lite-generate-001", "resolution": "4k"},
        {"prompt": " "},
    ],
)
def test_what_vertex_would_refuse_is_refused_and_not_sold(veo: VeoEmulator, config: dict[str, Any]) -> None:
    before = len(veo.ledger.clips())
    with pytest.raises(errors.ClientError) as refused:
        submit(veo, **config)
    assert (refused.value.code, refused.value.status) == (400, "INVALID_ARGUMENT")
    assert len(veo.ledger.clips()) == before


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("veo-2.0-generate-001", "no longer available"),
        ("veo-3.0-fast-generate-001", "no longer"),
        ("veo-9", "not found"),
    ],
)
def test_models_that_are_gone_are_not_found(veo: VeoEmulator, model: str, words: str) -> None:
    with pytest.raises(errors.ClientError, match=words) as refused:
        submit(veo, model=model)
    assert (refused.value.code, refused.value.status) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", 429, "RESOURCE_EXHAUSTED"),
        ("server_error", 500, "INTERNAL"),
        ("unavailable", 503, "UNAVAILABLE"),
        ("retired", 404, "NOT_FOUND"),
        ("unauthenticated", 401, "UNAUTHENTICATED"),
    ],
)
def test_a_refused_submission_sells_nothing(veo: VeoEmulator, kind: str, code: int, status: str) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault(kind, "submit"))
    with pytest.raises(errors.APIError) as refused:
        submit(veo)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert len(veo.ledger.clips()) == before
    assert submit(veo).name


@pytest.mark.parametrize(("kind", "sold"), [("hang_up_before", 0), ("hang_up_after", 1)])
def test_a_hang_up_leaves_the_caller_in_the_dark(veo: VeoEmulator, kind: str, sold: int) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault(kind))
    with pytest.raises(Exception, match="disconnected"):  # the HTTP library's own error, which the SDK passes on
        submit(veo)
    assert len(veo.ledger.clips()) == before + sold


def test_an_empty_reply_is_a_sale_without_a_name(veo: VeoEmulator) -> None:
    before = len(veo.ledger.clips())
    veo.faults.add(Fault("empty_reply"))
    assert submit(veo).name is None
    assert len(veo.ledger.clips()) == before + 1


@pytest.mark.parametrize(("kind", "code"), [("throttle", 429), ("server_error", 500), ("unavailable", 503)])
def test_a_poll_fails_once_and_the_operation_lives_on(veo: VeoEmulator, kind: str, code: int) -> None:
    name = submit(veo).name
    veo.faults.add(Fault(kind, "poll"))
    with pytest.raises(errors.APIError) as refused:
        finished(veo, name)
    assert refused.value.code == code
    assert clip_of(finished(veo, name))


def test_a_poll_may_hang_up(veo: VeoEmulator) -> None:
    name = submit(veo).name
    veo.faults.add(Fault("hang_up", "poll"))
    with pytest.raises(Exception, match="disconnected"):  # the HTTP library's own error, which the SDK passes on
        finished(veo, name)


def test_an_operation_nobody_started_is_not_found(veo: VeoEmulator) -> None:
    name = f"projects/p1/locations/us-central1/publishers/google/models/{MODEL}/operations/none"
    with pytest.raises(errors.ClientError) as refused:
        finished(veo, name)
    assert refused.value.code == 404


def test_a_filtered_prompt_has_reasons_and_no_clip_and_costs_nothing(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("filter", match="boat"))
    other, filtered = submit(veo, "A mountain."), submit(veo)
    operation = finished(veo, filtered.name)
    assert (operation.error, operation.response.generated_videos) == (None, None)
    assert operation.response.rai_media_filtered_count == 1
    assert "Support codes: 42237218" in operation.response.rai_media_filtered_reasons[0]
    assert clip_of(finished(veo, other.name))
    assert [sale.charged for sale in veo.ledger.clips()[-2:]] == [True, False]


def test_a_failed_operation_has_an_error_and_costs_nothing(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("fail", code=8, message="over capacity"))
    operation = finished(veo, submit(veo).name)
    assert operation.error == {"code": 8, "message": "over capacity"}
    assert not veo.ledger.clips()[-1].charged


def test_an_operation_may_end_with_nothing_at_all(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("empty"))
    operation = finished(veo, submit(veo).name)
    assert (operation.error, operation.response.generated_videos) == (None, None)


def test_an_operation_may_never_end(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("never"))
    name = submit(veo).name
    other = submit(veo).name
    assert finished(veo, other).done
    ask = client(veo)
    assert not ask.operations.get(operation_named(name)).done


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("wrong_size", ("640x360", "24", 4.0, 96)),
        ("wrong_fps", ("720x1280", "30", 4.0, 120)),
        ("wrong_length", ("720x1280", "24", 2.0, 48)),
    ],
)
def test_a_clip_may_break_its_promise(veo: VeoEmulator, kind: str, expected: object, tmp_path: Path) -> None:
    veo.faults.add(Fault(kind))
    assert facts(clip_of(finished(veo, submit(veo).name)), tmp_path) == expected


def test_a_clip_may_be_no_video_at_all(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("not_a_video"))
    assert clip_of(finished(veo, submit(veo).name)).startswith(b"<html>")


def test_each_sample_is_a_sale(veo: VeoEmulator) -> None:
    before = len(veo.ledger.clips())
    operation = finished(veo, submit(veo, number_of_videos=2).name)
    assert len(operation.response.generated_videos) == 2
    assert len(veo.ledger.clips()) == before + 2


def call(veo: VeoEmulator, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(veo.url.removeprefix("http://"), timeout=10)
    connection.request(method, path, json.dumps(body) if body is not None else None)
    reply = connection.getresponse()
    document = json.loads(reply.read())
    connection.close()
    return reply.status, document


def test_faults_and_ledger_are_reachable_from_other_processes(veo: VeoEmulator) -> None:
    assert call(veo, "POST", "/_faults", {"kind": "filter", "match": "boat", "times": None}) == (200, {})
    assert not submit(veo).done
    status, ledger = call(veo, "GET", "/_ledger")
    assert status == 200
    assert ledger["entries"][-1]["charged"] is False
    assert ledger["clips"] == len(veo.ledger.clips())
    assert call(veo, "DELETE", "/_faults") == (200, {})
    submit(veo)
    assert veo.ledger.clips()[-1].charged


@pytest.mark.parametrize("fault", [{"kind": "explode"}, {"kind": "filter", "where": "poll"}, {"colour": 1}, []])
def test_a_fault_that_cannot_be_shown_is_refused(veo: VeoEmulator, fault: object) -> None:
    status, document = call(veo, "POST", "/_faults", fault)
    assert status == 400
    assert document["error"]


def test_a_clip_that_cannot_be_made_fails_its_operation_and_is_refunded() -> None:
    def broken(spec: ClipSpec, children: Children) -> bytes:
        return children.run([sys.executable, "-c", "raise SystemExit('no paint left')"], Path())

    with VeoEmulator(make=broken) as veo:
        operation = finished(veo, submit(veo).name)
        assert "no paint left" in operation.error["message"]
        assert (len(veo.ledger.clips()), len(veo.ledger.charged_clips())) == (1, 0)


def test_stopping_kills_what_is_being_made() -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(spec: ClipSpec, children: Children) -> bytes:
        begun.set()
        try:
            return children.run([sys.executable, "-c", "import signal; signal.pause()"], Path())
        finally:
            ended.set()

    veo = VeoEmulator(make=endless).start()
    submit(veo)
    assert begun.wait(10)
    veo.stop()
    assert ended.is_set()
    with pytest.raises(RuntimeError, match="not running"):
        _ = veo.url
