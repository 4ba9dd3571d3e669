"""What the README says that a video costs is what the code computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import costs
from shared.budget import pricing
from shared.models import video_models

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [costs.models(), costs.markdown()], ids=["models", "services"])
def test_the_readmes_table_is_the_computed_one(table: list[str]) -> None:
    assert "\n".join(table) + "\n\n" in README


def test_the_readme_says_what_rounding_up_to_clips_may_add() -> None:
    words = " ".join(README.split())
    assert f"billed as up to {costs.most_billed()} s: {costs.highest():.2f} with the default model" in words
    assert costs.most_billed() > sum(costs.CLIPS) == costs.SECONDS


def test_every_price_names_its_source_and_the_day_it_was_read() -> None:
    source = Path(pricing.__file__).read_text(encoding="utf-8")
    groups = re.findall(r"((?:^# .*\n)+)((?:^[A-Z]\w*USD.*\n)+)", source, re.MULTILINE)
    assert [prices for comment, prices in groups if not re.search(r"\b\d{4}-\d\d-\d\d\b", comment)] == []
    # Each price stands below some comment.
    price_count = "".join(prices for _, prices in groups).count("\n")
    assert price_count == len(re.findall(r"^[A-Z]\w*USD", source, re.MULTILINE))


def test_the_sum_is_that_of_its_rows() -> None:
    rows = costs.lines()
    assert costs.markdown()[-1] == f"| sum | | {sum(row.usd for row in rows):.4f} |"
    assert {row.service for row in rows} == {
        "Veo",
        "Transcribe",
        "OpenAI",
        "Step Functions",
        "Lambda",
        "DynamoDB",
        "S3",
        "API Gateway",
        "CloudWatch",
    }
    assert all(row.usd > 0 for row in rows)


def test_a_dearer_model_changes_its_row_alone() -> None:
    cheap = costs.lines(video_models.DEFAULT_MODEL)
    dear = costs.lines("veo-3.1-generate-001")
    assert [before.service for before, after in zip(cheap, dear, strict=True) if before != after] == ["Veo"]
    assert dear[0].usd == 0.40 * sum(costs.CLIPS)


def test_the_other_rows_follow_the_price_list(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {row.service: row.usd for row in costs.lines()}
    monkeypatch.setattr(pricing, "TRANSITION_USD", 2 * pricing.TRANSITION_USD)
    after = {row.service: row.usd for row in costs.lines()}
    assert after["Step Functions"] == 2 * before["Step Functions"]
    assert {name for name in before if before[name] != after[name]} == {"Step Functions"}


def test_every_function_of_the_stack_is_in_the_bill() -> None:
    import json

    resources = json.loads(costs.TEMPLATE.read_text(encoding="utf-8"))["Resources"]
    functions = [name for name, row in resources.items() if row["Type"] == "AWS::Lambda::Function"]
    # The others are CDK's own, and run while it deploys.
    ours = {name for name in functions if resources[name]["Properties"]["Handler"].startswith("functions.")}
    assert costs.RUNS.keys() == ours
