"""What is decided about a video whose execution was interrupted, by what its record and the API say."""

from __future__ import annotations

from typing import Any

import pytest

from local.api_client import ApiClient, ApiError
from local.shelf.database import Database
from local.shelf.shelf import StoreShelf
from local.store.executions import INTERRUPTED, Executions
from local.store.recovery import Recovery
from shared.http.views import VideoView

ARN = "arn:execution:{}"


class Api(ApiClient):
    """An API that has one record, and counts who resumes it."""

    def __init__(self, status: str, error: str = "", refusal: ApiError | None = None) -> None:
        super().__init__("", str)
        self.__dict__.update(status=status, error=error, refusal=refusal, resumed=0)

    def show(self, video_id: str) -> VideoView:
        failure = {"step": "transcription", "error": self.__dict__["error"], "message": "", "charged": False}
        data: dict[str, Any] = {"failure": failure} if self.__dict__["error"] else {}
        record = {"video_id": video_id, "user_id": "u", "ai_generation_status": self.__dict__["status"]}
        return VideoView.model_validate({**record, "ai_generation_data": data})

    def resume(self, video_id: str, *, order_again: bool = False, budget: float | None = None) -> None:
        if self.__dict__["refusal"]:
            raise self.__dict__["refusal"]
        self.__dict__["resumed"] += 1


@pytest.fixture(name="shelf")
def shelf_of_executions(tmp_path: Any) -> Any:
    database = Database(tmp_path / "store.sqlite3")
    yield StoreShelf(database, "executions")
    database.close()


def interrupt(shelf: StoreShelf, video: str, live: list[str], number: int = 1) -> None:
    document = {"input": f'{{"video_id": "{video}", "user_id": "u"}}', "live": live, INTERRUPTED: True}
    shelf.put(ARN.format(f"{video}-{number}"), document)


def recover(shelf: StoreShelf, api: Api, live: list[str] | None = None) -> tuple[list[str], int, int]:
    """Return what was said, how often a video was resumed, and how many executions wait for a decision."""
    messages: list[str] = []
    executions = Executions(shelf, live or [])
    Recovery(executions, live or [], lambda _: api, messages.append).run()
    return messages, api.__dict__["resumed"], len(executions.undecided_executions())


def test_one_that_was_broken_off_goes_on_once(shelf: StoreShelf) -> None:
    for number in (1, 2):
        interrupt(shelf, "a", [], number)
    messages, resumptions, waiting = recover(shelf, Api("failed", "ExecutionEnded"))
    assert (len(messages), resumptions, waiting) == (1, 1, 0)
    assert recover(shelf, Api("failed", "ExecutionEnded")) == ([], 0, 0)


@pytest.mark.parametrize(
    ("status", "error"), [("completed", ""), ("cancelled", ""), ("failed", "BudgetExceeded"), ("failed", "VeoFailed")]
)
def test_one_that_ended_by_itself_stays_as_it_is(shelf: StoreShelf, status: str, error: str) -> None:
    interrupt(shelf, "a", [])
    assert recover(shelf, Api(status, error)) == ([], 0, 0)


def test_a_video_waits_for_the_providers_that_it_was_begun_with(shelf: StoreShelf) -> None:
    interrupt(shelf, "a", ["openai", "veo"])
    messages, resumptions, waiting = recover(shelf, Api("failed", "ExecutionEnded"))
    assert ("--live openai,veo" in messages[0], resumptions, waiting) == (True, 0, 1)
    assert recover(shelf, Api("failed", "ExecutionEnded"), ["openai", "veo"])[1:] == (1, 0)


@pytest.mark.parametrize(("is_retriable", "waiting"), [(True, 1), (False, 0)])
def test_a_refusal_is_told_and_one_that_may_pass_is_tried_at_the_next_start(
    shelf: StoreShelf, is_retriable: bool, waiting: int
) -> None:
    interrupt(shelf, "a", [])
    refusal = ApiError(409, "SceneMayBeBought", "Scene 1: it may have been bought.", retriable=is_retriable)
    messages, resumptions, left = recover(shelf, Api("failed", "ExecutionEnded", refusal))
    assert ("Scene 1" in messages[0], resumptions, left) == (True, 0, waiting)
