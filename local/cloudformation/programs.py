"""Let moto read a state machine's definition once: it does so anew for every execution, a tenth of its work.

Touches two attributes of moto's classes in this process, and remembers what the definitions say.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, cast

from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

_original_parse = AmazonStateLanguageParser.parse
_original_key = cast(Any, EvalComponent.heap_key).fget
_drawing = threading.Lock()


@lru_cache(maxsize=32)
def _parse(definition: str) -> tuple[Any, Any]:
    # What is read keeps nothing of an execution, which has an environment of its own; hundreds at once would starve
    # all else.
    return _original_parse(definition)


def _key(self: Any) -> str:
    # By it a part of the definition finds what is its own in the environment. Two executions at once would draw two.
    with _drawing:
        return _original_key(self)


REPAIRS: tuple[tuple[Any, str, Any], ...] = (
    (AmazonStateLanguageParser, "parse", staticmethod(_parse)),
    (EvalComponent, "heap_key", property(_key)),
)
