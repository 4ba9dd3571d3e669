"""A table and a bucket in moto, and a job half way through, for the stages that touch them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache

import boto3
import pytest
from moto import mock_aws
from moto.core import models

from local.clients import isolated_session
from local.moto_plugins import answers, copies, instances
from shared import media_keys
from shared.aws import clients
from shared.contracts import FIRST_PLAN, Options
from shared.film.material import CutPlace, Material
from shared.film.plan import Look, Plan, PlannedScene
from shared.video.public_record import SceneBeats
from shared.video.record import VertexAiTask, VideoRecord, new_generation, to_item

TABLE = "video_metadata"
BUCKET = "media-bucket"
EXECUTION = "arn:aws:states:us-east-1:1:execution:Pipeline:video1-gen1"
# What a still of the usual size costs (shared/models/picture_request.py), said once more so that a change is seen.
STILL_USD = 0.0672
VIDEO = "video1"
GENERATION = "gen1"
PLAN_KEY = media_keys.plan("video1", "gen1", FIRST_PLAN)
MODEL = "veo-3.1-fast-generate-001"


# What moto would answer to the package Requests, 1300 objects for each test: ours goes through botocore.
models.RESPONSES_METHODS.clear()


@cache
def _session() -> boto3.Session:
    return boto3.Session(botocore_session=isolated_session())


@contextmanager
def empty_cloud() -> Generator[None]:
    """An account in moto with nothing in it, and a session that need not read what AWS's services are."""
    with mock_aws():
        boto3.DEFAULT_SESSION = _session()
        yield


@pytest.fixture(name="cloud")
def cloud_with_table_and_bucket() -> Iterator[None]:
    copies.install()
    instances.install()
    answers.install()
    with empty_cloud():
        clients.s3().create_bucket(Bucket=BUCKET)
        clients.dynamodb().create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "video_id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("video_id", "user_id", "created_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "user_id-created_at-index",
                    "KeySchema": [
                        {"AttributeName": "user_id", "KeyType": "HASH"},
                        {"AttributeName": "created_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield


def create_keys_table(name: str) -> None:
    """Create a table of idempotency keys, or of accounts."""
    clients.dynamodb().create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def scene(sequence: int) -> PlannedScene:
    start = (sequence - 1) * 96
    return PlannedScene(
        id=f"s{sequence}",
        sequence=sequence,
        start_frame=start,
        end_frame=start + 96,
        start_time=start / 24,
        end_time=start / 24 + 4,
        duration=4,
        veo_seconds=4,
        audio_text=f"words {sequence}",
        scene_description=f"scene {sequence}",
        prompt=f"prompt {sequence}",
        vertex_ai_prompt=f"prompt {sequence}",
        visual_style="cinematic",
    )


def plan(scenes: int = 2) -> Plan:
    return Plan(
        video_id=VIDEO,
        generation_id=GENERATION,
        model=MODEL,
        language_code="en-US",
        options=Options(),
        overall_theme="theme",
        look=Look(people="", place="", palette=""),
        negative_prompt="text",
        excerpt_start=0,
        excerpt_end=4 * scenes,
        frame_rate=24,
        frames=96 * scenes,
        scenes=tuple(scene(n + 1) for n in range(scenes)),
        words=(),
    )


def record(scenes: int = 2, **task: object) -> VideoRecord:
    """A record whose clips are being made; `task` changes the first scene's task."""
    data = new_generation(GENERATION, MODEL, Options(), "2026-01-01T00:00:00Z")
    tasks = [VertexAiTask(sequence=n + 1, scene=f"s{n + 1}", prompt=f"prompt {n + 1}") for n in range(scenes)]
    tasks[0] = tasks[0].model_copy(update=task)
    beats = SceneBeats(overall_theme="theme", scenes=[], target_duration=30)
    more = {"vertex_ai_tasks": tasks, "scene_beats": beats, "execution_arn": EXECUTION}
    data = data.model_copy(update=more)
    return VideoRecord(
        video_id=VIDEO,
        user_id="user1",
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-01T00:00:00Z",
        bucket_location=f"s3://{BUCKET}/uploads/user1/{VIDEO}/talk.mp3",
        ai_generation_status="processing",
        ai_generation_data=data,
        duration=12.5,
    )


def store(video: VideoRecord, scenes: int = 2) -> None:
    """Put the record and its plan where the stages look for them."""
    clients.dynamodb().put_item(TableName=TABLE, Item=to_item(video))
    clients.s3().put_object(Bucket=BUCKET, Key=PLAN_KEY, Body=plan(scenes).model_dump_json().encode())
    cuts = tuple(CutPlace(time=second / 2, clean=True, ends_sentence=True) for second in range(8 * scenes + 1))
    key = media_keys.material(VIDEO, GENERATION)
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=Material(words=(), cuts=cuts).model_dump_json().encode())
