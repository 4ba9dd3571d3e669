"""The logs of whole runs, good and bad, hold no secret, no word that was spoken, no prompt and no link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.client.make import GenerationFailed
from local.emulators.faults import Fault
from local.system import LocalSystem
from tests.local.jobs import Jobs, data_of, quick

PLANTED_KEY = "sk-planted-0123456789abcdef"
PLANTED_WISH = "zanzibarine periwinkle"
# Words of the recording that no line of a log has a reason to hold.
SPOKEN = ("leisure", "prudently", "ill-disposed", "selfish", "respectable")
FAULTS = ("refusal", "filter", "filter", "filter", "hang_up_after", "unauthenticated", "not_a_video")


class PlantedSystem(LocalSystem):
    """A system whose secret holds a key that can be searched for."""

    def _secret(self) -> dict[str, object]:
        self.openai.api_key = PLANTED_KEY
        return {**super()._secret(), "openai_api_key": PLANTED_KEY}


@pytest.fixture(name="logs", scope="module")
def logs_of_runs(short_talk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """Return all that was logged, and what must not be in it."""
    folder = tmp_path_factory.mktemp("logs")
    errors = list[str]()
    with quick(PlantedSystem, logs=folder) as system:
        jobs = Jobs(system, tmp_path_factory.mktemp("out"))
        prompts = [task.prompt for task in data_of(jobs.make(short_talk, targetDuration=5)).vertex_ai_tasks]
        for kind in FAULTS:
            (system.openai if kind == "refusal" else system.veo).faults.add(Fault(kind))
        for _ in range(3):
            try:
                jobs.make(short_talk, targetDuration=5, prompt=PLANTED_WISH)
            except GenerationFailed as error:
                errors.append(str(error))
        private = system.google.service_account_info()["private_key"]
        tokens = [token for token in (system.cloud.id_token("demo"),) if token]
        yield (
            "\n".join([text_of(folder), *errors]),
            [PLANTED_KEY, PLANTED_WISH, *private.split("\n")[1:4], *prompts, *tokens],
        )


def text_of(folder: Path) -> str:
    return "\n".join(file.read_text(errors="replace") for file in sorted(folder.rglob("*.log")))


@pytest.mark.timeout(900)
def test_nothing_that_was_planted_is_in_the_logs(logs: tuple[str, list[str]]) -> None:
    text, secrets = logs
    assert "stage done" in text
    assert "stage failed" in text
    for secret in secrets:
        assert secret[:40] not in text
    for word in (*SPOKEN, *PLANTED_WISH.split()):
        assert word not in text.lower()


@pytest.mark.timeout(900)
def test_no_token_and_no_link_is_in_the_logs(logs: tuple[str, list[str]]) -> None:
    text, _ = logs
    for sign in (r"X-Amz-Signature", r"Bearer\s", r"eyJ[A-Za-z0-9_-]{20,}\.", r"BEGIN [A-Z ]*PRIVATE KEY", r"ya29\."):
        assert not re.search(sign, text), sign


@pytest.mark.timeout(900)
def test_every_line_of_a_stage_carries_the_ids(logs: tuple[str, list[str]]) -> None:
    lines = [json.loads(line) for line in logs[0].splitlines() if '"stage done"' in line]
    assert lines
    assert all({"video_id", "generation_id"} <= line.keys() for line in lines)
