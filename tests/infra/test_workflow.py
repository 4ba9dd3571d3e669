"""The state machine: the file as it is, every placeholder filled, a log without contents."""

from __future__ import annotations

import re

from cdk.workflow import DEFINITION, PACES
from tests.infra.conftest import Template, function_of, tasks, text

KIND = "AWS::StepFunctions::StateMachine"


def test_the_definition_is_the_file(template: Template) -> None:
    assert template.only(KIND)["DefinitionString"] == DEFINITION.read_text(encoding="utf-8")


def test_placeholders_and_substitutions_are_the_same(template: Template) -> None:
    machine = template.only(KIND)
    placeholders = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
    assert placeholders == set(machine["DefinitionSubstitutions"])


def test_a_state_calls_the_function_of_its_name(template: Template) -> None:
    substitutions = template.only(KIND)["DefinitionSubstitutions"]
    function_by_state = {
        name: function_of(state) for name, state in tasks() if state["Resource"].endswith("lambda:invoke")
    }
    assert function_by_state == {name: "Settle" if name.startswith("Tell") else name for name in function_by_state}
    assert {f: text(substitutions[f"{f}FunctionArn"]) for f in function_by_state.values()} == {
        f: f"<{f}>" for f in function_by_state.values()
    }


def test_the_pace_is_four_bounded_parameters(template: Template) -> None:
    numbers = {name: p for name, p in template.body["Parameters"].items() if p["Type"] == "Number"}
    assert set(numbers) == set(PACES)
    for name, parameter in numbers.items():
        assert parameter["MinValue"] <= parameter["Default"] <= parameter["MaxValue"], name
        assert template.only(KIND)["DefinitionSubstitutions"][name] == {"Ref": name}


def test_the_machine_takes_task_tokens_and_is_traced(template: Template) -> None:
    machine = template.only(KIND)
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["TracingConfiguration"] == {"Enabled": True}


def test_the_log_holds_every_event_and_no_contents(template: Template) -> None:
    logging = template.only(KIND)["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    (destination,) = logging["Destinations"]
    assert destination["CloudWatchLogsLogGroup"]["LogGroupArn"] == {"Fn::GetAtt": ["PipelineLogs", "Arn"]}
    group = template.of_type("AWS::Logs::LogGroup")["PipelineLogs"]
    assert group["LogGroupName"].startswith("/aws/vendedlogs/states/")
