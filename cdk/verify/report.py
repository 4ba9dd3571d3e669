"""The tables that an operator reads: what will be tried and what it costs, and what came of it.

Touches the console that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cdk.verify.answers import Check, Verdict


def show_prices(console: Console, checks: Sequence[Check]) -> None:
    """Print what will be tried and the most that each call, and all of them, can cost."""
    table = Table("check", "costs at most (USD)", "expected", title="What will be tried")
    for check in checks:
        table.add_row(check.name, f"{check.price:.4f}", escape(check.expects))
    console.print(table)
    console.print(f"All together cost at most {total(checks):.4f} USD.")


def show_verdicts(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print what was expected, what came, and where they differ."""
    table = Table("check", "expected", "came", "verdict", title="What came")
    for verdict in verdicts:
        words = "as expected" if verdict.is_as_expected else "DIFFERS"
        table.add_row(verdict.check.name, escape(verdict.check.expects), escape(verdict.answer.words), words)
    console.print(table)
    differing = sum(not verdict.is_as_expected for verdict in verdicts)
    console.print(f"{differing} of {len(verdicts)} answers differ from what the code expects.")


def total(checks: Sequence[Check]) -> float:
    """Return the most that all checks can cost, in USD."""
    return round(sum(check.price for check in checks), 6)
