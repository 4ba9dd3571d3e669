"""The API's conversations: the table, the bucket's presigned URLs, and the state machine.

Touches DynamoDB, S3 and Step Functions; a lost condition is AlreadyProcessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared import aws
from shared.contracts import ExecutionInput, execution_name
from shared.errors import AlreadyProcessing
from shared.record import GenerationData, VideoRecord, attribute_value, from_item, to_item

# Seconds: long enough to upload two gigabytes on a slow line, and to watch a video.
UPLOAD_SECONDS = 3600
LINK_SECONDS = 3600


@dataclass(frozen=True)
class Table:
    """The `video_metadata` table."""

    name: str

    def put(self, record: VideoRecord) -> None:
        """Write a new record."""
        aws.dynamodb().put_item(
            TableName=self.name, Item=to_item(record), ConditionExpression="attribute_not_exists(video_id)"
        )

    def get(self, video_id: str) -> VideoRecord | None:
        """Return the record, or None."""
        reply = aws.dynamodb().get_item(TableName=self.name, Key={"video_id": {"S": video_id}}, ConsistentRead=True)
        item = reply.get("Item")
        return from_item(dict(item)) if item else None

    def begin(self, video_id: str, data: GenerationData, now: str) -> None:
        """Write a generation's start; raise AlreadyProcessing when another one runs."""
        values = {
            ":data": data.model_dump(mode="json", exclude_none=True),
            ":processing": "processing",
            ":kind": "ai_generated",
            ":now": now,
        }
        self._update(
            video_id,
            "SET ai_generation_data = :data, ai_generation_status = :processing, ai_project_type = :kind, "
            "updated_at = :now",
            "attribute_exists(video_id) AND (attribute_not_exists(ai_generation_status)"
            " OR ai_generation_status <> :processing)",
            values,
        )

    def abandon(self, video_id: str, generation_id: str, now: str) -> None:
        """Write that a generation could not be started."""
        failure = {
            "step": "transcription",
            "error": "ExecutionNotStarted",
            "message": "The state machine did not start.",
        }
        values = {":failed": "failed", ":failure": failure, ":now": now, ":generation": generation_id}
        self._update(
            video_id,
            "SET ai_generation_status = :failed, ai_generation_data.failure = :failure, updated_at = :now",
            "ai_generation_data.generation_id = :generation",
            values,
        )

    def _update(self, video_id: str, expression: str, condition: str, values: dict[str, Any]) -> None:
        try:
            aws.dynamodb().update_item(
                TableName=self.name,
                Key={"video_id": {"S": video_id}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues={name: attribute_value(value) for name, value in values.items()},
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                raise AlreadyProcessing("A generation of this video is running.") from error
            raise


@dataclass(frozen=True)
class Links:
    """Presigned URLs into the bucket."""

    bucket: str

    def upload(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        """Return `{url, fields}` of a form upload whose policy fixes the key, the type and the size in bytes."""
        form = aws.s3().generate_presigned_post(
            self.bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return {"url": form["url"], "fields": form["fields"]}

    def download(self, key: str) -> str:
        """Return a URL that reads the object for LINK_SECONDS."""
        return aws.s3().generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=LINK_SECONDS
        )


@dataclass(frozen=True)
class Machine:
    """The state machine."""

    arn: str

    def execution_arn(self, request: ExecutionInput) -> str:
        """Return the ARN that the generation's execution has: its name is made of the two ids."""
        return f"{self.arn.replace(':stateMachine:', ':execution:')}:{execution_name(request)}"

    def start(self, request: ExecutionInput) -> None:
        """Start the execution; starting the same one again changes nothing."""
        aws.stepfunctions().start_execution(
            stateMachineArn=self.arn,
            name=execution_name(request),
            input=request.model_dump_json(exclude_none=True),
        )
