"""Let state machines wait a share of what their definition says, where nothing real is waited for.

Touches two methods of moto's Step Functions classes, in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto ships no types, and the methods to replace are private ones.

from __future__ import annotations

import time
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry.jitter_strategy_decl import JitterStrategyDecl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

_original_jitter = JitterStrategyDecl._eval_body


def install(share: float) -> None:
    """Wait `share` of every Wait state and of every pause between two tries from now on; 1 is all of it."""

    def wait(_self: Any, env: Any, wait_seconds: float) -> None:
        # moto counts what it waited in whole seconds, and waits again for a second that was over a moment early.
        end = time.monotonic() + share * wait_seconds
        while env.is_running() and (left := end - time.monotonic()) > 0:
            env.program_state_event.wait(left)

    def jitter(self: Any, env: Any) -> None:
        # The last word on a pause, after the interval, the rate and the longest delay have had theirs.
        _original_jitter(self, env)
        env.stack[-1] *= share

    setattr(WaitFunction, "_wait_interval", wait)  # noqa: B010 - methods of other types to a type checker
    setattr(JitterStrategyDecl, "_eval_body", jitter)  # noqa: B010
