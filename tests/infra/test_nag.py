"""cdk-nag finds what is accepted and nothing else, in whatever way the stack is deployed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cdk import app as program
from cdk import nag
from cdk.app import NO_BUNDLING, STACK, build, check, default_context
from cdk.config import DeployConfig
from tests.infra.test_beside import EXISTING, SIGNING_SECRET
from tests.infra.test_config import CERTIFICATE

EVERYTHING = {key: value for existing in EXISTING.values() for key, value in existing.context.items()}
OWN_DOMAIN = {"siteOrigin": "https://video.example.com", "siteCertificateArn": CERTIFICATE}
DEPLOYMENTS: dict[str, dict[str, str]] = {
    "default": {},
    "beside everything": EVERYTHING,
    "beside everything without a site": EVERYTHING | {"site": "off"},
    "guarded, with a domain": OWN_DOMAIN | {"webAcl": "true"},
    "with e-mail": {"mailFrom": "video@example.com"},
    "with signatures": {"signingSecretArn": SIGNING_SECRET},
}


@pytest.mark.parametrize("context", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_the_rules_find_nothing_that_is_not_accepted(tmp_path: Path, page: Path, context: dict[str, str]) -> None:
    app = build({**default_context(), **NO_BUNDLING, **context}, tmp_path, page=page)
    check(app)
    app.synth()


@pytest.mark.parametrize("context", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_nothing_is_accepted_that_the_rules_do_not_find(tmp_path: Path, page: Path, context: dict[str, str]) -> None:
    app: Any = build({**default_context(), **NO_BUNDLING, **context}, tmp_path, page=page)
    nag.add_rules(app)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    acceptances = nag.findings_to_accept(app.node.find_child(STACK), DeployConfig.from_context(context))
    assert findings(tmp_path / "validation-report.json") == {
        (acceptance.rule, name) for acceptance in acceptances for name in acceptance.constructs
    }


def findings(report: Path) -> set[tuple[str, str]]:
    violations = [
        violation for plugin in json.loads(report.read_text())["pluginReports"] for violation in plugin["violations"]
    ]
    return {
        (violation["ruleName"], construct["constructPath"].split("/")[1])
        for violation in violations
        for construct in violation["violatingConstructs"]
    }


@pytest.mark.parametrize("by_the_cli", [False, True])
def test_make_synth_checks_and_a_deployment_is_not_kept_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_the_cli: bool
) -> None:
    acts: list[str] = []

    def build_app(*_: object) -> SimpleNamespace:
        return SimpleNamespace(synth=lambda: acts.append("synth"))

    def check_app(*_: object) -> None:
        acts.append("check")

    monkeypatch.delenv(program.CLI_OUTPUT, raising=False)
    if by_the_cli:
        monkeypatch.setenv(program.CLI_OUTPUT, str(tmp_path))
    monkeypatch.setattr(program, "write_local_template", lambda: acts.append("template"))
    monkeypatch.setattr(program, "build", build_app)
    monkeypatch.setattr(program, "check", check_app)
    program.main([])
    assert acts == (["synth"] if by_the_cli else ["template", "check", "synth"])
