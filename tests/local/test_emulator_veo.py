"""The stand-in for Veo, asked by Google's own SDK: what it sells, what it refuses, how it misbehaves on order."""

from __future__ import annotations

import http.client
import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from google.auth.transport.requests import Request
from google.genai import errors, types
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials

from functions.draw_scene.animatic.spec import ClipSpec
from local.emulators.faults import Fault
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.emulator import VeoEmulator
from local.processes.children import Children
from tests.fakes import picture_file
from tests.local.veo_calls import MODEL, PROMPT, await_operation, client, clip_of, facts, operation_named, submit


def test_a_clip_is_bought_with_a_service_account_and_kept_across_processes(tmp_path: Path) -> None:
    with GoogleAuthEmulator() as google, VeoEmulator(token_valid=google.is_valid) as veo:
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
    with pytest.raises(errors.ClientError) as failure:
        submit(veo, **config)
    assert (failure.value.code, failure.value.status) == (400, "INVALID_ARGUMENT")
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
    with pytest.raises(errors.ClientError, match=words) as failure:
        submit(veo, model=model)
    assert (failure.value.code, failure.value.status) == (404, "NOT_FOUND")


ONE_PICTURE = types.Image(image_bytes=picture_file((9, 16)), mime_type="image/png")


@pytest.mark.parametrize(
    ("model", "seconds", "count"), [(MODEL, 4, 1), (MODEL, 8, 4), ("veo-3.1-lite-generate-001", 8, 1)]
)
def test_reference_pictures_are_refused_where_they_are_not_taken(
    veo: VeoEmulator, model: str, seconds: int, count: int
) -> None:
    reference = types.VideoGenerationReferenceImage(
        image=ONE_PICTURE, reference_type=types.VideoGenerationReferenceType.ASSET
    )
    with pytest.raises(errors.ClientError) as failure:
        submit(veo, model=model, duration_seconds=seconds, reference_images=[reference] * count)
    assert (failure.value.code, failure.value.status) == (400, "INVALID_ARGUMENT")


def test_lite_takes_no_negative_prompt(veo: VeoEmulator) -> None:
    with pytest.raises(errors.ClientError, match="`negativePrompt` isn't supported by this model") as failure:
        submit(veo, model="veo-3.1-lite-generate-001", negative_prompt="text")
    assert (failure.value.code, failure.value.status) == (400, "INVALID_ARGUMENT")
    assert submit(veo, model="veo-3.1-lite-generate-001").name
    assert submit(veo, negative_prompt="text").name


def test_each_sample_is_a_sale(veo: VeoEmulator) -> None:
    before = len(veo.ledger.clips())
    operation = await_operation(veo, submit(veo, number_of_videos=2).name)
    assert len(operation.response.generated_videos) == 2
    assert len(veo.ledger.clips()) == before + 2


def call(veo: VeoEmulator, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(veo.url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {veo.control_key}"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
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
    def fail_to_make(spec: ClipSpec, children: Children) -> bytes:
        return children.run([sys.executable, "-c", "raise SystemExit('no paint left')"], Path())

    with VeoEmulator(make=fail_to_make) as veo:
        operation = await_operation(veo, submit(veo).name)
        assert "a program that it needs failed" in operation.error["message"]
        assert (len(veo.ledger.clips()), len(veo.ledger.charged_clips())) == (1, 0)


def test_a_clip_that_is_drawn_is_told_only_when_a_model_would_have_made_it(veo: VeoEmulator) -> None:
    usual = veo.pool.latency
    veo.pool.latency = lambda _: 3600.0
    late = submit(veo).name
    veo.pool.latency = usual
    soon = submit(veo).name
    assert await_operation(veo, soon).done
    operation = veo.pool.find(late)
    assert operation
    assert operation.work.result(30)["response"]
    assert not client(veo).operations.get(operation_named(late)).done


def test_stopping_kills_what_is_being_made() -> None:
    has_begun = threading.Event()
    has_ended = threading.Event()

    def endless(spec: ClipSpec, children: Children) -> bytes:
        has_begun.set()
        try:
            return children.run([sys.executable, "-c", "import signal; signal.pause()"], Path())
        finally:
            has_ended.set()

    veo = VeoEmulator(make=endless).start()
    submit(veo)
    assert has_begun.wait(10)
    veo.stop()
    assert has_ended.is_set()
    with pytest.raises(RuntimeError, match="not running"):
        _ = veo.url


@pytest.mark.parametrize("who", ["a seven-year-old girl", "a boy, 12 years old,", "a 17-year-old", "one ten year old"])
def test_a_prompt_that_names_a_childs_age_is_withheld(veo: VeoEmulator, who: str) -> None:
    before = len(veo.ledger.clips())
    operation = await_operation(veo, submit(veo, prompt=f"In a kitchen {who} laughs.").name)
    assert operation.error["code"] == 3
    assert "could not be submitted" in operation.error["message"]
    assert [clip.charged for clip in veo.ledger.clips()[before:]] == [False]


@pytest.mark.parametrize("who", ["a 70-year-old man", "a woman, 18 years old,", "a house, 107 years old,"])
def test_no_other_age_is_withheld(veo: VeoEmulator, who: str) -> None:
    assert await_operation(veo, submit(veo, prompt=f"In a kitchen {who} laughs.").name).error is None


def test_a_permissive_service_takes_what_it_refused(veo: VeoEmulator) -> None:
    veo.faults.add(Fault("permissive", times=2))
    lite = "veo-3.1-lite-generate-001"
    assert submit(veo, model=lite, negative_prompt="text").name
    assert await_operation(veo, submit(veo, prompt="A nine-year-old laughs.").name).error is None
    with pytest.raises(errors.APIError, match="negativePrompt"):
        submit(veo, model=lite, negative_prompt="text")
