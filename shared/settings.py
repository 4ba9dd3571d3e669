"""What each function is configured with: a plain model of the variables that the stack sets and the function reads.

Touches the process environment, and only when a model is read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from shared import wrong_values
from shared.errors import SettingMissing

# What answers in the planning model's place, where no model is asked.
STAND_IN = "stand-in"
# A list is written with commas.
CommaList = Annotated[tuple[str, ...], BeforeValidator(lambda text: text.split(","))]


def _by_model(text: str) -> dict[str, str]:
    pairs = (part.rpartition("=") for part in text.split(","))
    return {model: number for model, _, number in pairs}


# One number for all models, or `model=number` with commas between.
NumberByModel = Annotated[dict[str, int], BeforeValidator(_by_model)]


class Settings(BaseModel):
    """The base of every function's settings: the field `table_name` is the environment variable TABLE_NAME."""

    model_config = ConfigDict(frozen=True, alias_generator=str.upper)

    @classmethod
    def variables(cls) -> list[str]:
        """Return the names of the environment variables."""
        return [name.upper() for name in cls.model_fields]

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the settings in `environment`, where an empty variable counts as none.

        Raises SettingMissing, which names the first variable that is missing or is not of its type.
        """
        values = {name: environment[name] for name in cls.variables() if environment.get(name)}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            (name, *_), wrong = wrong_values.first(error)
            raise SettingMissing(f"The environment variable {name} {wrong}.") from error


def child_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that a Python which this one starts needs to find itself, and none that is a secret."""
    return {name: environment[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in environment}


def stand_in(planned_by: str) -> str:
    """Return what people are told of who plans where no model does; nothing where one does."""
    return "a stand-in" if planned_by == STAND_IN else ""


class AccountSettings(Settings):
    """The table of accounts, and the most that may be set aside in it, in USD."""

    accounts_table_name: str
    max_budget_usd: float
    user_daily_budget_usd: float
    daily_budget_usd: float


class TranscribeSettings(AccountSettings):
    """Of the function transcribe."""

    media_bucket: str
    table_name: str
    transcribe_role_arn: str


class PlanSettings(AccountSettings):
    """Of the function plan."""

    media_bucket: str
    table_name: str
    secret_id: str
    planner_model: str
    planned_by: str = "model"
    default_video_model: str


class GenerateSceneSettings(AccountSettings):
    """Of the function generate_scene."""

    media_bucket: str
    table_name: str
    secret_id: str
    planner_model: str
    scene_deadline_seconds: int
    orders_per_minute: NumberByModel = Field(default_factory=dict[str, int])


class PollVeoSettings(Settings):
    """Of the function poll_veo."""

    media_bucket: str
    table_name: str
    secret_id: str


class DrawSceneSettings(AccountSettings):
    """Of the function draw_scene."""

    media_bucket: str
    table_name: str
    secret_id: str


class MediaSettings(Settings):
    """Of the function render_scene, which has files and nothing else."""

    media_bucket: str


class StitchSettings(Settings):
    """Of the function stitch; only a deployment with a certificate names the secret that it lies in."""

    media_bucket: str
    signing_secret_id: str = ""


class CheckImageSettings(Settings):
    """Of the function check_image."""

    media_bucket: str


class ApiSettings(Settings):
    """Of the function api; a table of the operator's may have no index, and no page may call from a browser.

    Where a stand-in plans, which knows no languages, no captions are translated.
    """

    media_bucket: str
    table_name: str
    user_index: str = ""
    accounts_table_name: str
    keys_table_name: str
    state_machine_arn: str
    default_video_model: str
    planner_model: str
    planned_by: str = "model"
    allowed_origins: CommaList = ("",)
    webhook_allowed_origins: str = ""
    user_hourly_starts: int
    user_pool_client_ids: CommaList
    mail_from: str = ""


class SettleSettings(Settings):
    """Of the function settle."""

    media_bucket: str
    table_name: str
    accounts_table_name: str
    keys_table_name: str


class WebhookSettings(Settings):
    """Of the function webhook."""

    table_name: str
    webhook_secret_id: str
    webhook_allowed_origins: str = ""


class MailSettings(Settings):
    """Of the function mail; where there is no page there is no link to one."""

    accounts_table_name: str
    user_pool_id: str
    mail_from: str
    site_url: str = ""
