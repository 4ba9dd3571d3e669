"""The MCP server: the tools, what an agent's host is told of them, and its two transports.

Touches standard input and output, or one port of loopback, and what the tools touch.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Literal

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import AnyHttpUrl

from local.agents.kinds import KINDS, Kind
from local.agents.tools import Tools
from local.api_client import ApiClient, ApiError
from shared.errors import ReelwrightError

NAME = "reelwright"
INSTRUCTIONS = (
    "Reelwright makes short captioned videos of recordings of speech. Clips cost real money: tell the price that a "
    "tool answers, and confirm only what your person has agreed to. A usual way: upload, estimate, make_video with the "
    "goal plan or draft, show_plan, edit_plan, run, status, retake, export; of a long recording: find_moments, "
    "show_moments, make_clips; make_variant has a finished video in another format, choose_cover and share show it."
)
# What reads a file of this machine: for an agent of this machine only.
ON_THIS_MACHINE = ("upload_recording", "upload_transcript", "upload_font", "upload_picture", "upload_music")
ELSEWHERE = ("create_upload",)
HINTS: dict[Kind, ToolAnnotations] = {
    "reads": ToolAnnotations(read_only_hint=True),
    "changes": ToolAnnotations(read_only_hint=False, destructive_hint=False),
    "buys": ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=True),
    "deletes": ToolAnnotations(read_only_hint=False, destructive_hint=True),
    "publishes": ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=True),
    "stops": ToolAnnotations(read_only_hint=False, destructive_hint=True),
}


class ApiTokens(TokenVerifier):
    """Takes what the API takes: a token is good when the API lists videos for it."""

    def __init__(self, url: str) -> None:
        """`url` is the API's."""
        self._url = url

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the token's access, or None when the API does not know it; raises ApiError when it cannot be asked."""
        client = ApiClient(self._url, lambda: token)
        try:
            await asyncio.to_thread(client.call, "GET", "/videos?limit=1")
        except ApiError as error:
            if error.status in (401, 403):
                return None
            raise
        return AccessToken(token=token, client_id=NAME, scopes=[])


def of_user(api: ApiClient) -> MCPServer[Any]:
    """Return the server for one user, whose API it is."""
    return _with_tools(MCPServer(NAME, **_card()), Tools(lambda: api), without=ELSEWHERE)


def of_callers(url: str) -> MCPServer[Any]:
    """Return the server for whoever brings a token of the API at `url`."""
    issuer = AuthSettings(issuer_url=AnyHttpUrl(url), resource_server_url=None)
    server: MCPServer[Any] = MCPServer(NAME, token_verifier=ApiTokens(url), auth=issuer, **_card())
    return _with_tools(server, Tools(lambda: ApiClient(url, _token)), without=ON_THIS_MACHINE)


def _card() -> dict[str, Any]:
    level: Literal["WARNING"] = "WARNING"
    return {"version": version("reelwright"), "instructions": INSTRUCTIONS, "log_level": level}


def _token() -> str:
    access = get_access_token()
    return access.token if access else ""


def _with_tools(server: MCPServer[Any], tools: Tools, without: Sequence[str]) -> MCPServer[Any]:
    for name, kind in KINDS.items():
        if name not in without:
            server.add_tool(_with_refusals(getattr(tools, name)), annotations=HINTS[kind])
    return server


def _with_refusals(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Return the tool with its refusals as the protocol's: with their name, so that an agent can tell them apart."""

    @functools.wraps(tool)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except ApiError as error:
            raise ToolError(f"{error.code}: {error}") from error
        except ReelwrightError as error:
            raise ToolError(f"{type(error).__name__}: {error}") from error

    return call
