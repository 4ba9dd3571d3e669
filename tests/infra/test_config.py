"""The choices of a deployment: what is right arrives, what is wrong is named in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdk.app import build, default_context
from cdk.config import SETTINGS, ConfigError, DeployConfig
from tests.infra.conftest import ROOT


def test_the_defaults_pass_their_own_check() -> None:
    config = DeployConfig()
    context = {key: getattr(config, setting.field) for key, setting in SETTINGS.items()}
    assert DeployConfig.from_context(context) == config == DeployConfig.from_context({})


def test_numbers_and_text_are_the_same_and_cdks_own_keys_are_left_alone() -> None:
    given: dict[str, object] = {"logRetentionDays": 7, "aws:cdk:bundling-stacks": [], "@aws-cdk/core:flag": True}
    assert DeployConfig.from_context(given) == DeployConfig(log_retention="7")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("architecture", "mips", "architecture must be one of arm64, x86_64, not 'mips'"),
        ("siteOrigin", "https://example.com/path", "siteOrigin must be an origin such as"),
        ("siteOrigin", "*", "siteOrigin must be an origin such as"),
        ("siteOrigin", "https://a.example'", "siteOrigin must be an origin such as"),
        ("plannerModel", "", "plannerModel must be the name of an OpenAI model, not ''"),
        ("defaultVideoModel", "veo-2.0-generate-001", "must be one of veo-3.1-fast-generate-001,"),
        ("logRetentionDays", 31, "logRetentionDays must be one of 1, 7, 14, 30, 90, 365, not '31'"),
        ("architekture", "arm64", "architekture is unknown; the keys are architecture,"),
    ],
)
def test_a_wrong_choice_is_named(key: str, value: object, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        DeployConfig.from_context({key: value})
    message = str(caught.value)
    assert words in message
    assert message.endswith(".")
    assert message.count(". ") == 0


def test_a_choice_reaches_the_config_through_cdk(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="architecture must be"):
        build({**default_context(), "architecture": "mips"}, tmp_path)


def test_the_program_ends_with_the_sentence_alone_and_needs_no_node_of_the_systems(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "HOME": os.environ["HOME"], "CDK_CONTEXT_JSON": '{"architecture": "mips"}'}
    done = subprocess.run(
        [sys.executable, "-m", "cdk.app", "--template-only"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "The context key architecture must be one of arm64, x86_64, not 'mips'.\n"
