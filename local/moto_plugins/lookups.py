"""Let moto look up once what it looks up at every request: methods by name, services by host, expressions by text.

Touches names of moto's modules and methods of its classes in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto ships no types, and some of what is replaced is private.

from __future__ import annotations

from collections import deque
from functools import cache, lru_cache
from typing import Any

from moto.core import responses, utils
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

# Expressions that are remembered; each is some hundred bytes.
MOST = 4096

_original_names = utils.method_names_from_class
_original_words = utils.camelcase_to_underscores
_original_backend = DomainDispatcherApplication.get_backend_for_host
_original_make = UpdateExpressionParser.make.__func__
_original_lex = ConditionExpressionParser._lex_condition_expression
_MAP = "_map_once"


def _backend_for_host(self: Any, host: str | None) -> Any:
    backends = self.__dict__.setdefault("_backends_by_host", {})
    if host not in backends:
        # Hosts are made up of a service and a region, and both are the caller's words.
        if len(backends) >= MOST:
            backends.clear()
        backends[host] = _original_backend(self, host)
    return backends[host]


@lru_cache(maxsize=MOST)
def _syntax(expression: str) -> Any:
    return _original_make(UpdateExpressionParser, expression)


def _make(_cls: Any, expression: str) -> Any:
    # Whoever changes a syntax tree, copies it first.
    return _syntax(expression)


@lru_cache(maxsize=MOST)
def _tokens(expression: str) -> tuple[Any, ...]:
    return tuple(_original_lex(ConditionExpressionParser(expression, None, None)))


def _lex(self: Any) -> deque[Any]:
    return deque(_tokens(self.condition_expression))


def _processing_map(self: Any) -> dict[Any, Any]:
    attributes = self.__dict__
    if _MAP not in attributes:
        attributes[_MAP] = self._processing_map()
        attributes[_MAP + "_kinds"] = tuple(attributes[_MAP])
    return attributes[_MAP]


def _kinds(self: Any) -> tuple[Any, ...]:
    _processing_map(self)
    return self.__dict__[_MAP + "_kinds"]


def _process(self: Any, node: Any) -> Any:
    for kind, process in _processing_map(self).items():
        if isinstance(node, kind):
            return process(node)
    return None


# By whom and by what name it is looked up, and what does it quickly.
QUICK: tuple[tuple[Any, str, Any], ...] = (
    (responses, "method_names_from_class", cache(_original_names)),
    (responses, "camelcase_to_underscores", lru_cache(MOST)(_original_words)),
    (DomainDispatcherApplication, "get_backend_for_host", _backend_for_host),
    (UpdateExpressionParser, "make", classmethod(_make)),
    (ConditionExpressionParser, "_lex_condition_expression", _lex),
    (DepthFirstTraverser, "nodes_to_be_processed", _kinds),
    (DepthFirstTraverser, "process", _process),
)


def install() -> None:
    """Put all of it in place; calling it again changes nothing."""
    for owner, name, quick in QUICK:
        setattr(owner, name, quick)
