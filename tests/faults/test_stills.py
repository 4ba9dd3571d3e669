"""A still over the wire: whatever the image model's service does, what the record says was paid is what was charged."""

from __future__ import annotations

from typing import Any

import pytest

from functions.draw_scene import handler as draw_scene
from functions.draw_scene.image_model import image_model
from local.emulators.faults import Fault
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.contracts import DrawSceneIn, DrawSceneOut
from shared.errors import (
    ModelRetired,
    ReelwrightError,
    SceneFiltered,
    SubmitOutcomeUnknown,
    VeoFailed,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from tests.fakes import NoLimits
from tests.faults.conftest import IDS, SECRET, Wire
from tests.unit.cloud_fixtures import BUCKET, PLAN_KEY, STILL_USD, TABLE, plan


@pytest.fixture(autouse=True)
def short_scenes(wire: Wire) -> None:
    film = plan()
    scenes = tuple(scene.model_copy(update={"start_frame": 0, "end_frame": 2}) for scene in film.scenes)
    text = film.model_copy(update={"scenes": scenes}).model_dump_json()
    clients.s3().put_object(Bucket=BUCKET, Key=PLAN_KEY, Body=text.encode())


def draw(sequence: int = 1) -> DrawSceneOut:
    deps = draw_scene.Deps(Bucket(BUCKET), TABLE, image_model(stored_in(SECRET)), NoLimits())
    place: dict[str, Any] = {"user_id": "u", "plan_key": PLAN_KEY, "sequence": sequence, "goal": "stills"}
    return draw_scene.run(DrawSceneIn(**IDS, **place), deps)


def charged(wire: Wire) -> int:
    return sum(sale.charged for sale in wire.veo.ledger.pictures())


def test_a_still_is_bought_once(wire: Wire) -> None:
    assert draw() == draw()
    assert (charged(wire), len(wire.veo.ledger.pictures()), wire.task().cost_usd) == (1, 1, STILL_USD)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("throttle", VeoThrottled),
        ("unavailable", VeoUnavailable),
        ("refuse", VeoRefused),
        ("retired", ModelRetired),
        ("no_access", VeoNotOffered),
        ("block", SceneFiltered),
        ("filter", SceneFiltered),
        ("empty", VeoFailed),
        ("empty_reply", VeoFailed),
    ],
)
def test_what_gave_no_picture_is_free_and_can_be_tried_again(
    wire: Wire, kind: str, error: type[ReelwrightError]
) -> None:
    # After a 403 the secret is read anew, once.
    wire.veo.faults.add(Fault(kind, "draw", times=2 if kind == "no_access" else 1))
    with pytest.raises(error):
        draw()
    assert (wire.task().state, wire.task().cost_usd, charged(wire)) == ("pending", 0, 0)
    assert draw().cost_usd == STILL_USD
    assert charged(wire) == 1


@pytest.mark.parametrize(("kind", "sales"), [("hang_up_before", 0), ("server_error", 0), ("hang_up_after", 1)])
def test_what_may_have_been_charged_is_never_asked_for_again(wire: Wire, kind: str, sales: int) -> None:
    wire.veo.faults.add(Fault(kind, "draw"))
    for _ in range(2):
        with pytest.raises(SubmitOutcomeUnknown):
            draw()
    assert (wire.task().state, charged(wire)) == ("submitting", sales)


def test_a_quota_that_is_used_up_is_waited_for_and_buys_nothing_meanwhile(wire: Wire) -> None:
    wire.veo.quota = 1, 3600.0
    assert draw(1).cost_usd == STILL_USD
    for _ in range(2):
        with pytest.raises(VeoThrottled):
            draw(2)
    assert (wire.task(2).state, wire.task(2).cost_usd, charged(wire)) == ("pending", 0, 1)
    wire.veo.quota = None
    assert draw(2).cost_usd == STILL_USD
    assert (charged(wire), len(wire.veo.ledger.pictures())) == (2, 2)


def test_a_slow_drawing_is_one_drawing(wire: Wire) -> None:
    wire.veo.faults.add(Fault("slow", "draw", seconds=1.5))
    assert draw() == draw()
    assert (charged(wire), len(wire.veo.ledger.pictures())) == (1, 1)


def test_credentials_are_read_anew(wire: Wire) -> None:
    wire.veo.faults.add(Fault("unauthenticated", "draw"))
    assert draw().cost_usd == STILL_USD
    assert charged(wire) == 1
