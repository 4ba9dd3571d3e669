"""The functions: what each is given, and that it is what its code asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cdk.bundles.contents import modules_of
from cdk.functions import FUNCTIONS, OPTIONAL, STAGES, FunctionSpec
from shared.budget import pricing
from shared.models.planner_models import PLANNING, REPHRASING, Manner
from shared.recordings.limits import LARGEST_RECORDING
from shared.settings import AccountSettings
from shared.stage import STAGES as CONTRACTS
from tests.infra.conftest import PIPELINE, ROOT, Template, function_of, tasks, text

ALL = pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.stage)


def test_the_functions_are_the_stages_and_the_api(template: Template) -> None:
    assert [spec.stage for spec in STAGES] == list(CONTRACTS)
    assert set(template.functions()) == {spec.construct_id for spec in FUNCTIONS}


@ALL
def test_a_function_is_as_its_row_says(template: Template, spec: FunctionSpec) -> None:
    function = template.functions()[spec.construct_id]
    assert function["Handler"] == f"functions.{spec.stage}.handler.handler"
    assert (ROOT / "functions" / spec.stage / "handler.py").is_file()
    assert (function["MemorySize"], function["Timeout"]) == (spec.memory, spec.timeout)
    assert function["EphemeralStorage"] == {"Size": spec.ephemeral}
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    # New accounts may run ten functions at once, so none is set aside for a single one.
    assert "ReservedConcurrentExecutions" not in function


@ALL
def test_a_function_logs_to_its_own_group_which_forgets(template: Template, spec: FunctionSpec) -> None:
    function = template.functions()[spec.construct_id]
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": f"{spec.construct_id}Logs"}
    assert template.of_type("AWS::Logs::LogGroup")[f"{spec.construct_id}Logs"]["RetentionInDays"] == 30


@ALL
def test_the_environment_is_what_the_function_reads(template: Template, spec: FunctionSpec) -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "functions" / spec.stage).glob("*.py"))
    assert re.findall(r"(\w+Settings)\.read\(\)", code) == [spec.settings.__name__]
    variables = set(spec.settings.variables()) - set(OPTIONAL)
    assert set(template.functions()[spec.construct_id]["Environment"]["Variables"]) == variables
    # The accounts take their part of the settings as a whole.
    of_accounts = set(AccountSettings.model_fields) if "open_accounts(settings)" in code else set[str]()
    read = set(re.findall(r"(?:settings|_settings\(\)|Settings\.read\(\))\.(\w+)", code)) - {"read"}
    # So do the turns of orders.
    of_turns = {"orders_per_minute"} if "open_turns(settings)" in code else set[str]()
    assert read | of_accounts | of_turns == set(spec.settings.model_fields)


def test_the_environment_is_read_in_one_place() -> None:
    files = [file for folder in ("functions", "shared") for file in (ROOT / folder).rglob("*.py")]
    readers = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if re.search(r"os\.(environ|getenv)", file.read_text("utf-8"))
    }
    assert readers == {"shared/settings.py"}


@ALL
def test_ffmpeg_is_where_it_is_used_and_of_the_functions_architecture(template: Template, spec: FunctionSpec) -> None:
    function = template.functions()[spec.construct_id]
    assert ("shared.film.ffmpeg" in modules_of(f"functions.{spec.stage}.handler")) == spec.needs_ffmpeg
    assert function.get("Layers", []) == ([{"Ref": "FfmpegLayer"}] if spec.needs_ffmpeg else [])
    assert function["Architectures"] == template.properties_of("FfmpegLayer")["CompatibleArchitectures"]


def test_no_secret_value_is_in_any_environment(template: Template) -> None:
    for name, secret in {"SECRET_ID": "<ProviderKeys>", "WEBHOOK_SECRET_ID": "<WebhookSecret>"}.items():
        values = {text(f["Environment"]["Variables"].get(name, "")) for f in template.functions().values()}
        assert values == {"", secret}
    assert "dynamic" not in str(template.functions())
    assert "{{resolve" not in str(template.body)


@pytest.mark.parametrize(("stage", "manner", "rest"), [("plan", PLANNING, 30), ("generate_scene", REPHRASING, 60)])
def test_a_function_outlives_the_answers_that_it_waits_for(stage: str, manner: Manner, rest: float) -> None:
    (spec,) = [spec for spec in STAGES if spec.stage == stage]
    assert spec.timeout >= pricing.ANSWERS * manner.seconds + rest
    assert dict(tasks())[spec.construct_id]["TimeoutSeconds"] > spec.timeout


@pytest.mark.parametrize("name", ["Transcribe", "Stitch"])
def test_the_largest_recording_fits_into_tmp_with_what_is_made_of_it(template: Template, name: str) -> None:
    assert template.functions()[name]["EphemeralStorage"]["Size"] * 2**20 > 1.5 * LARGEST_RECORDING


@pytest.mark.parametrize("spec", [spec for spec in STAGES if spec.needs_ffmpeg], ids=lambda spec: spec.stage)
def test_what_is_written_to_tmp_is_gone_after_the_invocation(spec: FunctionSpec) -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "functions" / spec.stage).glob("*.py"))
    assert "tempfile.TemporaryDirectory()" in code
    assert not re.search(r"mkdtemp|mkstemp|NamedTemporaryFile|[\"']/tmp", code)


def test_the_machine_waits_longer_than_the_function_may_run(template: Template) -> None:
    invoking = {name: state for name, state in tasks(PIPELINE) if state["Resource"].endswith("lambda:invoke")}
    limits = {name: template.functions()[function_of(state)]["Timeout"] for name, state in invoking.items()}
    assert {name for name, state in invoking.items() if state["TimeoutSeconds"] <= limits[name]} == set()


def test_the_api_answers_before_api_gateway_gives_up(template: Template) -> None:
    assert template.functions()["Api"]["Timeout"] <= 29


def test_every_function_is_in_a_known_shape(template: Template) -> None:
    shapes: list[dict[str, Any]] = list(template.functions().values())
    assert {shape["Runtime"] for shape in shapes} == {"python3.14"}
    assert {tuple(shape["Architectures"]) for shape in shapes} == {("arm64",)}
