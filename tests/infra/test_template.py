"""The template as a whole: committed, free of what changes by itself, accepted by AWS's linter."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path

from cdk.app import LOCAL_TEMPLATE, default_context, write_local_template
from cdk.app import template as synthesised
from tests.infra.conftest import ROOT, Template


def test_the_committed_template_is_current(tmp_path: Path) -> None:
    write_local_template(tmp_path / "template.json")
    current = (tmp_path / "template.json").read_text(encoding="utf-8")
    assert LOCAL_TEMPLATE.read_text(encoding="utf-8") == current, "run `make synth` and commit local/template.json"


def test_nothing_in_it_changes_without_the_infrastructure(template: Template) -> None:
    code = [f["Code"] for f in template.functions().values()] + [template.properties_of("FfmpegLayer")["Content"]]
    assert {asset["S3Bucket"] for asset in code} == {"asset"}
    assert {asset["S3Key"] for asset in code} == {f"asset/{n}.zip" for n in (*template.functions(), "FfmpegLayer")}
    assert not re.search(r"[0-9a-f]{64}", json.dumps(template.body))
    assert "AWS::CDK::Metadata" not in json.dumps(template.body)


def test_names_are_those_of_the_code(template: Template) -> None:
    # API Gateway's deployment must change its name with the API; the permission is named by CDK.
    names_with_hash = {name for name in template.resources if re.search(r"[0-9A-F]{8}$|[0-9a-f]{32}$", name)}
    assert {template.resources[name]["Type"] for name in names_with_hash} == {
        "AWS::ApiGateway::Deployment",
        "AWS::Lambda::Permission",
    }


def test_another_architecture_and_origin_are_taken_everywhere() -> None:
    stack = Template(
        synthesised({**default_context(), "architecture": "x86_64", "siteOrigin": "https://video.example.com"})
    )
    assert {tuple(f["Architectures"]) for f in stack.functions().values()} == {("x86_64",)}
    assert stack.properties_of("FfmpegLayer")["CompatibleArchitectures"] == ["x86_64"]
    assert "localhost" not in json.dumps(stack.body)


def test_the_linter_accepts_it(template: Template, tmp_path: Path) -> None:
    body = copy.deepcopy(template.body)
    # The linter's schema of the definition does not know that this number may be an expression.
    definition = body["Resources"]["Pipeline"]["Properties"]["DefinitionString"]
    with_number = re.sub(r'("MaxConcurrency": )"{%.*?%}"', r"\1 1", definition)
    body["Resources"]["Pipeline"]["Properties"]["DefinitionString"] = with_number
    assert definition != body["Resources"]["Pipeline"]["Properties"]["DefinitionString"]
    file = tmp_path / "template.json"
    file.write_text(json.dumps(body))
    # W3005: CDK's own DependsOn says what a reference says already.
    linter = Path(sys.executable).with_name("cfn-lint")
    process = subprocess.run(
        [linter, "--ignore-checks", "W3005", "--", file], capture_output=True, text=True, check=False
    )
    assert (process.stdout, process.stderr, process.returncode) == ("", "", 0)


def test_the_list_of_differences_names_tests_that_exist() -> None:
    references = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8"))
    assert references
    for file, name in references:
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
