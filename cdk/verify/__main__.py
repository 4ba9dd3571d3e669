"""`make verify`: try on a real deployment, once, the few calls that no emulator can answer, and say what differs.

Buys what it has named the price of and the operator has agreed to; reads the stack, its functions' settings and secret.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import uuid
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError
from rich.console import Console

from cdk import aws_failures, preflight
from cdk.app import STACK
from cdk.verify import report
from cdk.verify.answers import Check, Verdict
from cdk.verify.checks import checks
from cdk.verify.clips import Waiting
from cdk.verify.deployment import NotDeployed, find_deployment
from shared.aws.secrets import stored_in
from shared.errors import ReelwrightError
from shared.models import vertex

AS_EXPECTED = 0
DIFFERS = 1
NOT_STARTED = 2
STOPPED = 130
A_DAY = 86_400


class NotStarted(Exception):
    """Nothing was tried, and nothing bought; the message is one sentence that says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Return AS_EXPECTED, DIFFERS when a provider answered otherwise, or NOT_STARTED when nothing was tried."""
    options = _options(arguments)
    for stream in (sys.stdout, sys.stderr):
        # What was bought is not to be lost for a character that the terminal does not know.
        stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    console = Console()
    notes = Console(stderr=True)
    try:
        selection = _select(_all_checks(options, notes), options.only)
        report.show_prices(console, selection)
        _agree(options.yes, report.total(selection))
    except (NotStarted, NotDeployed, ReelwrightError) as error:
        print(error, file=sys.stderr)
        return NOT_STARTED
    try:
        verdicts = [_attempt(check, notes) for check in selection]
    except KeyboardInterrupt:
        print("Stopped; an operation that is named above goes on, and may be charged.", file=sys.stderr)
        return STOPPED
    report.show_verdicts(console, verdicts)
    return AS_EXPECTED if all(verdict.is_as_expected for verdict in verdicts) else DIFFERS


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m cdk.verify", description=main.__doc__)
    parser.add_argument("--yes", action="store_true", help="agree to the price")
    parser.add_argument("--stack", default=STACK, help="the stack's name (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="this check alone; again for more")
    parser.add_argument("--pace", type=_seconds, default=10, metavar="SECONDS", help="between two looks at a clip")
    parser.add_argument("--patience", type=_seconds, metavar="SECONDS", help="for a clip (default: the deployment's)")
    return parser.parse_args(arguments)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= A_DAY:
        raise argparse.ArgumentTypeError(f"it must be seconds, more than 0 and at most {A_DAY}, not {text!r}")
    return value


def _all_checks(options: argparse.Namespace, notes: Console) -> tuple[Check, ...]:
    session = _session()
    deployment = find_deployment(session, options.stack)
    secrets = stored_in(deployment.secret_arn)
    # A secret that is not filled in is found before anything is bought.
    vertex.client(secrets.get())
    patience = options.patience or deployment.patience
    waiting = Waiting(options.pace, patience, lambda words: notes.print(words, soft_wrap=True, markup=False))
    return checks(deployment, secrets, uuid.uuid4().hex[:12], waiting)


def _session() -> Any:
    # The CDK CLI reads this variable; boto3 by itself does not.
    try:
        boto3.setup_default_session(region_name=os.environ.get("AWS_REGION"))
        session: Any = boto3.Session(region_name=os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        raise NotStarted(aws_failures.of_session(error)) from error
    if missing := preflight.unreachable(session):
        raise NotStarted(missing)
    return session


def _select(candidates: tuple[Check, ...], names: Sequence[str]) -> tuple[Check, ...]:
    if unknown := set(names) - {check.name for check in candidates}:
        choices = ", ".join(check.name for check in candidates)
        raise NotStarted(f"There is no check {', '.join(sorted(unknown))}; choose from {choices}.")
    return tuple(check for check in candidates if not names or check.name in names)


def _agree(has_agreed: bool, usd: float) -> None:
    """Return if the operator agrees to the price; raise NotStarted if not, or if nobody can be asked."""
    if has_agreed:
        return
    if not sys.stdin.isatty():
        raise NotStarted("Nothing was bought: there is no terminal to ask on; agree to the price with --yes.")
    try:
        answer = input(f"Spend up to {usd:.4f} USD at the providers? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise NotStarted("Nothing was bought.")


def _attempt(check: Check, notes: Console) -> Verdict:
    notes.print(f"{check.name} ...", soft_wrap=True)
    # The functions' code writes its metrics to standard output, where nobody reads them here.
    with redirect_stdout(io.StringIO()):
        return Verdict(check, check.run())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
